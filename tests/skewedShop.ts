import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { takeSnapshot } from '../commands/dumpState/take.ts'
import { seed } from '../commands/seed/seed.ts'
import { readConfig, subgraphNames, type UnitName, unitNames, urlVariable } from '../platform/config.ts'
import { type Clock, type Millis, seconds } from '../platform/kernel/time.ts'
import { makeLog } from '../platform/log.ts'
import { startProvider } from '../provider/server.ts'
import { startShop } from '../shop.ts'
import { freePorts } from './ports.ts'
import { providerSecret, quickEnv } from './shop.ts'
import { freshPrefix } from './subgraph.ts'

/** How wrong a clock is: ahead by so much now (negative: behind), and a tenth faster or slower until it is wrong by `most`. */
export interface Fault {
  readonly aheadMs: Millis
  readonly most: Millis
}

const rate = 0.1

/** A clock as a machine has it that nobody sets: a tenth too fast or too slow. */
const makeFaultyClock = (common: () => Millis) => {
  let fault: Fault = { aheadMs: 0, most: 0 }
  let since = 0
  const errorNow = (): Millis => {
    const { aheadMs, most } = fault
    const drifted = Math.abs(aheadMs) + (Date.now() - since) * rate
    return Math.sign(aheadMs) * Math.min(drifted, most)
  }
  const clock: Clock = { now: () => Math.round(Date.now() + common() + errorNow()) }
  return {
    clock,
    become: (next: Fault): void => {
      fault = next
      since = Date.now()
    },
  }
}

/** Every unit apart, each with a clock of its own; all of them right at first. */
export const startSkewed = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const ports = await freePorts(subgraphNames.length)
  const urls = subgraphNames.map((name, index) => [name, `http://127.0.0.1:${ports[index]}/graphql`] as const)
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  const env = {
    ...quickEnv,
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: providerSecret,
    PROVIDER_TIMEOUT_MS: '5000',
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: '0',
    ...Object.fromEntries(urls.map(([name, url]) => [urlVariable(name), url])),
  }
  const lines: string[] = []
  const log = makeLog('warn', { write: (line) => void lines.push(JSON.parse(line).msg) })
  let common = 0
  const clocks = Object.fromEntries(unitNames.map((unit) => [unit, makeFaultyClock(() => common)])) as Record<
    UnitName,
    ReturnType<typeof makeFaultyClock>
  >
  const parts = await Promise.all(
    [...subgraphNames, 'workers' as const].map((unit) =>
      startShop(readConfig(env, [unit]), { clock: clocks[unit].clock, log }),
    ),
  )
  const seeder = await startShop(readConfig(env, ['users', 'products', 'pricing']), { attach: true })
  await seed(seeder.callAs('seed'))
  await seeder.stop()
  const gateway = await startShop(readConfig(env, ['gateway']), { clock: clocks.gateway.clock, log })
  const url = gateway.url ?? ''
  provider.deliverTo(`${url}/webhooks/payments/sandbox`)
  const right: Fault = { aheadMs: 0, most: 0 }
  return {
    url,
    lines,
    /** The clocks of these units are wrong from now on, all others are right. */
    setWrong: (faults: Partial<Record<UnitName, Fault>>): void => {
      for (const unit of unitNames) clocks[unit].become(faults[unit] ?? right)
    },
    /** Time passes everywhere. */
    pass: (ms: Millis): void => {
      common += ms
    },
    snapshot: () => takeSnapshot(readConfig(env, ['workers'])),
    stop: async (): Promise<void> => {
      await gateway.stop()
      await Promise.all(parts.map((part) => part.stop()))
      await provider.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** So far may two clocks be apart: the 30 s that calls may be late, less what a busy machine takes for them. */
export const boundMs = seconds(25)
