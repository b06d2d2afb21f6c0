import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '../../commands/dumpState/snapshot.ts'
import { takeSnapshot } from '../../commands/dumpState/take.ts'
import { seed } from '../../commands/seed/seed.ts'
import { readConfig, subgraphNames, type UnitName } from '../../platform/config.ts'
import { makeLog } from '../../platform/log.ts'
import { startShop } from '../../shop.ts'
import { freePorts } from '../ports.ts'
import { type Supervised, supervise } from './processes.ts'

/** Units that share a process. */
const together: readonly (readonly UnitName[])[] = [
  ['gateway'],
  ['users', 'pricing', 'cart'],
  ['products'],
  ['orders'],
  ['payments'],
  ['workers'],
]

const secret = 'shared with the provider of the chaos'

/** A shop whose every part may die at any moment and comes back. */
export interface MortalShop {
  readonly url: string
  readonly processes: readonly Supervised[]
  /** Turns the weather at the payment provider. */
  turn(weather: object): Promise<void>
  snapshot(): Promise<Snapshot>
  stop(): Promise<void>
}

/** The shop as separate processes over the embedded database, itself a process, and the payment provider, another one. */
export const startMortalShop = async (): Promise<MortalShop> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-chaos-'))
  const [gateway = 0, database = 0, provider = 0, ...ports] = await freePorts(3 + subgraphNames.length)
  const url = `http://127.0.0.1:${gateway}`
  const providerUrl = `http://127.0.0.1:${provider}`
  const env = {
    SEED: 'off',
    LOG_LEVEL: 'silent',
    MONGODB_URL: `mongodb://127.0.0.1:${database}/?replicaSet=rs0&directConnection=true`,
    DATA_DIR: dataDir,
    PORT: String(gateway),
    PROVIDER_URL: providerUrl,
    PROVIDER_SECRET: secret,
    PROVIDER_TIMEOUT_MS: '2000',
    // Everybody lives at one address.
    ATTEMPTS_PER_ADDRESS: '1000000',
    COST_BUCKET: '1000000000',
    // A process that comes back should not compile everything again.
    NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
    ...Object.fromEntries(
      subgraphNames.map((name, index) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[index]}/graphql`]),
    ),
  }
  const started: Supervised[] = []
  const begin = async (name: string, args: readonly string[], ready: string): Promise<void> => {
    started.push(await supervise({ name, args, env, ready }))
  }
  const stop = async (): Promise<void> => {
    // The database last: whoever still writes may do so.
    for (const one of started.toReversed()) await one.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  const folder = join(dataDir, 'database')
  const webhooks = `${url}/webhooks/payments/sandbox`
  try {
    await begin(
      'database',
      ['devdb/main.ts', '--port', String(database), '--host', '127.0.0.1', '--data', folder],
      '"url"',
    )
    await begin(
      'provider',
      [
        'provider/main.ts',
        '--port',
        String(provider),
        '--file',
        join(dataDir, 'books.sqlite'),
        '--secret',
        secret,
        '--webhooks',
        webhooks,
      ],
      '"ready"',
    )
    const config = readConfig(env, ['users', 'products', 'pricing'])
    const seeder = await startShop(config, { attach: true, log: makeLog('silent') })
    await seed(seeder.callAs('seed'))
    await seeder.stop()
    await Promise.all(together.map((units) => begin(units.join('+'), ['start.ts', ...units], 'Emporion is open')))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    processes: started,
    turn: async (weather) => {
      // A provider that is away at this moment keeps the weather it has.
      await fetch(`${providerUrl}/adversary`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(weather),
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined)
    },
    snapshot: () => takeSnapshot(readConfig(env, ['workers'])),
    stop,
  }
}
