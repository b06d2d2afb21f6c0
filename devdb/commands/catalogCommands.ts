import { createHash } from 'node:crypto'
import { Binary } from 'bson'
import { encode } from '../bson/encode.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { type IndexDefinition, parseIndex } from '../index/definition.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Collection } from '../storage/collection.ts'
import {
  booleanOption,
  type Command,
  checkFields,
  collectionName,
  countOption,
  listOption,
  type Request,
} from './command.ts'

const existing = ({ server, database }: Request, name: string): Collection => {
  const collection = server.catalog.find(database, name)
  if (collection === undefined) throw failure('NamespaceNotFound', `ns not found ${database}.${name}`)
  return collection
}

const create: Command = {
  options: ['capped', 'autoIndexId', 'idIndex'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    if (booleanOption(body, 'capped')) throw unsupported('a capped collection')
    if (server.catalog.find(database, name) !== undefined) {
      throw failure('NamespaceExists', `Collection ${database}.${name} already exists.`)
    }
    server.catalog.create(database, name)
    return {}
  },
}

const drop: Command = {
  options: [],
  run: (request) => {
    const { server, database } = request
    server.counters.count('command')
    const collection = existing(request, collectionName(request))
    server.catalog.drop(database, collectionName(request))
    server.cursors.killNamespace(collection.namespace)
    return { nIndexesWas: collection.indexes.length, ns: collection.namespace }
  },
}

const dropDatabase: Command = {
  options: [],
  run: ({ server, database }) => {
    server.counters.count('command')
    for (const { name, collection } of server.catalog.inDatabase(database)) {
      server.catalog.drop(database, name)
      server.cursors.killNamespace(collection.namespace)
    }
    return { dropped: database }
  },
}

/** An identity that stays the same as long as the collection does. */
const uuidOf = ({ id, namespace }: Collection): Binary =>
  new Binary(createHash('md5').update(`${id}:${namespace}`).digest(), Binary.SUBTYPE_UUID)

const cursorSize = ({ body }: Request): number | undefined => {
  if (body.cursor === undefined) return undefined
  if (!isDoc(body.cursor))
    throw failure('TypeMismatch', "BSON field 'cursor' is the wrong type, expected type 'object'")
  checkFields(body.cursor, ['batchSize'], 'cursor')
  return countOption(body.cursor, 'batchSize')
}

const listCollections: Command = {
  options: ['filter', 'cursor', 'nameOnly', 'authorizedCollections'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const filter = parseFilter(body.filter)
    const described = server.catalog.inDatabase(database).map(
      ({ name, collection }): Doc => ({
        name,
        type: 'collection',
        options: {},
        info: { readOnly: false, uuid: uuidOf(collection) },
        idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
      }),
    )
    const nameOnly = booleanOption(body, 'nameOnly')
    const rows = described
      .filter((doc) => filter.match(doc))
      .map((doc) => encode(nameOnly ? { name: doc.name ?? null, type: 'collection' } : doc))
    return server.cursors.open({ namespace: `${database}.$cmd.listCollections`, rows, batchSize: cursorSize(request) })
  },
}

const listDatabases: Command = {
  options: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: ({ server, body }) => {
    server.counters.count('command')
    const filter = parseFilter(body.filter)
    const described = server.catalog
      .databases()
      .map((name): Doc => {
        const held = server.catalog.inDatabase(name).map(({ collection }) => collection.bytesHeld())
        return { name, sizeOnDisk: held.reduce((sum, bytes) => sum + bytes, 0), empty: false }
      })
      .filter((doc) => filter.match(doc))
    if (booleanOption(body, 'nameOnly')) return { databases: described.map(({ name }) => ({ name: name ?? null })) }
    return { databases: described, totalSize: described.reduce((sum, { sizeOnDisk }) => sum + Number(sizeOnDisk), 0) }
  },
}

/** All or none: an index that cannot be built takes back those built before it by the same command. */
const createAll = (collection: Collection, definitions: readonly IndexDefinition[]): void => {
  const created: string[] = []
  try {
    for (const definition of definitions) if (collection.createIndex(definition)) created.push(definition.name)
  } catch (error) {
    for (const name of created) collection.dropIndex(name)
    throw error
  }
}

const createIndexes: Command = {
  options: ['indexes', 'ignoreUnknownIndexOptions', 'commitQuorum'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    if (booleanOption(body, 'ignoreUnknownIndexOptions')) throw unsupported("the option 'ignoreUnknownIndexOptions'")
    const definitions = listOption(body, 'indexes').map(parseIndex)
    if (definitions.length === 0) throw failure('BadValue', 'Must specify at least one index to create')
    const created = server.catalog.find(database, name) === undefined
    const collection = server.catalog.obtain(database, name)
    const before = collection.indexes.length
    createAll(collection, definitions)
    const after = collection.indexes.length
    const note = after === before ? { note: 'all indexes already exist' } : {}
    return { numIndexesBefore: before, numIndexesAfter: after, createdCollectionAutomatically: created, ...note }
  },
}

const listIndexes: Command = {
  options: ['cursor'],
  run: (request) => {
    const { server, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    const collection = server.catalog.find(database, name)
    if (collection === undefined) throw failure('NamespaceNotFound', `ns does not exist: ${database}.${name}`)
    const rows = collection.indexes.map(({ definition }) => encode(definition.spec))
    return server.cursors.open({ namespace: collection.namespace, rows, batchSize: cursorSize(request) })
  },
}

const namesToDrop = (collection: Collection, wanted: Value | undefined): string[] => {
  const names = collection.indexes.map(({ definition }) => definition.name)
  if (wanted === '*') return names.filter((name) => name !== '_id_')
  if (typeof wanted === 'string') return [wanted]
  if (Array.isArray(wanted)) return wanted.map(String)
  if (!isDoc(wanted)) throw failure('TypeMismatch', "BSON field 'dropIndexes.index' is the wrong type")
  const text = JSON.stringify(wanted)
  const found = collection.indexes.find(({ definition }) => JSON.stringify(definition.spec.key) === text)
  if (found === undefined) throw failure('IndexNotFound', `can't find index with key: ${text}`)
  return [found.definition.name]
}

const dropIndexes: Command = {
  options: ['index'],
  run: (request) => {
    request.server.counters.count('command')
    const collection = existing(request, collectionName(request))
    const before = collection.indexes.length
    for (const name of namesToDrop(collection, request.body.index)) collection.dropIndex(name)
    return { nIndexesWas: before }
  },
}

export const catalogCommands: Readonly<Record<string, Command>> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  createIndexes,
  listIndexes,
  dropIndexes,
}
