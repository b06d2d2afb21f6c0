import { setTimeout as pause } from 'node:timers/promises'
import mongoose, { type Connection, type Model, type QueryFilter } from 'mongoose'
import { ShopError } from '#kernel/errors.ts'
import { seconds } from '#kernel/time.ts'
import { isCut } from './connectionErrors.ts'
import { DatabaseUnreachable } from './databaseUnreachable.ts'
import { patience } from './deadline.ts'
import { reopenWhenStuck } from './heartbeats.ts'
import { watchPool } from './metrics/pool.ts'
import { traceCommands } from './tracing/commands.ts'
import { isTracing } from './tracing.ts'

/** The database of one subgraph. */
export type Database = Connection

/** Mongo operations get 2 s, server selection 2 s (parameters table: timeouts). */
export const operationTimeout = seconds(2)

/** The name of a command, its database, and the command itself. */
export type OnCommand = (command: string, database: string, body: Readonly<Record<string, unknown>>) => void

export interface MongoOptions {
  readonly url: string
  /** Databases are called `<prefix><subgraph>`. */
  readonly prefix: string
  /** Told every command sent to a database, for tests that count operations or look at what is asked. */
  readonly onCommand?: OnCommand
  /** How long to wait for a server that does not answer yet, and who is told so, once. Absent: not at all. */
  readonly wait?: { readonly ms: number; readonly tell: (sentence: string) => void }
}

// Up to the last @, and nothing when that leaves something odd: a password with unescaped characters is a common mistake.
const hostOf = (url: string): string => {
  const [, scheme = 'mongodb://', hosts = ''] = /^(mongodb(?:\+srv)?:\/\/)(?:.*@)?([^/?]*)/s.exec(url) ?? []
  return scheme + (/^[\w.,:[\]-]+$/.test(hosts) ? hosts : '***')
}

const unreachable = (url: string, error: unknown): DatabaseUnreachable => {
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseUnreachable(`MongoDB at ${hostOf(url)} cannot be used: ${reason} Check MONGODB_URL.`)
}

const networkNames = [
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
]

/** Nobody answered, which may change; wrong credentials or a wrong URL do not by waiting. Mongoose hides the driver's error as a cause. */
const mayAnswerLater = (error: unknown): boolean => {
  if (
    !(error instanceof Error) ||
    codeOf(error) === authenticationFailed ||
    codeOf(error.cause) === authenticationFailed
  )
    return false
  return networkNames.includes(error.name)
}

const authenticationFailed = 18

const waitBetween = seconds(0.5)

const connectPatiently = async (connection: Connection, options: MongoOptions): Promise<void> => {
  const { url, onCommand, wait } = options
  const until = performance.now() + (wait?.ms ?? 0)
  let told = false
  for (;;) {
    try {
      await connection.openUri(url, { ...connectOptions, monitorCommands: onCommand !== undefined || isTracing() })
      return
    } catch (error) {
      if (!wait || performance.now() >= until || !mayAnswerLater(error)) throw unreachable(url, error)
      if (!told) wait.tell(`Waiting for MongoDB at ${hostOf(url)} (MONGODB_URL), for ${wait.ms / 1_000} s at most.`)
      told = true
      await pause(waitBetween)
    }
  }
}

const connectOptions = {
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  serverSelectionTimeoutMS: operationTimeout,
  connectTimeoutMS: operationTimeout,
  socketTimeoutMS: seconds(10),
  waitQueueTimeoutMS: operationTimeout,
  maxPoolSize: 50,
  appName: 'emporion',
  // Nothing is acknowledged before it would survive a crash (parameters table: Mongo). The database is the only truth.
  writeConcern: { w: 'majority', j: true },
} as const

/**
 * One connection pool for all subgraphs of this process.
 * @throws DatabaseUnreachable with the host and the reason: at once when the server refuses us, and when none answers in time (2 s, and what
 *   `wait` allows).
 */
