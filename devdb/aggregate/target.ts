import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Namespace } from './source.ts'
import { checkArguments, missingField, wrongType } from './specification.ts'
import { refuseView } from './views.ts'

const internalDatabases = ['admin', 'config', 'local']

const codes = {
  $merge: { type: 51178, special: 31319, internal: 31320 },
  $out: { type: 16990, special: 17385, internal: 31321 },
} as const

const namespaceOf = (spec: Doc, field: string): ((database: string) => Namespace) => {
  checkArguments(spec, field, ['db', 'coll'])
  const { db, coll } = spec
  if (db !== undefined && typeof db !== 'string') throw wrongType(`${field}.db`, db, 'string')
  if (coll === undefined) throw missingField(`${field}.coll`)
  if (typeof coll !== 'string') throw wrongType(`${field}.coll`, coll, 'string')
  return (database) => ({ database: db ?? database, collection: coll })
}

/** Where `$merge` and `$out` write: a collection's name, or `{db, coll}`. */
export const parseTarget = (value: Value, stage: '$merge' | '$out'): ((database: string) => Namespace) => {
  if (typeof value === 'string') {
    if (value === '') throw failure('InvalidNamespace', `Invalid ${stage} target namespace: ''`)
    return (database) => ({ database, collection: value })
  }
  if (isDoc(value)) return namespaceOf(value, stage === '$merge' ? '$merge.into' : '$out')
  throw location(
    codes[stage].type,
    stage === '$merge'
      ? `$merge 'into' field  must be either a string or an object, but found ${kindOf(value)}`
      : `$out only supports a string or object argument, but found ${kindOf(value)}`,
  )
}

/** Throws for a view (166) and for names that only the server itself may write to. */
export const checkTarget = (catalog: Catalog, target: Namespace, stage: '$merge' | '$out'): void => {
  refuseView(catalog, target)
  if (target.collection.startsWith('system.'))
    throw location(codes[stage].special, `Cannot ${stage} to special collection: ${target.collection}`)
  if (internalDatabases.includes(target.database))
    throw location(codes[stage].internal, `Cannot ${stage} to internal database: ${target.database}`)
}
