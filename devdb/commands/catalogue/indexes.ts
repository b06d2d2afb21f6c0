import { encode } from '../../bson/encode.ts'
import { isEqual } from '../../bson/order.ts'
import { showDoc } from '../../bson/show.ts'
import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import { type IndexDefinition, parseIndex } from '../../index/definition.ts'
import type { Collection } from '../../storage/collection.ts'
import { expiryOfSeries } from '../../storage/collectionOptions.ts'
import { type Command, collectionName } from '../command.ts'
import { checkCommand, isSet, required, types } from '../struct.ts'
import { existingTarget } from '../writing/write.ts'
import { cursorSize } from './collections.ts'
import { existingCollection } from './namespaces.ts'

const checkSeriesIndexes = (definitions: readonly IndexDefinition[]): void => {
  for (const { unique, text } of definitions) {
    const kind = unique ? 'Unique' : text === undefined ? undefined : 'Text'
    if (kind !== undefined)
      throw failure('InvalidOptions', `${kind} indexes are not supported on time-series collections`)
  }
}

const createIndexes: Command = {
  options: ['indexes', 'ignoreUnknownIndexOptions', 'commitQuorum'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    checkCommand(body, 'createIndexes', { indexes: required(types.objects), ignoreUnknownIndexOptions: types.flag })
    if (isSet(body.ignoreUnknownIndexOptions)) throw unsupported("the option 'ignoreUnknownIndexOptions'")
    const known = existingTarget(request, name)
    const entries = Array.isArray(body.indexes) ? body.indexes : []
    const definitions = entries.map((entry) => parseIndex(entry, known?.options().spec.collation))
    if (definitions.length === 0) throw failure('BadValue', 'Must specify at least one index to create')
    if (known?.options().timeSeries !== undefined) checkSeriesIndexes(definitions)
    return server.catalog.history.attempt(() => {
      const collection = known ?? server.catalog.create(database, name)
      const before = shownIndexes(collection).length
      for (const definition of definitions) collection.createIndex(definition)
      const after = shownIndexes(collection).length
      const note = after === before ? { note: 'all indexes already exist' } : {}
      return {
        numIndexesBefore: before,
        numIndexesAfter: after,
        createdCollectionAutomatically: known === undefined,
        ...note,
      }
    })
  },
}

/** The indexes anybody may know of: a time series has none on `_id`, and its expiry is no index of MongoDB's. */
const shownIndexes = ({ indexes, options }: Collection): readonly IndexDefinition[] => {
  const definitions = indexes.map(({ definition }) => definition)
  if (options().timeSeries === undefined) return definitions
  return definitions.filter(({ name }) => name !== '_id_' && name !== expiryOfSeries)
}

/** What listIndexes tells: a clustered collection shows its clustered index. */
const specsOf = (collection: Collection): Doc[] => {
  const { clustered } = collection.options()
  return shownIndexes(collection).map(({ name, spec }) => (name === '_id_' ? (clustered ?? spec) : spec))
}

const listIndexes: Command = {
  options: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    if (isSet(body.includeBuildUUIDs) || isSet(body.includeIndexBuildInfo))
      throw unsupported('telling of index builds under way')
    const name = collectionName(request)
    const collection = existingTarget(request, name)
    if (collection === undefined) throw failure('NamespaceNotFound', `ns does not exist: ${request.database}.${name}`)
    const rows = specsOf(collection).map((spec) => encode(spec))
    const { namespace } = collection
    const session = request.cursorSession
    return server.cursors.open({ namespace, rows, batchSize: cursorSize(request), session })
  },
}

const nameOfKey = (collection: Collection, key: Doc): string => {
  const found = shownIndexes(collection).filter(({ spec }) => isEqual(spec.key ?? null, key))
  const [index, ...others] = found
  if (index === undefined) throw failure('IndexNotFound', `can't find index with key: ${showDoc(key)}`)
  if (others.length > 0) {
    const conflicting = found.map(({ spec }) => showDoc(spec)).join(', ')
    throw failure(
      'AmbiguousIndexKeyPattern',
      `${found.length} indexes found for key: ${showDoc(key)}, identify by name instead. Conflicting indexes: ${conflicting}`,
    )
  }
  return index.name
}

const namesToDrop = (collection: Collection, wanted: Value | undefined): string[] => {
  const names = shownIndexes(collection).map(({ name }) => name)
  if (wanted === '*') return names.filter((name) => name !== '_id_')
  if (typeof wanted === 'string') return [wanted]
  if (Array.isArray(wanted) && wanted.every((name) => typeof name === 'string')) return wanted
  if (isDoc(wanted)) return [nameOfKey(collection, wanted)]
  throw failure(
    'TypeMismatch',
    `BSON field 'dropIndexes.index' is the wrong type '${kindOf(wanted ?? null)}', expected types '[string, object]'`,
  )
}

const dropIndexes: Command = {
  options: ['index'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    checkCommand(body, 'dropIndexes', { index: required(types.any) })
    const collection = existingCollection(request)
    const nIndexesWas = shownIndexes(collection).length
    const names = namesToDrop(collection, body.index)
    server.catalog.history.attempt(() => {
      for (const name of names) collection.dropIndex(name)
    })
    if (body.index === '*') return { nIndexesWas, msg: 'non-_id indexes dropped for collection' }
    return { nIndexesWas }
  },
}

export const indexCommands: Readonly<Record<string, Command>> = { createIndexes, listIndexes, dropIndexes }
