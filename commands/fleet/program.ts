import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Member } from './plan.ts'

const root = join(import.meta.dirname, '../..')

/** A process of the fleet that did not come up, with the last that it said. */
export class MemberFailed extends Error {
  override readonly name = 'MemberFailed'
}

/** A busy machine needs long for a dozen processes at once. */
const readyWithinMs = 120_000
const probeEveryMs = 100
/** The unit itself stops within 25 s (parameters table: Shutdown). */
const stopWithinMs = 30_000
const tailLength = 2_000

/** Nothing of ours outlives us. Who is killed cannot say so: see the channel below. */
const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** Whether the process that answers probes there is ready. */
export const isReady = async (probeUrl: string): Promise<boolean> => {
  try {
    return (await fetch(`${probeUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

/** Compiles what every unit loads, once, before all of them do so at the same moment. */
export const compileAhead = async (env: Readonly<Record<string, string>>): Promise<void> => {
  await promisify(execFile)(process.execPath, ['start.ts', '--compile-ahead'], { cwd: root, env, timeout: 60_000 })
}

export interface Running {
  readonly child: ChildProcess
  /** With what it ended. */
  readonly ended: Promise<string>
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface LaunchOptions {
  readonly env: Readonly<Record<string, string>>
  /** Everything it prints goes there. */
  readonly logFile: string
}

/**
 * Starts one process and waits until it is ready.
 * @throws MemberFailed with what it said last when it ends or is not ready within two minutes.
 */
export const launch = async (member: Member, { env, logFile }: LaunchOptions): Promise<Running> => {
  // A process group of its own: Ctrl-C in a terminal reaches the fleet alone, which then stops its parts in order.
  const child = spawn(process.execPath, ['start.ts', ...member.units], {
    cwd: root,
    env: { ...env, ...member.env },
    // The channel tells it when we are gone, even by SIGKILL: it stops then.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + String(chunk)).slice(-tailLength)
    })
    stream?.pipe(log, { end: false })
  }
  const ended = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => {
      log.end()
      resolve(signal ? `by ${signal}` : `with code ${code}`)
    }),
  )
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await ended
    clearTimeout(force)
  }
  alive.add(child)
  let how: string | null = null
  void ended.then((text) => {
    alive.delete(child)
    how = text
  })
  const until = performance.now() + readyWithinMs
  while (!(await isReady(member.probeUrl))) {
    if (how === null && performance.now() < until) {
      await pause(probeEveryMs)
      continue
    }
    const what = how === null ? 'is not ready' : `has ended ${how}`
    await stop('SIGKILL')
    throw new MemberFailed(`${member.name} ${what}. It said:\n${tail.trim()}`)
  }
  return { child, ended, stop }
}
