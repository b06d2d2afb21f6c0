import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const programs = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']

/** The Redis server of this machine; null: it has none. */
export const findRedis = (): string | null => programs.find(existsSync) ?? null

/** The second process of its group waits for the end of its input, which is our end, and takes the server along. */
const endsWithUs = 'exec 3<&0 </dev/null; (read -r _ <&3; kill -9 $$) & exec "$0" "$@" 3<&-'

/** Runs a program that ends with us, even when we are killed, and that does not hear Ctrl-C in our terminal. */
export const runBesideUs = (program: string, args: readonly string[]): ChildProcess =>
  spawn('/bin/sh', ['-c', endsWithUs, program, ...args], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })

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
  const child = runBesideUs(program, flags)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server at port ${port} has ended with ${child.exitCode}.`)
    await pause(20)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async (): Promise<void> => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
