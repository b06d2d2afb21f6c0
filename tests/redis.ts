import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inject, onTestFinished } from 'vitest'
import { readRedis } from '../platform/config/redis.ts'
import { type Log, makeLog } from '../platform/log.ts'
import { startRedis } from '../platform/redis.ts'
import { freePorts } from './ports.ts'
import { freshPrefix } from './subgraph.ts'

/** Whether this machine has a Redis server; where it has none, stories with Redis are left out (in CI they then fail). */
export const hasRedis = (): boolean => inject('redisServer') !== null

/** Sends one command over a connection of its own; the first line of the answer. Rejects when nothing comes within a second. */
const sayTo = async (port: number, command: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  try {
    const signal = AbortSignal.timeout(1_000)
    await once(socket, 'connect', { signal })
    socket.write(`${command}\r\n`)
    const [answer] = await once(socket, 'data', { signal })
    return String(answer).split('\r\n')[0] ?? ''
  } finally {
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

const waitUntilReady = async (port: number): Promise<void> => {
  for (;;) {
    const answer = await sayTo(port, 'PING').catch(() => '')
    if (/^\+PONG|^-NOAUTH/.test(answer)) return
    await setTimeout(20)
  }
}

/** A Redis server that keeps nothing on disk, for a test to hang, kill and empty. */
export const startRedisServer = async (flags: readonly string[] = []) => {
  const [port = 0] = await freePorts(1)
  const dir = await mkdtemp(join(tmpdir(), 'emporion-redis-'))
  let child: ChildProcess
  const start = async (): Promise<void> => {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--rdbcompression',
      'no',
      '--dir',
      dir,
    ]
    child = spawn(inject('redisServer') ?? '', [...args, ...flags], { stdio: 'ignore' })
    await Promise.race([
      waitUntilReady(port),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`redis-server ended with ${code}`))),
    ])
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
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
    /** After `kill`: the server that comes back is empty. */
    startAgain: start,
    hang: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    stop: async () => {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A Sentinel that watches a server under a name. */
export const startSentinel = async (name: string, masterPort: number) => {
  const [port = 0] = await freePorts(1)
  const dir = await mkdtemp(join(tmpdir(), 'emporion-sentinel-'))
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor ${name} 127.0.0.1 ${masterPort} 1\n`)
  const child = spawn(inject('redisServer') ?? '', [file, '--sentinel'], { stdio: 'ignore' })
  await waitUntilReady(port)
  return {
    port,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A line to a server on which everything that comes back is late, until it is mended. */
export const startSlowLine = async (target: number, delayMs: number) => {
  let delay = delayMs
  const sockets = new Set<Socket>()
  const line = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => peer.destroy())
      socket.on('close', () => peer.destroy())
    }
    near.pipe(far)
    far.on('data', (bytes) => void setTimeout(delay).then(() => near.write(bytes)))
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  return {
    port: (line.address() as AddressInfo).port,
    mend: () => {
      delay = 0
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      line.close()
      await once(line, 'close')
    },
  }
}

export type RedisServer = Awaited<ReturnType<typeof startRedisServer>>

/** A connection as a process of the shop has it, closed when the test ends. The same prefix is the same shop. */
export const connectRedis = async (
  { url }: Pick<RedisServer, 'url'>,
  { prefix = freshPrefix(), log = makeLog('silent') }: { readonly prefix?: string; readonly log?: Log } = {},
) => {
  const problems: string[] = []
  const address = readRedis({ REDIS_URL: url }, problems)
  if (!address) throw new Error(problems.join())
  const redis = await startRedis({ address, prefix, log })
  onTestFinished(() => redis.stop())
  return redis
}
