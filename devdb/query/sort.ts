import type { Collation } from '../bson/collation.ts'
import { emptyArrayKey, encodeKey, nullKey } from '../bson/keys.ts'
import { integerOf } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location, MongoError, unsupported } from '../errors.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { isEmptyArray, type Leaf, leafTuples } from '../index/keys.ts'
import { metaOf } from './meta.ts'
import { anyLeaf } from './paths.ts'
import { plainScope, type Scope } from './scope.ts'

export type SortField = {
  readonly path: string
  readonly parts: readonly string[]
  readonly direction: 1 | -1
  /** Some part may name an element of an array by its index. */
  readonly numbered?: true
  /** How strings order; then no index gives this order. */
  readonly collation?: Collation
  /** By what the query knows of a document instead of by a field; the path names no field then. */
  readonly meta?: 'textScore' | 'randVal'
}

const maxKeys = 32

const metaField = (spec: Doc): SortField => {
  const { $meta: kind, ...others } = spec
  if (kind === undefined || Object.keys(others).length > 0)
    throw location(17312, '$meta is the only expression supported by $sort right now')
  if (kind === 'searchScore' || kind === 'vectorSearchScore') throw unsupported(`a sort by {$meta: '${kind}'}`)
  if (kind !== 'textScore' && kind !== 'randVal') throw location(31138, `Illegal $meta sort: $meta: ${show(kind)}`)
  return { path: `$${kind}`, parts: [], direction: -1, meta: kind }
}

const naturalField = (order: Value, alone: boolean): SortField => {
  const direction = isNumeric(order) ? integerOf(order) : undefined
  if (direction !== 1 && direction !== -1)
    throw failure('BadValue', '$natural sort cannot be set to a value other than -1 or 1.')
  if (!alone) throw failure('BadValue', 'Cannot include $natural in compound sort')
  return { path: '$natural', parts: [], direction }
}

const plainField = (path: string, order: Value, collation: Collation | undefined): SortField => {
  if (!isNumeric(order)) throw location(15974, `Illegal key in $sort specification: ${path}: ${show(order)}`)
  const direction = integerOf(order)
  if (direction !== 1 && direction !== -1)
    throw location(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
  const parts = parsePath(path)
  const numbered = parts.some((part) => /^\d/.test(part))
  const field = { path, parts, direction, ...(numbered && { numbered }) } as const
  return collation === undefined ? field : { ...field, collation }
}

/** Reads the order of a query; throws MongoDB's errors. The path `$natural` is the order of insertion. */
export const parseSort = (spec: Value | undefined, scope: Scope = plainScope()): SortField[] => {
  if (spec === undefined || spec === null) return []
  if (!isDoc(spec))
    throw failure('TypeMismatch', `Expected field 'sort' to be of type object, but found type ${kindOf(spec)}`)
  const fields = fieldsOf(spec)
  if (fields.length > maxKeys) throw location(13103, 'too many compound keys')
  return fields.map(([path, order]) => {
    if (path === '$natural') return naturalField(order, fields.length === 1)
    return isDoc(order) ? metaField(order) : plainField(path, order, scope.collation)
  })
}

/** A string of bytes that orders; under a collation the value itself, of an empty array `undefined`, which is least. */
export type SortKey = string | { readonly value: Value | undefined }

const compareKeys = (a: SortKey, b: SortKey, collation: Collation | undefined): number => {
  if (typeof a === 'string' || typeof b === 'string') return a === b ? 0 : a < b ? -1 : 1
  if (a.value === undefined || b.value === undefined)
    return Number(a.value !== undefined) - Number(b.value !== undefined)
  return compare(a.value, b.value, collation)
}

const byteKey = (value: Value | undefined): string => (value === undefined ? emptyArrayKey : encodeKey(value))

const collatedKey = (value: Value | undefined): SortKey => ({ value })

const metaKey = (doc: Doc, meta: 'textScore' | 'randVal'): string => {
  if (meta === 'randVal') return encodeKey(Math.random())
  const { textScore } = metaOf(doc)
  if (textScore === undefined) throw location(40218, 'query requires text score metadata, but it is not available')
  return encodeKey(textScore)
}

/** Of the values a path reaches the least ascending, the greatest descending; `arrays` counts those met on the way. */
const keyOf = (doc: Doc, { parts, direction, collation, meta }: SortField, met: { arrays: number }): SortKey => {
  if (meta !== undefined) return metaKey(doc, meta)
  const make = collation === undefined ? byteKey : collatedKey
  let best: SortKey | undefined
  const offer = (key: SortKey): void => {
    if (best === undefined || compareKeys(key, best, collation) * direction < 0) best = key
  }
  anyLeaf(doc, parts, (value, place) => {
    if (place !== undefined || Array.isArray(value)) met.arrays++
    if (!Array.isArray(value)) offer(make(value ?? null))
    else if (value.length === 0) offer(make(undefined))
    else for (const element of value) offer(make(element))
    return false
  })
  return best ?? (collation === undefined ? nullKey : make(null))
}

const tuplesOf = (doc: Doc, sort: readonly SortField[]): Leaf[][] => {
  try {
    return leafTuples(
      doc,
      sort.map(({ parts }) => parts),
    )
  } catch (error) {
    if (!(error instanceof MongoError) || error.codeName !== 'CannotIndexParallelArrays') throw error
    throw failure('BadValue', 'cannot sort with keys that are parallel arrays')
  }
}

/** Fields below one array sort by an element of it together, not each by the element that suits it. */
const combinedKeys = (doc: Doc, sort: readonly SortField[]): SortKey[] => {
  const fields = sort.filter(({ meta }) => meta === undefined)
  const tuples = tuplesOf(doc, fields).map((leaves) =>
    leaves.map((leaf, index): SortKey => {
      const make = fields[index]?.collation === undefined ? byteKey : collatedKey
      return make(isEmptyArray(leaf) ? undefined : (leaf ?? null))
    }),
  )
  const first = tuples.reduce((best, tuple) => (compareSortKeys(tuple, best, fields) < 0 ? tuple : best))
  let at = 0
  return sort.map(({ meta }) => (meta === undefined ? (first[at++] ?? nullKey) : metaKey(doc, meta)))
}

/** The keys a document sorts by; throws BadValue when two of its arrays would have to sort it at once. */
export const sortKeys = (doc: Doc, sort: readonly SortField[]): SortKey[] => {
  if (sort.some(({ numbered }) => numbered)) return combinedKeys(doc, sort)
  const met = { arrays: 0 }
  const keys = sort.map((field) => keyOf(doc, field, met))
  return sort.length > 1 && met.arrays > 0 ? combinedKeys(doc, sort) : keys
}

export const compareSortKeys = (a: readonly SortKey[], b: readonly SortKey[], sort: readonly SortField[]): number => {
  for (const [index, { direction, collation }] of sort.entries()) {
    const order = compareKeys(a[index] ?? '', b[index] ?? '', collation)
    if (order !== 0) return order * direction
  }
  return 0
}
