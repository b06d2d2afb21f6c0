import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { sayTo, waitUntilRedisAnswers } from './redisServer.ts'

export interface SentinelOptions {
  /** Where redis-server is. */
  readonly program: string
  /** What the master is called. */
  readonly name: string
  readonly masterPort: number
  /** How many Sentinels must agree that it is gone. */
  readonly quorum?: number
  /** More lines of its file. */
  readonly lines?: readonly string[]
}

/** A Sentinel that watches a server under a name. */
export const startSentinelProgram = async ({ program, name, masterPort, quorum = 1, lines = [] }: SentinelOptions) => {
  const [port = 0] = await freePorts(1)
  const dir = await mkdtemp(join(tmpdir(), 'emporion-sentinel-'))
  const file = join(dir, 'sentinel.conf')
  const monitor = `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${quorum}`
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, monitor, ...lines, ''].join('\n'))
  const child = spawn(program, [file, '--sentinel'], { stdio: 'ignore' })
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  await waitUntilRedisAnswers(port)
  return {
    port,
    say: (command: string) => sayTo(port, command),
    stop: async () => {
      process.off('exit', killWithUs)
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}
