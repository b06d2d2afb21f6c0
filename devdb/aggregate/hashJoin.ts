import type { Doc, Value } from '../bson/values.ts'
import { parseFilter } from '../query/matcher.ts'
import { anyLeaf } from '../query/paths.ts'
import type { Scope } from '../query/scope.ts'
import { textOf } from '../query/text/text.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { equalityKeyOf } from './keys.ts'
import { optimise } from './optimise.ts'
import { type Namespace, runStages, startHead } from './source.ts'
import type { Context, Rows, Stage } from './stage.ts'

type Access = {
  readonly namespace: Namespace
  /** The foreign field. */
  readonly path: string
  readonly stages: readonly Stage[]
  readonly scope: Scope
}

/** Where each record stands in the natural order, and the places of the records that may equal a value. */
type Table = { readonly records: readonly StoredRecord[]; readonly places: ReadonlyMap<string, readonly number[]> }

/** The foreign documents of these values; `condition` is the same as a filter, which each of them is tested with. */
export type HashJoin = (values: readonly Value[], condition: Doc) => Rows

/** The keys of all values an equality on the path would match. */
const keysOf = (doc: Doc, parts: readonly string[], { collation }: Scope): Set<string> => {
  const keys = new Set<string>()
  anyLeaf(doc, parts, (value, _place, opens) => {
    keys.add(equalityKeyOf(value ?? null, collation))
    if (opens && Array.isArray(value)) for (const item of value) keys.add(equalityKeyOf(item, collation))
    return false
  })
  return keys
}

const tableOf = ({ namespace, path, scope }: Access, context: Context): Table => {
  const parts = path.split('.')
  const places = new Map<string, number[]>()
  const records: StoredRecord[] = []
  for (const record of startHead(namespace, optimise([]), context)?.rows ?? []) {
    for (const key of keysOf(docOf(record), parts, scope)) {
      const known = places.get(key)
      if (known === undefined) places.set(key, [records.length])
      else known.push(records.length)
    }
    records.push(record)
  }
  return { records, places }
}

const candidates = function* ({ records, places }: Table, keys: readonly string[]): Generator<Doc> {
  const found = [...new Set(keys.flatMap((key) => places.get(key) ?? []))]
  for (const place of keys.length > 1 ? found.sort((a, b) => a - b) : found) {
    const record = records[place]
    if (record !== undefined) yield docOf(record)
  }
}

const matchingOf = function* (docs: Rows, condition: Doc, scope: Scope): Generator<Doc> {
  const { match } = parseFilter(condition, scope)
  for (const doc of docs) if (match(doc)) yield doc
}

const isServed = ({ indexes }: Collection, path: string): boolean =>
  indexes.some(
    ({ definition: { fields, partial, sparse } }) => fields[0]?.path === path && partial === undefined && !sparse,
  )

/**
 * Joins by a table of the foreign values instead of a scan for each document; undefined where an index serves the
 * foreign field, and for views and text searches. The table is made at the second search: a single one needs none.
 */
export const makeHashJoin = (access: Access, context: Context): HashJoin | undefined => {
  const { namespace, path, stages, scope } = access
  const collection = context.request.server.catalog.find(namespace.database, namespace.collection)
  if (collection === undefined || isServed(collection, path)) return undefined
  if (optimise(stages).head.filters.some((filter) => textOf(filter) !== undefined)) return undefined
  let table: Table | undefined
  return (values, condition) => {
    table ??= tableOf(access, context)
    const keys = values.map((value) => equalityKeyOf(value, scope.collation))
    return runStages(matchingOf(candidates(table, keys), condition, scope), stages, context)
  }
}
