import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')

/** A program that is started again whenever it dies. */
export interface Program {
  readonly name: string
  /** What to run; absent: Node. */
  readonly command?: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Found in what it prints once it works. */
  readonly ready: string
  /** Where to write down all that it prints; null: nowhere. */
  readonly logFile: string | null
}

export interface Supervised {
  readonly name: string
  /** How long it took from each kill until it worked again. */
  readonly recoveriesMs: readonly number[]
  kill(): void
  freeze(ms: number): Promise<void>
  /** Dead for so long, and only then started again. */
  leaveDown(ms: number): Promise<void>
  /** Settles when it works; at once when it does. */
  whenReady(): Promise<void>
  stop(): Promise<void>
}

/** A busy machine needs long for a dozen processes at once. */
const readyWithinMs = 120_000
const tailLength = 4_000

/** Nothing of ours outlives us, however we end. */
const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** One life of a program. */
const launch = ({ command = process.execPath, args, env, ready, logFile }: Program) => {
  const child: ChildProcess = spawn(command, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const works = Promise.withResolvers<void>()
  const collect = (chunk: Buffer): void => {
    output = (output + String(chunk)).slice(-tailLength)
    if (logFile) appendFileSync(logFile, chunk)
    if (output.includes(ready)) works.resolve()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  // A program that dies before it works is somebody else's affair: its supervisor starts it again.
  works.promise.catch(() => undefined)
  alive.add(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void ended.then(() => alive.delete(child))
  const state = (): string => {
    const { pid, exitCode, signalCode } = child
    return `process ${pid}, ${exitCode === null && signalCode === null ? 'running' : `ended with ${signalCode ?? exitCode}`}`
  }
  return { child, works: works.promise, ended, state, output: () => output }
}

/** Starts a program and keeps it alive. @throws with what it printed when it does not work within two minutes. */
export const supervise = async (program: Program): Promise<Supervised> => {
  let stopping = false
  let life = launch(program)
  let isReady = Promise.withResolvers<void>()
  const recoveriesMs: number[] = []
  let restarts = 0
  /** What a start waits for. */
  let held: Promise<unknown> = Promise.resolve()

  const watch = async (since: number | null): Promise<void> => {
    const own = life
    void own.works.then(() => {
      if (own !== life) return
      if (since !== null) recoveriesMs.push(performance.now() - since)
      isReady.resolve()
    })
    await own.ended
    if (stopping) return
    isReady = Promise.withResolvers()
    await held
    if (stopping) return
    restarts += 1
    const died = performance.now()
    life = launch(program)
    void watch(died)
  }
  void watch(null)

  const whenReady = async (): Promise<void> => {
    const late = AbortSignal.timeout(readyWithinMs)
    while (!late.aborted) {
      const waiting = isReady
      if (await Promise.race([waiting.promise.then(() => true), setTimeout(500, false)])) return
    }
    throw new Error(`${program.name} does not work (${life.state()}, restarted ${restarts} times):\n${life.output()}`)
  }

  const stop = async (): Promise<void> => {
    stopping = true
    const { child, ended } = life
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    const force = setTimeout(15_000, null, { ref: false }).then(() => child.kill('SIGKILL'))
    await Promise.race([ended, force.then(() => ended)])
  }

  const supervised = {
    name: program.name,
    recoveriesMs,
    kill: () => void life.child.kill('SIGKILL'),
    freeze: async (ms: number) => {
      const { child } = life
      child.kill('SIGSTOP')
      await setTimeout(ms)
      child.kill('SIGCONT')
    },
    leaveDown: async (ms: number) => {
      held = setTimeout(ms)
      life.child.kill('SIGKILL')
      await held
    },
    whenReady,
    stop,
  }
  await whenReady().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return supervised
}
