import { join } from 'node:path'
import { isCurrency } from '#kernel/money.ts'
import type { CertificateFiles } from './certificate.ts'
import { readCrashPlan, readProviderUrl } from './config/provider.ts'
import { type Env, makeReader } from './config/reader.ts'
import { type RedisAddress, readRedis } from './config/redis.ts'
import { type MetricsConfig, readMetrics, readTracing, type TracingConfig } from './config/seeing.ts'
import { readCorsOrigins, readMailFrom, readMongoUrl, readSmtpUrl, readTls } from './config/settings.ts'
import type { CrashPlan } from './crashPoint.ts'

/** The subgraphs, in the order in which a buyer meets them. Their folders and the registry must agree (architecture test). */
export const subgraphNames = ['users', 'products', 'pricing', 'cart', 'orders', 'payments'] as const
export type SubgraphName = (typeof subgraphNames)[number]
/** The variable that says where a subgraph answers: `ORDERS_URL`. */
export const urlVariable = (name: SubgraphName): string => `${name.toUpperCase()}_URL`
export const isSubgraphName = (name: string): name is SubgraphName => subgraphNames.some((known) => known === name)

/** What one process can run. */
export const unitNames = ['gateway', ...subgraphNames, 'workers'] as const
export type UnitName = (typeof unitNames)[number]

export interface Config {
  readonly production: boolean
  readonly units: readonly UnitName[]
  /** Interface and port of the gateway; port 0 takes a free one. */
  readonly host: string
  readonly port: number
  /** Where each subgraph is found, all of its replicas; a process that runs it apart listens at the port of the first. */
  readonly subgraphUrls: Readonly<Record<SubgraphName, readonly [string, ...string[]]>>
  /** Certificate and key with which the gateway serves HTTPS; null: plain HTTP, for a proxy in front or for this machine only. */
  readonly tls: CertificateFiles | null
  readonly dataDir: string
  /** Null: the embedded database, as a child process with its data under `dataDir`. */
  readonly mongoUrl: string | null
  readonly databasePrefix: string
  /** Where processes share cache, limits, wake-ups and claims of work; null: each keeps its own in memory. */
  readonly redis: RedisAddress | null
  /** Where this process shows its metrics; null: nowhere. */
  readonly metrics: MetricsConfig | null
  /** Where this process sends its spans; null: there are none. */
  readonly tracing: TracingConfig | null
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly currency: string
  /** Key material of the signed calls between gateway and subgraphs. */
  readonly internalSecret: string
  /** Key material of the tokens that show an order to a guest. */
  readonly orderTokenSecret: string
  /** Key material from which refresh tokens derive. */
  readonly refreshTokenSecret: string
  /** PEM of the P-256 private key that signs access tokens, and of more that are only published; null: the ring of keys. */
  readonly signingKeyPem: string | null
  /** The file with the ring of keys that sign access tokens; null: `keys/access-tokens.json` under `dataDir`. */
  readonly signingKeysFile: string | null
  readonly tokenIssuer: string
  readonly accessTokenSeconds: number
  /** Origins of web pages that may call the gateway, as browsers send them. */
  readonly corsOrigins: readonly string[]
  /** How many proxies of ours stand in front: so many entries of X-Forwarded-For, from the right, are believed. */
  readonly trustedProxies: number
  /** Attempts per minute from one network address to sign in, sign up or reset a password (parameters table: login limits). */
  readonly attemptsPerAddress: number
  /** WebSockets open at once from one network address (parameters table: WS). */
  readonly socketsPerAddress: number
  /** Points of cost that one viewer may spend at once, and how many come back each second (parameters table: cost). */
  readonly costBucket: number
  readonly costPerSecondUser: number
  readonly costPerSecondNetwork: number
  /** Whether only the documents of a manifest run: all run; all run and the others are logged; the others are refused. */
  readonly trustedDocuments: 'off' | 'log' | 'enforce'
  readonly trustedDocumentsFile: string
  /** The graph that the gateway serves; read again when it changes. */
  readonly supergraphFile: string
  /** Who runs the plans of queries and mutations: our executor, or the one of Apollo's gateway, to tell a fault of one from a fault of both. */
  readonly runsPlans: 'own' | 'apollo'
  /** Whether an account is made only when its address is proved by mail, so that nobody learns whether an address has one. */
  readonly confirmEmailFirst: boolean
  /** Sender of mails. */
  readonly mailFrom: string
  /** The mail server; null: mails become files below `dataDir`, which the page /inbox shows. */
  readonly smtpUrl: string | null
  readonly seed: boolean
  /** How long a part that is told to stop goes on serving, so that whoever sends requests hears that it is not ready (parameters table: Shutdown). */
  readonly drainMs: number
  /** Where the payment provider is reached; null: a sandbox provider inside this process, with its books under `dataDir`. */
  readonly providerUrl: string | null
  /** Port of the sandbox provider inside this process; 0 takes a free one. */
  readonly providerPort: number
  /** Shared with the provider: shown in each call, and signs its webhooks. */
  readonly providerSecret: string
  /** Whether the gateway sends operations away when there is too much to do, and how many at once are too many. */
  readonly shedding: boolean
  readonly shedAbove: number
  /** How long the start waits for a database that does not answer yet. */
  readonly databaseWaitMs: number
  /** Where a process of workers alone answers probes; null: nowhere. */
  readonly workersPort: number | null
  /** Where this process is to crash, for tests. */
  readonly crashAt: CrashPlan | null
  readonly providerTimeoutMs: number
  readonly subgraphTimeoutMs: number
  readonly checkoutTimeoutMs: number
  readonly outboxPollMs: number
  readonly feedPollMs: number
}

