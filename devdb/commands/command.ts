import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, kindOf, type Out, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import type { LiveIndex } from '../index/liveIndex.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import type { Counters } from './counters.ts'
import type { Cursors } from './cursors.ts'

export type Reply = { [field: string]: Out | undefined }

export type Server = {
  readonly catalog: Catalog
  readonly cursors: Cursors
  readonly counters: Counters
  /** Undefined for a standalone server. */
  readonly replicaSet: string | undefined
  /** host:port as clients reach it. */
  readonly address: () => string
  readonly startedAt: Date
}

export type Request = {
  readonly server: Server
  readonly name: string
  readonly body: Doc
  readonly documents?: Buffer[]
  readonly database: string
  readonly deadline: number | undefined
  readonly connectionId: number
}

export type Command = {
  /** Every option it understands, besides those all commands take: anything else is refused. */
  readonly options: readonly string[]
  /** A retryable write is answered once: a repetition gets the remembered reply. */
  readonly retryable?: boolean
  readonly run: (request: Request) => Reply
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

export const listOption = (body: Doc, name: string): Doc[] => {
  const value = body[name]
  if (!Array.isArray(value))
    throw failure('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'array'`)
  return value.map((item) => {
    if (!isDoc(item)) throw failure('TypeMismatch', `BSON field '${name}' has an entry that is no object`)
    return item
  })
}

/** Only the byte-wise collation exists here. */
export const checkCollation = (value: Value | undefined): void => {
  if (value === undefined || (isDoc(value) && (Object.keys(value).length === 0 || value.locale === 'simple'))) return
  throw unsupported('a collation other than {locale: "simple"}')
}

export const checkLet = (value: Value | undefined): void => {
  if (value === undefined || (isDoc(value) && Object.keys(value).length === 0)) return
  throw unsupported("the option 'let'")
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
export const hintedIndex = (collection: Collection, hint: Value | undefined): LiveIndex | 'natural' | undefined => {
  if (hint === undefined || (isDoc(hint) && Object.keys(hint).length === 0)) return undefined
  if (isDoc(hint) && hint.$natural !== undefined) return 'natural'
  const index = collection.indexes.find(({ definition }) =>
    typeof hint === 'string' ? definition.name === hint : isDoc(hint) && sameKey(definition.spec.key as Doc, hint),
  )
  if (index === undefined) {
    throw failure(
      'BadValue',
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  }
  return index
}
