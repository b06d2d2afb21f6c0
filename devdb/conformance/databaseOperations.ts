import mongoose from 'mongoose'
import type { Call, Operations } from './calls.ts'

const { Db, MongoClient } = mongoose.mongo

const databaseOf = ({ entities, object }: Call) => entities.find(object, Db)
const clientOf = ({ entities, object }: Call) => entities.find(object, MongoClient)

const commandCursor = (call: Call) => {
  const { command, commandName: _name, batchSize, maxTimeMS, comment, cursorType, ...options } = call.args
  const cursor = databaseOf(call).runCursorCommand(command, { ...options, ...(cursorType && { cursorType }) })
  if (batchSize !== undefined) cursor.setBatchSize(batchSize)
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS)
  if (comment !== undefined) cursor.setComment(comment)
  return cursor
}

const runCommand = (call: Call) => {
  const { command, commandName: _name, ...options } = call.args
  return databaseOf(call).command(command, options)
}

/** What tests call on databases and clients. */
export const databaseOperations: Operations = {
  createCollection: async (call) => {
    const { collection, ...options } = call.args
    return databaseOf(call).createCollection(collection, options)
  },
  createCommandCursor: async (call) => {
    const cursor = commandCursor(call)
    await (cursor as unknown as { cursorInit: () => Promise<void> }).cursorInit()
    return cursor
  },
  dropCollection: (call) => {
    const { collection, ...options } = call.args
    return databaseOf(call).dropCollection(collection, options)
  },
  dropDatabase: (call) => databaseOf(call).dropDatabase(call.args),
  listCollectionNames: async (call) => {
    const { filter, ...options } = call.args
    const all = await databaseOf(call)
      .listCollections(filter, { ...options, nameOnly: true })
      .toArray()
    return all.map(({ name }) => name)
  },
  listCollectionObjects: (call) => databaseOf(call).collections(call.args),
  listCollections: (call) => {
    const { filter, ...options } = call.args
    return databaseOf(call).listCollections(filter, options).toArray()
  },
  listDatabaseNames: async (call) => {
    const { databases } = await clientOf(call)
      .db()
      .admin()
      .listDatabases({ ...call.args, nameOnly: true })
    return databases.map(({ name }) => name)
  },
  listDatabases: async (call) => (await clientOf(call).db().admin().listDatabases(call.args)).databases,
  modifyCollection: (call) => {
    const { collection, session, ...options } = call.args
    return databaseOf(call).command({ collMod: collection, ...options }, { session })
  },
  runCommand,
  runCursorCommand: (call) => commandCursor(call).toArray(),
}
