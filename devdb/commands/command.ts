import { type Collation, parseCollation } from '../bson/collation.ts'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, kindOf, type Out, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { type Env, parseExpression } from '../expression/expression.ts'
import { checkVariableName } from '../expression/fieldPath.ts'
import type { LiveIndex } from '../index/liveIndex.ts'
import type { Hint } from '../index/planner.ts'
import type { Scope } from '../query/scope.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import type { News } from '../storage/news.ts'
import type { Oplog } from '../storage/oplog.ts'
import type { Counters } from './counters.ts'
import type { Cursors } from './reading/cursors.ts'
import type { Settings } from './server/parameters.ts'
import type { Retry } from './sessions/once.ts'

export type Reply = { [field: string]: Out | undefined }

export type Server = {
  readonly catalog: Catalog
  readonly cursors: Cursors
  readonly news: News
  /** The recent changes; undefined for a standalone server. */
  readonly oplog: Oplog | undefined
  readonly counters: Counters
  /** Undefined for a standalone server. */
  readonly replicaSet: string | undefined
  /** host:port as clients reach it. */
  readonly address: () => string
  readonly startedAt: Date
  /** What it was started with. */
  readonly startup: Startup
  /** What setParameter changes. */
  readonly settings: Settings
  /** Copies all data on disk into a new file, while the server goes on; throws DiskError. */
  readonly copyTo: (file: string) => Promise<void>
  /** The client's end of a connection, as text. */
  readonly peer: (connectionId: number) => string
}

export type Startup = {
  readonly host: string
  readonly port: number
  readonly socket?: string | undefined
  /** Undefined keeps everything in memory only. */
  readonly data: string | undefined
  /** Failpoints may be set. */
  readonly testCommands: boolean
  readonly ttlIntervalMs: number
  readonly argv: readonly string[]
}

export type Request = {
  readonly server: Server
  readonly name: string
  readonly body: Doc
  readonly documents?: Buffer[]
  readonly database: string
  readonly deadline: number | undefined
  readonly connectionId: number
  /** Aborted when the connection is gone: nothing needs to wait for it any more. */
  readonly signal?: AbortSignal | undefined
  /** How a retryable write asks what of it was executed before. */
  readonly retry?: Retry | undefined
  /** Whose cursors these are: the session or, within one, the transaction. Undefined outside of a session. */
  readonly cursorSession?: string | undefined
}

export type Command = {
  /** Every option it understands, besides those all commands take: anything else is refused. */
  readonly options: readonly string[]
  /** It reads all its options itself: any name is fine for the registry. */
  readonly anyOption?: boolean
  /** Each statement of a retryable write is executed once; of `reply` the whole command is one statement. */
  readonly retryable?: boolean | 'reply'
  /** A promise only to wait (for new rows, for a transaction), never for work. */
  readonly run: (request: Request) => Reply | Promise<Reply>
}

export const stringOption = (body: Doc, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string') {
    throw failure(
      'TypeMismatch',
      `BSON field '${name}' is the wrong type '${kindOf(value ?? null)}', expected type 'string'`,
    )
  }
  return value
}

export const collectionName = ({ body, name }: Request): string => {
  const value = body[name]
  if (typeof value !== 'string') {
    throw failure(
      'InvalidNamespace',
      `collection name has invalid type ${value === undefined ? 'missing' : kindOf(value)}`,
    )
  }
  if (value === '') throw failure('InvalidNamespace', `Invalid namespace specified`)
  return value
}

export const countOption = (body: Doc, name: string): number | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  const number = integerOf(value)
  if (number === undefined)
    throw failure(
      'TypeMismatch',
      `BSON field '${name}' is the wrong type '${kindOf(value)}', expected types '[long, int, decimal, double]'`,
    )
  if (number < 0) throw failure('BadValue', `BSON field '${name}' value must be >= 0, actual value '${number}'`)
  return number
}

export const booleanOption = (body: Doc, name: string): boolean => {
  const value = body[name]
  if (value === undefined || value === null) return false
  if (typeof value === 'boolean') return value
  const number = integerOf(value)
  if (number === undefined)
    throw failure(
      'TypeMismatch',
      `BSON field '${name}' is the wrong type '${kindOf(value)}', expected types '[bool, long, int, decimal, double]'`,
    )
  return number !== 0
}

/** Before any document is there: whoever asks for one gets error 4890500. */
const noDocument: Env = {
  variables: new Map(),
  get root(): never {
    throw location(
      4890500,
      'Command let Expression tried to access a field, but this is not allowed because command let expressions run before the query examines any documents.',
    )
  },
}

const letOf = (value: Value | undefined, scope: Scope): void => {
  if (value === undefined) return
  if (!isDoc(value))
    throw failure('TypeMismatch', `BSON field 'let' is the wrong type '${kindOf(value)}', expected type 'object'`)
  for (const [name, spec] of Object.entries(value)) {
    checkVariableName(name)
    scope.variables.set(name, parseExpression(spec, scope).evaluate(noDocument))
  }
}

const collectionCollation = ({ server, database, name, body }: Request): Collation | undefined => {
  const collection = typeof body[name] === 'string' ? server.catalog.find(database, body[name]) : undefined
  return collection === undefined ? undefined : parseCollation(collection.options().spec.collation)
}

/**
 * What the command fixes before it reads its filters: its `collation` (of a statement, when one is given; else of the
 * body; else the collection's default), its `let` and its time. Throws MongoDB's errors for malformed ones.
 */
export const scopeOf = (request: Request, statement: Doc = request.body): Scope => {
  const asked = statement.collation
  const unasked = asked === undefined || asked === null || (isDoc(asked) && Object.keys(asked).length === 0)
  const collation = unasked ? collectionCollation(request) : parseCollation(asked)
  const scope: Scope = { collation, variables: new Map(), now: new Date() }
  letOf(request.body.let, scope)
  return scope
}

/** Of embedded statements (updates, deletes), which have options of their own. */
export const checkFields = (doc: Doc, allowed: readonly string[], of: string): void => {
  const unknown = Object.keys(doc).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw unknownField(`${of}.${unknown}`)
}

export const unknownField = (field: string): Error =>
  Object.assign(failure('FailedToParse', `BSON field '${field}' is an unknown field.`), {
    code: 40415,
    codeName: 'Location40415',
  })

const sameKey = (spec: Doc, key: Doc): boolean => {
  const text = (doc: Doc): string =>
    Object.entries(doc)
      .map(([path, direction]) => `${path}:${Number(String(direction)) < 0 ? -1 : 1}`)
      .join()
  return text(spec) === text(key)
}

/** The index a hint names, by its name or its key. */
export const hintedIndex = (collection: Collection, hint: Value | undefined): Hint | undefined => {
  if (hint === undefined || hint === null || (isDoc(hint) && Object.keys(hint).length === 0)) return undefined
  if (isDoc(hint) && hint.$natural !== undefined) return integerOf(hint.$natural) === -1 ? 'reverse' : 'natural'
  const isMeant = ({ definition }: LiveIndex): boolean =>
    typeof hint === 'string' ? definition.name === hint : isDoc(hint) && sameKey(definition.spec.key as Doc, hint)
  const index = collection.indexes.find((known) => isMeant(known) && !known.definition.hidden)
  if (index === undefined) {
    throw failure(
      'BadValue',
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  }
  return index
}
