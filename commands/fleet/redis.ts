import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const programs = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']

/** The Redis server of this machine; null: it has none. */
export const findRedis = (): string | null => programs.find(existsSync) ?? null

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/**
 * Starts a Redis server of our own that forgets everything when it ends, as any Redis of this shop may (ADR 0019).
 * @throws Error when it ends instead of answering.
 */
export const startRedisServer = async (program: string, { port, folder }: { port: number; folder: string }) => {
  await mkdir(folder, { recursive: true })
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn(program, flags, { stdio: 'ignore', detached: true })
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server at port ${port} has ended with ${child.exitCode}.`)
    await pause(20)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async (): Promise<void> => {
      process.removeListener('exit', killWithUs)
      child.kill('SIGTERM')
      await ended
    },
  }
}
