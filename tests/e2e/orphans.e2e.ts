import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { quickEnv } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

/** A parent as `npm run fleet` is one: it starts a unit and Redis, prints their process ids, and goes on for ever. */
const parent = `
import { launch } from './commands/fleet/program.ts'
import { startRedisServer } from './commands/fleet/redis.ts'
const { env, member, logFile, redis } = JSON.parse(process.argv[1])
const { child } = await launch(member, { env, logFile })
const server = redis.program && (await startRedisServer(redis.program, redis))
console.log(JSON.stringify([child.pid, server?.pid ?? child.pid]))
setInterval(() => undefined, 1_000)
`

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('given a unit and Redis that a fleet has started, when the fleet is killed, then both end by themselves (F12)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emporion-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [port, redisPort] = await freePorts(2)
  const url = `http://127.0.0.1:${port}`
  const env = { ...quickEnv, MONGODB_URL: inject('mongoUrl'), DATABASE_PREFIX: freshPrefix(), DATA_DIR: folder }
  const member = { name: 'pricing-1', units: ['pricing'], probeUrl: url, env: { PRICING_URL: `${url}/graphql` } }
  const redis = { program: inject('redisServer'), port: redisPort, folder }
  const given = JSON.stringify({ env, member, logFile: join(folder, 'log'), redis })
  const fleet = spawn(process.execPath, ['--input-type=module', '-e', parent, given], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(fleet.stdout, 'data')
  const pids = JSON.parse(String(line)) as number[]
  expect(pids.map(isAlive)).toEqual([true, true])

  fleet.kill('SIGKILL')
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false])
})
