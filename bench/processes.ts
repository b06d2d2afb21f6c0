import { readFileSync } from 'node:fs'

/** What a process has used so far. */
export interface Usage {
  readonly cpuSeconds: number
  readonly rssMb: number
}

/** /proc counts in USER_HZ, which is 100 per second on every Linux that Node runs on. */
const ticksPerSecond = 100

/** User and system time of a line of `/proc/<pid>/stat`. The name of the program may hold blanks and brackets, so counting starts behind it. */
export const parseCpuSeconds = (stat: string): number => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Fields 14 and 15 of proc(5); the first one behind the name is field 3.
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident memory in a text of `/proc/<pid>/status`. */
export const parseRssMb = (status: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024

/** What a process has used; null where that is not told: on other systems than Linux, or when it is gone. */
export const usageOf = (pid: number): Usage | null => {
  try {
    const [stat, status] = ['stat', 'status'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'))
    return { cpuSeconds: parseCpuSeconds(stat ?? ''), rssMb: parseRssMb(status ?? '') }
  } catch {
    return null
  }
}

/** The processes that are looked at, by name. */
export type Pids = Readonly<Record<string, number>>
export type Usages = Readonly<Record<string, Usage | null>>

/** What each of these processes has used so far. */
export const usagesOf = (pids: Pids): Usages =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid)]))

/** What one process used between two looks at it. */
export interface Consumption {
  readonly cpuSecondsPer1000: number | null
  readonly rssBeforeMb: number
  readonly rssAfterMb: number
}

const consumption = (before: Usage, after: Usage, done: number): Consumption => ({
  cpuSecondsPer1000: done > 0 ? ((after.cpuSeconds - before.cpuSeconds) / done) * 1_000 : null,
  rssBeforeMb: before.rssMb,
  rssAfterMb: after.rssMb,
})

/** What the processes used for `done` requests; a process that could not be read is left out. */
export const consumptions = (before: Usages, after: Usages, done: number): Readonly<Record<string, Consumption>> =>
  Object.fromEntries(
    Object.entries(before).flatMap(([name, start]) => {
      const end = after[name]
      return start && end ? [[name, consumption(start, end, done)]] : []
    }),
  )