export const connectMongo = async (options: MongoOptions) => {
  const connection = mongoose.createConnection()
  connection.set('strictQuery', 'throw')
  connection.set('maxTimeMS', operationTimeout)
  await connectPatiently(connection, options)
  const { onCommand } = options
  if (onCommand)
    connection
      .getClient()
      .on('commandStarted', (event) => onCommand(event.commandName, event.databaseName, event.command))
  if (isTracing()) traceCommands(connection.getClient())
  const unwatch = watchPool(connection.getClient())
  const letGo = reopenWhenStuck(connection.getClient())
  const ping = async (timeoutMS: number): Promise<void> => {
    await connection.getClient().db('admin').command({ ping: 1 }, { timeoutMS })
  }
  return {
    name: 'mongo',
    database: (subgraph: string): Database => connection.useDb(`${options.prefix}${subgraph}`, { useCache: true }),
    ping: (): Promise<void> => ping(seconds(1)),
    /** For whoever judges by itself what is late. */
    signOfLife: (): Promise<void> => ping(seconds(4)),
    stop: async (): Promise<void> => {
      unwatch()
      letGo()
      await connection.close()
    },
  }
}

export type Mongo = Awaited<ReturnType<typeof connectMongo>>

const codeOf = (error: unknown): unknown => (error instanceof mongoose.mongo.MongoError ? error.code : undefined)

/** Documents read at once, so that a page of products with all their variants comes in one batch. */
const batchSize = 1_000

/**
 * Plain documents of one collection, straight from the driver: for the reads that every page needs. Filters are ours and typed,
 * so mongoose's casting would only cost time (about a third of such a read). Documents of no ids are not asked for.
 */
export const readAll = async <T>(
  model: Pick<Model<T>, 'collection'>,
  filter: QueryFilter<T>,
  options: { projection?: object; sort?: Record<string, 1 | -1>; limit?: number } = {},
): Promise<T[]> => {
  const { _id: ids } = filter as { readonly _id?: { readonly $in?: readonly unknown[] } }
  if (ids?.$in?.length === 0) return []
  return (await model.collection
    .find(filter as never, { ...options, batchSize, maxTimeMS: patience(operationTimeout) } as never)
    .toArray()) as unknown as T[]
}

/** What is needed of a model to make its indexes. */
export interface IndexedModel {
  readonly modelName: string
  readonly schema: { indexes(): [object, object][] }
  readonly collection: { createIndexes(indexes: never): Promise<unknown> }
}

/** A start is worth more patience than a request: a busy database, or one that is just restarted, is asked again for about 10 s. */
const indexTries = 20
const indexPause = 500

const patiently = async (work: () => Promise<unknown>): Promise<void> => {
  for (let left = indexTries; ; left--) {
    try {
      await work()
      return
    } catch (error) {
      if (left === 1 || !asUnavailable(error)) throw error
      await pause(indexPause)
    }
  }
}

/**
 * Creates the indexes that the models declare; an index that exists with other options is a clear error. One command for each model, one
 * after the other: a process that starts beside others at work would wait in vain for as many connections as it has indexes.
 */
export const ensureIndexes = async (models: readonly IndexedModel[]): Promise<void> => {
  for (const { schema, collection, modelName } of models) {
    const indexes = schema.indexes().map(([key, options]) => ({ key, ...options }))
    try {
      if (indexes.length > 0) await patiently(() => collection.createIndexes(indexes as never))
    } catch (error) {
      if (codeOf(error) !== 85 && codeOf(error) !== 86) throw error
      throw new Error(
        `The indexes of ${modelName} exist with other options; drop them and start again: ${(error as Error).message}`,
      )
    }
  }
}

/** True for E11000: a unique index decided a race. */
export const isDuplicateKey = (error: unknown): boolean => codeOf(error) === 11_000

/** The fields of the unique index that refused, for example `['ownerId', 'idempotencyKey']`. */
export const duplicateKeyFields = (error: unknown): string[] =>
  isDuplicateKey(error) && typeof error === 'object' && error && 'keyPattern' in error
    ? Object.keys(error.keyPattern as object)
    : []

const unavailableNames = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'PoolClearedOnNetworkError',
])

/**
 * What a server says that cannot do it now and may later: its disk is full, it was asked for too long, it stops, or another node has become
 * the primary.
 */
const notNow = new Set<unknown>([14_031, 50, 91, 189, 10_107, 11_600, 11_602, 13_435, 13_436])

/** A refusal that tells the client to try again, when the database is away or cannot do it now; null for other errors. */
export const asUnavailable = (error: unknown): ShopError | null => {
  const away =
    error instanceof Error &&
    (unavailableNames.has(error.name) ||
      notNow.has(codeOf(error)) ||
      // The driver hands on what Node says of a socket that closes just when it is written to.
      isCut(error) ||
      error.message.includes('bufferCommands = false'))
  return away ? new ShopError('UNAVAILABLE', 'The database does not answer; try again.') : null
}
