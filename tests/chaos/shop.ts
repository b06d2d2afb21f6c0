import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '../../commands/dumpState/snapshot.ts'
import { openReader, type StateReader } from '../../commands/dumpState/take.ts'
import { startFront } from '../../commands/fleet/front.ts'
import { compileAhead } from '../../commands/fleet/program.ts'
import { findRedis } from '../../commands/fleet/redis.ts'
import { seed } from '../../commands/seed/seed.ts'
import { readConfig } from '../../platform/config.ts'
import { makeLog } from '../../platform/log.ts'
import { startShop } from '../../shop.ts'
import { freePorts } from '../ports.ts'
import { planMembers, portsFor } from './members.ts'
import { type Program, type Supervised, supervise } from './processes.ts'
import { type AtTheProvider, atTheProvider } from './provider.ts'

const secret = 'shared with the provider of the chaos'

/** A shop whose every part may die at any moment and comes back. */
export interface MortalShop extends AtTheProvider {
  readonly url: string
  readonly processes: readonly Supervised[]
  /** The process with this name; in a fleet the first of its kind. */
  named(name: string): Supervised
  /** Where a fleet has its Redis; null: it has none. */
  readonly redisUrl: string | null
  snapshot(): Promise<Snapshot>
  stop(): Promise<void>
}

export interface MortalOptions {
  /** A folder for what the processes print, from warnings on. */
  readonly logs?: string
  /** Two of each unit over a real Redis, which is a process like the others; false: one of each, and no Redis. */
  readonly isFleet?: boolean
}

const redisProgram = (): string => {
  const program = findRedis()
  if (program === null) throw new Error('a fleet needs a redis-server, and this machine has none')
  return program
}

/** The shop as separate processes over the embedded database, itself a process, and the payment provider, another one. */
export const startMortalShop = async ({ logs, isFleet = false }: MortalOptions = {}): Promise<MortalShop> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-chaos-'))
  const copies = isFleet ? 2 : 1
  const [front = 0, database = 0, provider = 0, redis = 0, ...ports] = await freePorts(4 + portsFor(copies))
  const plan = planMembers(copies, ports)
  const url = isFleet ? `http://127.0.0.1:${front}` : (plan.gateways[0] ?? '')
  const providerUrl = `http://127.0.0.1:${provider}`
  const redisUrl = isFleet ? `redis://127.0.0.1:${redis}` : null
  const webhooks = `${url}/webhooks/payments/sandbox`
  const env = {
    SEED: 'off',
    LOG_LEVEL: logs ? 'warn' : 'silent',
    MONGODB_URL: `mongodb://127.0.0.1:${database}/?replicaSet=rs0&directConnection=true`,
    DATA_DIR: dataDir,
    PROVIDER_URL: providerUrl,
    PROVIDER_SECRET: secret,
    // Everybody lives at one address.
    ATTEMPTS_PER_ADDRESS: '1000000',
    COST_BUCKET: '1000000000',
    // Who is stopped in the end is asked for nothing any more.
    DRAIN_MS: '0',
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...plan.env,
  }
  /** In the order in which they start. */
  const servers: Supervised[] = []
  const units: Supervised[] = []
  const begin = (program: Omit<Program, 'logFile'>): Promise<Supervised> =>
    supervise({ ...program, logFile: logs ? join(logs, `${program.name}.log`) : null })
  let reader: StateReader | null = null
  let inFront: Awaited<ReturnType<typeof startFront>> | null = null
  const stop = async (): Promise<void> => {
    await reader?.stop()
    await inFront?.stop()
    await Promise.all(units.map((one) => one.stop()))
    // The database last: whoever still writes may do so.
    for (const one of servers.toReversed()) await one.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  const at = (port: number): string[] => ['--port', String(port)]
  const folder = join(dataDir, 'database')
  const books = ['--file', join(dataDir, 'books.sqlite'), '--secret', secret, '--webhooks', webhooks]
  try {
    const databaseArgs = ['devdb/main.ts', ...at(database), '--host', '127.0.0.1', '--data', folder]
    servers.push(await begin({ name: 'database', args: databaseArgs, env, ready: '"url"' }))
    const providerArgs = ['provider/main.ts', ...at(provider), ...books]
    servers.push(await begin({ name: 'provider', args: providerArgs, env, ready: '"ready"' }))
    if (redisUrl) {
      const args = [...at(redis), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dataDir]
      const ready = 'Ready to accept connections'
      servers.push(await begin({ name: 'redis', command: redisProgram(), args, env: {}, ready }))
    }
    const seeder = await startShop(readConfig(env, ['users', 'products', 'pricing']), {
      attach: true,
      log: makeLog('silent'),
    })
    await seed(seeder.callAs('seed'))
    await seeder.stop()
    await compileAhead(env)
    const begun = plan.members.map(async ({ name, units: own, env: its }) => {
      const unit = await begin({ name, args: ['start.ts', ...own], env: { ...env, ...its }, ready: 'Emporion is open' })
      units.push(unit)
    })
    await Promise.all(begun)
    if (isFleet) inFront = await startFront(plan.gateways, front)
  } catch (error) {
    await stop()
    throw error
  }
  // In an order that does not depend on who was open first: a seed picks from it.
  const processes = [...servers, ...units.toSorted((a, b) => a.name.localeCompare(b.name))]
  return {
    url,
    redisUrl,
    processes,
    named: (name) => {
      const found = processes.find((one) => one.name === name || one.name === `${name}-1`)
      if (!found) throw new Error(`no process is called ${name}`)
      return found
    },
    ...atTheProvider(providerUrl, { webhooks, secret }),
    snapshot: async () => {
      reader ??= await openReader(readConfig(env, ['workers']))
      return reader.take()
    },
    stop,
  }
}
