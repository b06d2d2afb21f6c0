import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { allHold, type Bar } from '../../bench/bars.ts'
import { writeSection } from './proof.ts'

// Whoever stops this program stops what it has started: its processes are ended at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** Says what happens, with the seconds since the program began. */
export const tell = (line: string): void => {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} s  ${line}\n`)
}

/** Commit, machine and load, without which figures say nothing. To be asked before the run. */
export const circumstances = (options: string, about: string): string => {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const load = loadavg().map((average) => average.toFixed(1))
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  return `\`npm run test:chaos -- ${options}\`, ${about}, ${date} UTC, commit ${commit}, ${cpus().length} cores, Node ${process.version}, load average before the start ${load.join(', ')}:`
}

export interface Result {
  /** Under which it stands in docs/proof.md. */
  readonly name: string
  readonly section: string
  readonly bars: readonly Bar[]
  readonly write: boolean
}

/** Shows what was measured, writes it down if that is wanted, and ends: 1 when a bar is missed. */
export const conclude = async ({ name, section, bars, write }: Result): Promise<never> => {
  process.stdout.write(`${section}\n`)
  if (write) await writeSection(name, section)
  process.exit(allHold(bars) ? 0 : 1)
}