/** All that is wrong with a configuration, so that it can be mended in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** Files of this repository, from wherever the shop was started. */
const inSchema = (file: string): string => join(import.meta.dirname, '../schema', file)

const environments = ['development', 'production', 'test'] as const

const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const

const readUnits = (units: readonly string[], problems: string[]): UnitName[] => {
  const chosen = units.length === 0 ? unitNames : unitNames.filter((name) => units.includes(name))
  for (const unit of units) {
    if (!unitNames.some((name) => name === unit))
      problems.push(`"${unit}" is not a unit; there are ${unitNames.join(', ')}.`)
  }
  return [...chosen]
}

const portOf: Readonly<Record<SubgraphName, number>> = {
  users: 4001,
  products: 4002,
  pricing: 4003,
  cart: 4004,
  orders: 4005,
  payments: 4006,
}

/** Units that talk to the provider: payments itself, and the workers, who run its jobs. */
const paying: readonly UnitName[] = ['payments', 'workers']

/**
 * Reads the whole configuration from the environment and the units named on the command line.
 * @throws ConfigError with every problem at once.
 */
export const readConfig = (env: Env, units: readonly string[] = []): Config => {
  const problems: string[] = []
  const read = makeReader(env, problems)
  // Anything else would silently mean development, with its known secrets and open pages.
  const production = read.oneOf('NODE_ENV', environments, 'development') === 'production'
  const chosen = readUnits(units, problems)
  const mongoUrl = readMongoUrl(env, problems)
  const apart = chosen.length < unitNames.length
  // The gateway alone has no database.
  if (!mongoUrl && (apart || production) && chosen.some((unit) => unit !== 'gateway')) {
    problems.push(
      production
        ? 'MONGODB_URL is missing: the embedded database is not for production.'
        : 'MONGODB_URL is missing: units that run apart need one database for all of them (try `npm run devdb`).',
    )
  }
  const currency = read.text('SHOP_CURRENCY', 'EUR')
  if (!isCurrency(currency)) problems.push(`SHOP_CURRENCY must be an ISO 4217 code, not "${currency}".`)
  const signingKeyPem = env.SIGNING_KEY_PEM?.trim() || null
  const signingKeysFile = env.SIGNING_KEYS_FILE?.trim() || null
  if (production && chosen.includes('users') && !signingKeyPem && !signingKeysFile) {
    problems.push(
      'SIGNING_KEY_PEM is missing: in production the key that signs access tokens must be given (PEM, P-256), or SIGNING_KEYS_FILE.',
    )
  }
  const config: Config = {
    production,
    units: chosen,
    host: read.text('HOST', '127.0.0.1'),
    port: read.integer('PORT', 4000, 0, 65_535),
    subgraphUrls: Object.fromEntries(
      subgraphNames.map((name) => {
        const variable = urlVariable(name)
        return [name, read.urls(variable, `http://127.0.0.1:${portOf[name]}/graphql`, ['http:', 'https:'])]
      }),
    ) as Record<SubgraphName, [string, ...string[]]>,
    tls: readTls(env, problems, chosen),
    dataDir: read.text('DATA_DIR', '.data'),
    mongoUrl,
    databasePrefix: read.text('DATABASE_PREFIX', 'shop_'),
    redis: readRedis(env, problems),
    metrics: readMetrics(env, read, problems),
    tracing: readTracing(env, read, problems),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, production ? 'info' : 'warn'),
    currency,
    internalSecret: read.secret('INTERNAL_SECRET', production),
    orderTokenSecret: read.secret('ORDER_TOKEN_SECRET', production),
    refreshTokenSecret: read.secret('REFRESH_TOKEN_SECRET', production),
    signingKeyPem,
    signingKeysFile,
    tokenIssuer: read.url('TOKEN_ISSUER', 'http://localhost:4000', ['http:', 'https:']),
    accessTokenSeconds: read.integer('ACCESS_TOKEN_SECONDS', 300, 5, 3_600),
    corsOrigins: readCorsOrigins(env, problems, production),
    trustedProxies: read.integer('TRUSTED_PROXIES', 0, 0, 10),
    attemptsPerAddress: read.integer('ATTEMPTS_PER_ADDRESS', 20, 1, 1_000_000),
    socketsPerAddress: read.integer('SOCKETS_PER_ADDRESS', 100, 1, 1_000_000),
    costBucket: read.integer('COST_BUCKET', 2_000, 1_000, 1_000_000_000),
    costPerSecondUser: read.integer('COST_PER_SECOND_USER', 100, 1, 1_000_000_000),
    costPerSecondNetwork: read.integer('COST_PER_SECOND_NETWORK', 20, 1, 1_000_000_000),
    trustedDocuments: read.oneOf('TRUSTED_DOCUMENTS', ['off', 'log', 'enforce'], 'off'),
    trustedDocumentsFile: read.text('TRUSTED_DOCUMENTS_FILE', inSchema('documents.json')),
    supergraphFile: read.text('SUPERGRAPH_FILE', inSchema('supergraph.graphql')),
    runsPlans: read.oneOf('PLAN_EXECUTOR', ['own', 'apollo'], 'own'),
    confirmEmailFirst: read.oneOf('CONFIRM_EMAIL_FIRST', ['on', 'off'], production ? 'on' : 'off') === 'on',
    mailFrom: readMailFrom(env, problems),
    smtpUrl: readSmtpUrl(env, problems),
    seed: read.oneOf('SEED', ['on', 'off'], production ? 'off' : 'on') === 'on',
    shedding: read.oneOf('SHEDDING', ['on', 'off'], production ? 'on' : 'off') === 'on',
    shedAbove: read.integer('SHED_ABOVE', 200, 10, 100_000),
    // Whoever starts the whole shop by hand wants to hear at once; the parts of a fleet come up in any order.
    databaseWaitMs: read.integer('DATABASE_WAIT_MS', apart ? 30_000 : 0, 0, 600_000),
    workersPort: env.WORKERS_PORT?.trim() ? read.integer('WORKERS_PORT', 0, 0, 65_535) : null,
    drainMs: read.integer('DRAIN_MS', production ? 5_000 : 0, 0, 10_000),
    providerUrl: readProviderUrl(
      { read, production, isWhole: !apart, isPaying: chosen.some((unit) => paying.includes(unit)) },
      problems,
    ),
    providerPort: read.integer('PROVIDER_PORT', 0, 0, 65_535),
    providerSecret: read.secret('PROVIDER_SECRET', production),
    crashAt: readCrashPlan(env, production, problems),
    providerTimeoutMs: read.integer('PROVIDER_TIMEOUT_MS', 5_000, 50, 60_000),
    subgraphTimeoutMs: read.integer('SUBGRAPH_TIMEOUT_MS', 3_000, 50, 60_000),
    checkoutTimeoutMs: read.integer('CHECKOUT_TIMEOUT_MS', 8_000, 50, 60_000),
    // In one process each commit wakes the relay; the poll is only for what another process wrote.
    outboxPollMs: read.integer('OUTBOX_POLL_MS', apart ? 200 : 2_000, 10, 60_000),
    feedPollMs: read.integer('FEED_POLL_MS', 1_000, 10, 60_000),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

/** Apollo's gateway looks for this in the environment when it is made, and without it sends figures of its use to Apollo. */
export const withoutApolloTelemetry = (): void => {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
}
