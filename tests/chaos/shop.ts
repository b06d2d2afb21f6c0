import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '../../commands/dumpState/snapshot.ts'
import { openReader, type StateReader } from '../../commands/dumpState/take.ts'
import { seed } from '../../commands/seed/seed.ts'
import { readConfig, subgraphNames, type UnitName } from '../../platform/config.ts'
import { makeLog } from '../../platform/log.ts'
import { signatureHeader, signWebhook } from '../../provider/webhooks.ts'
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

/** A text goes out as it is, anything else as JSON. */
const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  })

/** A shop whose every part may die at any moment and comes back. */
export interface MortalShop {
  readonly url: string
  readonly processes: readonly Supervised[]
  /** The process with this name. */
  named(name: string): Supervised
  /** Turns the weather at the payment provider. */
  turn(weather: object): Promise<void>
  /** The buyer does what the provider has asked for, on this page of it. */
  act(page: string): Promise<void>
  /** Webhooks that the provider never sent: with a wrong signature, or of an hour ago. @returns the status of the answer. */
  forge(kind: 'stale' | 'badly signed'): Promise<number>
  snapshot(): Promise<Snapshot>
  stop(): Promise<void>
}

/** `logs`: a folder for what the processes print. The shop as separate processes over the embedded database, itself a process, and the payment provider, another one. */
export const startMortalShop = async (logs: string | null = null): Promise<MortalShop> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-chaos-'))
  const [gateway = 0, database = 0, provider = 0, ...ports] = await freePorts(3 + subgraphNames.length)
  const url = `http://127.0.0.1:${gateway}`
  const providerUrl = `http://127.0.0.1:${provider}`
  const env = {
    SEED: 'off',
    LOG_LEVEL: logs === null ? 'silent' : 'warn',
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
    const logFile = logs && join(logs, `${name}.log`)
    started.push(await supervise({ name, args, env, ready, logFile }))
  }
  let reader: StateReader | null = null
  const stop = async (): Promise<void> => {
    await reader?.stop()
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
    named: (name) => {
      const found = started.find((one) => one.name === name)
      if (!found) throw new Error(`no process is called ${name}`)
      return found
    },
    turn: async (weather) => {
      // A provider that is away at this moment keeps the weather it has.
      await post(`${providerUrl}/adversary`, weather).catch(() => undefined)
    },
    act: async (page) => {
      const charge = page.split('/').at(-1)
      await post(`${providerUrl}/charges/${charge}/authenticate`, {}).catch(() => undefined)
    },
    forge: async (kind) => {
      const body = JSON.stringify({
        id: `evt_${crypto.randomUUID()}`,
        type: 'charge.captured',
        data: { payment: 'pay_x' },
      })
      const signature =
        kind === 'stale' ? signWebhook(secret, body, Date.now() - 3_600_000) : signWebhook('not ours', body, Date.now())
      return (await post(webhooks, body, { [signatureHeader]: signature })).status
    },
    snapshot: async () => {
      reader ??= await openReader(readConfig(env, ['workers']))
      return reader.take()
    },
    stop,
  }
}
