import { encode } from '../../bson/encode.ts'
import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { parseFilter } from '../../query/matcher.ts'
import type { View } from '../../storage/collectionOptions.ts'
import { type Command, collectionName, countOption, type Request } from '../command.ts'
import { checkCommand, checkStruct, isSet, required, type Struct, types } from '../struct.ts'
import { idIndexSpec, splitNamespace, uuidOf } from './namespaces.ts'

export const onAdminOnly = ({ name, database }: Request): void => {
  if (database !== 'admin') throw failure('Unauthorized', `${name} may only be run against the admin database.`)
}

// Since MongoDB 7.0 it is no error to drop what is not there.
const drop: Command = {
  options: [],
  run: (request) => {
    const { server, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    const view = server.catalog.dropView(database, name)
    if (view !== undefined) return { ns: view.namespace }
    const collection = server.catalog.drop(database, name)
    if (collection === undefined) return {}
    server.cursors.killNamespace(collection.namespace)
    return { nIndexesWas: collection.indexes.length, ns: collection.namespace }
  },
}

const nothing = (): void => undefined

const dropDatabase: Command = {
  options: [],
  run: ({ server, database, body }) => {
    server.counters.count('command')
    if (body.dropDatabase !== 1 && Number(String(body.dropDatabase)) !== 1)
      throw failure('IllegalOperation', 'have to pass 1 as db parameter')
    if (database === 'admin') throw failure('IllegalOperation', "Dropping the 'admin' database is prohibited.")
    const { catalog } = server
    const [views, collections] = [catalog.viewsIn(database), catalog.inDatabase(database)]
    for (const { name } of views) catalog.dropView(database, name)
    for (const { name, collection } of collections) {
      catalog.drop(database, name)
      server.cursors.killNamespace(collection.namespace)
    }
    if (views.length + collections.length === 0) return {}
    catalog.history.record({
      kind: 'dropDatabase',
      namespace: database,
      apply: nothing,
      revert: nothing,
      persist: nothing,
    })
    return { dropped: database }
  },
}

const renameCollection: Command = {
  options: ['to', 'dropTarget'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    onAdminOnly(request)
    checkCommand(body, 'renameCollection', { to: required(types.string), dropTarget: types.flag })
    const [source, target] = [splitNamespace(body.renameCollection, 'renameCollection'), splitNamespace(body.to, 'to')]
    if (body.renameCollection === body.to) throw failure('IllegalOperation', "Can't rename a collection to itself")
    const { catalog } = server
    const collection = catalog.find(...source)
    if (catalog.view(...source) !== undefined)
      throw failure('CommandNotSupportedOnView', `cannot rename view: ${source.join('.')}`)
    if (collection === undefined)
      throw failure('NamespaceNotFound', `Source collection ${source.join('.')} does not exist`)
    if (catalog.view(...target) !== undefined)
      throw failure('NamespaceExists', `a view already exists with that name: ${target.join('.')}`)
    if (catalog.find(...target) !== undefined) {
      if (!isSet(body.dropTarget)) throw failure('NamespaceExists', 'target namespace exists')
      catalog.drop(...target)
      server.cursors.killNamespace(target.join('.'))
    }
    catalog.rename(collection, ...target)
    server.cursors.killNamespace(collection.namespace)
    return {}
  },
}

const cursorStruct: Struct = { batchSize: types.number }

/** The `cursor: {batchSize}` of a command that lists something. */
export const cursorSize = ({ body, name }: Request): number | undefined => {
  const { cursor } = body
  if (cursor === undefined || cursor === null) return undefined
  if (!isDoc(cursor))
    throw failure('TypeMismatch', `BSON field '${name}.cursor' is the wrong type, expected type 'object'`)
  checkStruct(cursor, `${name}.cursor`, cursorStruct)
  return countOption(cursor, 'batchSize')
}

const describeView = (name: string, { options }: View): Doc => ({
  name,
  type: 'view',
  options: options.spec,
  info: { readOnly: true },
})

const describeAll = ({ server, database }: Request): Doc[] => {
  const { catalog } = server
  const collections = catalog.inDatabase(database).map(({ name, collection }): Doc => {
    const { spec, timeSeries, clustered } = collection.options()
    const described: Doc = {
      name,
      type: timeSeries === undefined ? 'collection' : 'timeseries',
      options: spec,
      info: { readOnly: false, uuid: uuidOf(collection) },
    }
    if (timeSeries === undefined && clustered === undefined) described.idIndex = idIndexSpec(spec)
    return described
  })
  return [...collections, ...catalog.viewsIn(database).map(({ name, view }) => describeView(name, view))]
}

const listCollections: Command = {
  options: ['filter', 'cursor', 'nameOnly', 'authorizedCollections'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    checkCommand(body, 'listCollections', {
      filter: types.object,
      nameOnly: types.flag,
      authorizedCollections: types.flag,
    })
    const filter = parseFilter(body.filter)
    const nameOnly = isSet(body.nameOnly)
    const rows = describeAll(request)
      .filter((doc) => filter.match(doc))
      .map((doc) => encode(nameOnly ? { name: doc.name ?? null, type: doc.type ?? null } : doc))
    const namespace = `${database}.$cmd.listCollections`
    const session = request.cursorSession
    return server.cursors.open({ namespace, rows, batchSize: cursorSize(request), session })
  },
}

const describeDatabase = ({ server }: Request, name: string): Doc => {
  const held = server.catalog.inDatabase(name).map(({ collection }) => collection.bytesHeld())
  return { name, sizeOnDisk: held.reduce((sum, bytes) => sum + bytes, 0), empty: false }
}

const nameOf = ({ name }: Doc): { name: Value } => ({ name: name ?? null })

const listDatabases: Command = {
  options: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    onAdminOnly(request)
    checkCommand(body, 'listDatabases', {
      filter: types.object,
      nameOnly: types.flag,
      authorizedDatabases: types.flag,
    })
    const filter = parseFilter(body.filter)
    const databases = server.catalog
      .databases()
      .map((name) => describeDatabase(request, name))
      .filter((doc) => filter.match(doc))
    if (isSet(body.nameOnly)) return { databases: databases.map(nameOf) }
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + Number(sizeOnDisk), 0)
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1024 / 1024) }
  },
}

export const collectionCommands: Readonly<Record<string, Command>> = {
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
}
