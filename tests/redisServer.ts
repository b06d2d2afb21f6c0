import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePorts } from './ports.ts'

/** Sends one command over a connection of its own; the answer, if it is short. Rejects when nothing comes for so long. */
export const answerOf = async (port: number, command: string, patienceMs = 10_000): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  try {
    const signal = AbortSignal.timeout(patienceMs)
    await once(socket, 'connect', { signal })
    socket.write(`${command}\r\n`)
    const [answer] = await once(socket, 'data', { signal })
    return String(answer)
  } finally {
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

/** The first line of the answer. */
export const sayTo = async (port: number, command: string): Promise<string> =>
  (await answerOf(port, command)).split('\r\n')[0] ?? ''

export const waitUntilRedisAnswers = async (port: number): Promise<void> => {
  for (;;) {
    const answer = await answerOf(port, 'PING', 1_000).catch(() => '')
    if (/^\+PONG|^-NOAUTH/.test(answer)) return
    await setTimeout(20)
  }
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program that is killed when we end without ending it. */
export const spawnBesideUs = (program: string, args: readonly string[]): ChildProcess => {
  const child = spawn(program, args, { stdio: 'ignore' })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** A Redis server that keeps nothing on disk, to hang, kill and empty. `program`: where it is, e.g. `/usr/bin/redis-server`; `at`: its port. */
export const startRedisProgram = async (program: string, flags: readonly string[] = [], at?: number) => {
  const [free = 0] = at ? [] : await freePorts(1)
  const port = at ?? free
  const dir = await mkdtemp(join(tmpdir(), 'emporion-redis-'))
  let child: ChildProcess
  const start = async (): Promise<void> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    child = spawnBesideUs(program, [...args, '--rdbcompression', 'no', '--dir', dir, ...flags])
    await Promise.race([
      waitUntilRedisAnswers(port),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`redis-server ended with ${code}`))),
    ])
  }
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const kill = async (): Promise<void> => {
    if (!isRunning()) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    say: (command: string) => sayTo(port, command),
    /** Whether a text is anywhere in what the server would write to disk. */
    holds: async (text: string): Promise<boolean> => {
      await sayTo(port, 'SAVE')
      return (await readFile(join(dir, 'dump.rdb'))).includes(text)
    },
    kill,
    /** After `kill`: the server that comes back is empty. One that runs is left alone, or nobody would end it. */
    startAgain: async () => {
      if (!isRunning()) await start()
    },
    hang: (): unknown => child.kill('SIGSTOP'),
    goOn: (): unknown => child.kill('SIGCONT'),
    stop: async () => {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export type RedisProgram = Awaited<ReturnType<typeof startRedisProgram>>
