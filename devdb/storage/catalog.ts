import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseIndex } from '../index/definition.ts'
import type { CatalogChange } from './change.ts'
import { type Collection, makeCollection } from './collection.ts'
import { type CollectionOptions, noOptions, parseCollectionOptions, type View } from './collectionOptions.ts'
import { type History, makeHistory } from './history.ts'
import type { Store } from './store.ts'

const split = (namespace: string): [string, string] => {
  const dot = namespace.indexOf('.')
  return [namespace.slice(0, dot), namespace.slice(dot + 1)]
}

/** Throws InvalidNamespace (73) for names that no collection to be written to can have. */
export const checkNames = (database: string, collection: string): void => {
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
export const makeCatalog = (store: Store, history: History = makeHistory(store)) => {
  const collections = new Map<string, Collection>()
  const views = new Map<string, View>()
  const persists = new WeakMap<Collection, (to: Store) => void>()
  let nextId = 1

  const change = (switched: CatalogChange): void => {
    history.touch(switched.namespace)
    if (switched.collection !== undefined && switched.kind !== 'create') history.touch(switched.collection)
    switched.apply()
    history.record(switched)
  }

  const makeView = (id: number, namespace: string, options: CollectionOptions): View => {
    const { viewOn, pipeline } = options.spec
    nextId = Math.max(nextId, id + 1)
    return { id, namespace, on: String(viewOn), pipeline: Array.isArray(pipeline) ? pipeline : [], options }
  }

  const make = (id: number, namespace: string, options: CollectionOptions): Collection => {
    // Read when the unit is committed: the entry then tells the final state.
    const persist = (to: Store): void => {
      const indexes = collection.indexes.map((index) => index.definition.spec)
      to.putCollection(id, encode({ namespace, indexes, options: collection.options().spec }))
    }
    const collection: Collection = makeCollection({ id, namespace, history, options, persist })
    persists.set(collection, persist)
    nextId = Math.max(nextId, id + 1)
    return collection
  }

  const persistOf = (collection: Collection) => (to: Store) => persists.get(collection)?.(to)

  const restore = (id: number, description: Doc): void => {
    const namespace = String(description.namespace)
    // A folder of the first version holds no options.
    const options = parseCollectionOptions((description.options as Doc | undefined) ?? {})
    if (options.spec.viewOn !== undefined) {
      views.set(namespace, makeView(id, namespace, options))
      return
    }
    const collection = make(id, namespace, options)
    collections.set(namespace, collection)
    // Indexes first: each document is then read once for all of them.
    for (const spec of description.indexes as Value[]) collection.loadIndex(parseIndex(spec))
    collection.load(store.documents(id))
  }

  for (const { id, description } of store.collections()) restore(id, decode(description))

  const find = (database: string, name: string): Collection | undefined => collections.get(`${database}.${name}`)

  const view = (database: string, name: string): View | undefined =>
    views.size === 0 ? undefined : views.get(`${database}.${name}`)

  const databases = (): string[] =>
    [...new Set([...collections.keys(), ...views.keys()].map((namespace) => split(namespace)[0]))].sort()

  /** Names of databases that differ in their case only would be one on some file systems: MongoDB refuses them. */
  const checkCase = (database: string): void => {
    const clash = databases().find((name) => name !== database && name.toLowerCase() === database.toLowerCase())
    if (clash === undefined) return
    throw failure(
      'DatabaseDifferCase',
      `db already exists with different case already have: [${clash}] trying to create [${database}]`,
    )
  }

  const create = (database: string, name: string, options: CollectionOptions = noOptions): Collection => {
    checkNames(database, name)
    checkCase(database)
    const namespace = `${database}.${name}`
    if (views.has(namespace))
      throw failure('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
    const collection = make(nextId, namespace, options)
    change({
      kind: 'create',
      namespace,
      collection,
      apply: () => collections.set(namespace, collection),
      revert: () => collections.delete(namespace),
      persist: persistOf(collection),
    })
    return collection
  }

  /** Defines a view, or defines it anew. */
  const createView = (database: string, name: string, options: CollectionOptions): View => {
    checkNames(database, name)
    checkCase(database)
    const namespace = `${database}.${name}`
    const former = view(database, name)
    const made = makeView(former?.id ?? nextId, namespace, options)
    change({
      kind: former === undefined ? 'create' : 'modify',
      namespace,
      description: options.spec,
      apply: () => views.set(namespace, made),
      revert: () => (former === undefined ? views.delete(namespace) : views.set(namespace, former)),
      persist: (to) => to.putCollection(made.id, encode({ namespace, indexes: [], options: options.spec })),
    })
    return made
  }

  const dropView = (database: string, name: string): View | undefined => {
    const known = view(database, name)
    if (known === undefined) return undefined
    const { id, namespace } = known
    change({
      kind: 'drop',
      namespace,
      apply: () => views.delete(namespace),
      revert: () => views.set(namespace, known),
      persist: (to) => to.dropCollection(id),
    })
    return known
  }

  /** Gives a collection another name, in any database: documents, indexes and identity stay. */
  const rename = (collection: Collection, database: string, name: string): Collection => {
    checkNames(database, name)
    checkCase(database)
    const { id, namespace } = collection
    const to = `${database}.${name}`
    const moved = make(id, to, collection.options())
    for (const { definition } of collection.indexes.slice(1)) moved.loadIndex(definition)
    moved.load(collection.records.values())
    history.touch(to)
    change({
      kind: 'rename',
      namespace,
      to,
      collection,
      apply: () => {
        collections.delete(namespace)
        collections.set(to, moved)
      },
      revert: () => {
        collections.delete(to)
        collections.set(namespace, collection)
      },
      persist: persistOf(moved),
    })
    return moved
  }

  const drop = (database: string, name: string): Collection | undefined => {
    const collection = find(database, name)
    if (collection === undefined) return undefined
    const { id, namespace } = collection
    change({
      kind: 'drop',
      namespace,
      collection,
      apply: () => collections.delete(namespace),
      revert: () => collections.set(namespace, collection),
      persist: (to) => to.dropCollection(id),
    })
    return collection
  }

  return {
    history,
    find,
    create,
    drop,
    rename,
    view,
    createView,
    dropView,
    viewsIn: (database: string): { name: string; view: View }[] =>
      [...views.values()]
        .filter(({ namespace }) => split(namespace)[0] === database)
        .map((known) => ({ name: split(known.namespace)[1], view: known })),
    /** The collection to write to: made at the first write, as MongoDB does. */
    obtain: (database: string, name: string): Collection => find(database, name) ?? create(database, name),
    inDatabase: (database: string): { name: string; collection: Collection }[] =>
      [...collections.values()]
        .filter(({ namespace }) => split(namespace)[0] === database)
        .map((collection) => ({ name: split(collection.namespace)[1], collection })),
    databases,
    all: (): Iterable<Collection> => collections.values(),
  }
}

export type Catalog = ReturnType<typeof makeCatalog>
