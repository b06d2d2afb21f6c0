import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseIndex } from '../index/definition.ts'
import { type Collection, makeCollection } from './collection.ts'
import type { Store } from './store.ts'

const split = (namespace: string): [string, string] => {
  const dot = namespace.indexOf('.')
  return [namespace.slice(0, dot), namespace.slice(dot + 1)]
}

const checkNames = (database: string, collection: string): void => {
  if (database === '' || database.length > 63 || /[\s/\\."$\0]/.test(database)) {
    throw failure('InvalidNamespace', `Invalid database name: '${database}'`)
  }
  const namespace = `${database}.${collection}`
  if (collection === '' || /[$\0]/.test(collection) || collection.startsWith('.') || collection.endsWith('.')) {
    throw failure('InvalidNamespace', `Invalid namespace specified '${namespace}'`)
  }
  if (collection.startsWith('system.')) throw failure('InvalidNamespace', `cannot write to '${namespace}'`)
  if (Buffer.byteLength(namespace) > 255)
    throw failure('InvalidNamespace', `Fully qualified namespace is too long: ${namespace}`)
}

/** All databases and collections of one server, read from the store at start. */
export const makeCatalog = (store: Store) => {
  const collections = new Map<string, Collection>()
  let nextId = 1
  let restoring = true

  const describe = (collection: Collection): void => {
    if (restoring) return
    const indexes = collection.indexes.map((index) => index.definition.spec)
    store.putCollection(collection.id, encode({ namespace: collection.namespace, indexes }))
  }

  const add = (id: number, namespace: string): Collection => {
    const collection: Collection = makeCollection({ id, namespace, store, changed: () => describe(collection) })
    collections.set(namespace, collection)
    nextId = Math.max(nextId, id + 1)
    return collection
  }

  const restore = (id: number, description: Doc): void => {
    const collection = add(id, String(description.namespace))
    // Indexes first: each document is then decoded once for all of them.
    for (const spec of description.indexes as Value[]) collection.createIndex(parseIndex(spec))
    for (const record of store.documents(id)) collection.load(record)
  }

  for (const { id, description } of store.collections()) restore(id, decode(description))
  restoring = false

  const find = (database: string, name: string): Collection | undefined => collections.get(`${database}.${name}`)

  const create = (database: string, name: string): Collection => {
    checkNames(database, name)
    const collection = add(nextId, `${database}.${name}`)
    describe(collection)
    return collection
  }

  const drop = (database: string, name: string): Collection | undefined => {
    const collection = find(database, name)
    if (collection === undefined) return undefined
    collections.delete(collection.namespace)
    store.dropCollection(collection.id)
    return collection
  }

  return {
    find,
    create,
    drop,
    /** The collection to write to: made at the first write, as MongoDB does. */
    obtain: (database: string, name: string): Collection => find(database, name) ?? create(database, name),
    inDatabase: (database: string): { name: string; collection: Collection }[] =>
      [...collections.values()]
        .filter(({ namespace }) => split(namespace)[0] === database)
        .map((collection) => ({ name: split(collection.namespace)[1], collection })),
    databases: (): string[] => [...new Set([...collections.keys()].map((namespace) => split(namespace)[0]))].sort(),
    all: (): Iterable<Collection> => collections.values(),
  }
}

export type Catalog = ReturnType<typeof makeCatalog>
