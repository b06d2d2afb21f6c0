import mongoose from 'mongoose'
import type { Call, Operations } from './calls.ts'
import { bulkResult, clientBulkResult } from './expectedErrors.ts'
import type { Document } from './testFile.ts'

const { AbstractCursor, ChangeStream, Collection, Db, GridFSBucket, MongoClient } = mongoose.mongo

const collectionOf = ({ entities, object }: Call) => entities.find(object, Collection)

/** Collections, databases and clients all have `watch`; the first two `aggregate`. */
const watchable = ({ entities, object }: Call) => {
  const entity = entities.value(object)
  if (entity instanceof Collection || entity instanceof Db || entity instanceof MongoClient) return entity
  throw new Error(`'${object}' cannot be watched`)
}

/** Sends the command that opens a cursor, which the driver else leaves to the first read. */
const opened = async <T extends object>(cursor: T): Promise<T> => {
  await (cursor as unknown as { cursorInit: () => Promise<void> }).cursorInit()
  return cursor
}

const updatesAndDeletes = ['updateOne', 'updateMany', 'replaceOne', 'deleteOne', 'deleteMany']

const writeModel = (request: Document): mongoose.mongo.AnyBulkWriteOperation => {
  const [[name, fields] = ['', {}]] = Object.entries<Document>(request)
  if (name !== 'insertOne' && !updatesAndDeletes.includes(name)) throw new Error(`unknown bulk write model '${name}'`)
  return { [name]: fields } as unknown as mongoose.mongo.AnyBulkWriteOperation
}

const bulkWrite = async (call: Call) => {
  const { requests, ...options } = call.args
  return bulkResult(await collectionOf(call).bulkWrite(requests.map(writeModel), options))
}

const clientBulkWrite = async ({ entities, object, args }: Call) => {
  const { models: wanted, ...options } = args
  const models = wanted.map((model: Document) => {
    const [[name, fields] = ['', {}]] = Object.entries<Document>(model)
    return { name, ...fields }
  })
  return clientBulkResult(await entities.find(object, MongoClient).bulkWrite(models, options))
}

const createChangeStream = async (call: Call) => {
  const { pipeline, ...options } = call.args
  const stream = watchable(call).watch(pipeline, options)
  await opened((stream as unknown as { cursor: object }).cursor)
  return stream
}

const aggregate = (call: Call) => {
  const { pipeline, ...options } = call.args
  const target = watchable(call)
  if (target instanceof MongoClient) throw new Error('a client has no aggregate')
  return target.aggregate(pipeline, options).toArray()
}

const find = (call: Call) => {
  const { filter, ...options } = call.args
  return collectionOf(call).find(filter, options)
}

const iterate = async ({ entities, object }: Call) => {
  const cursor = entities.value(object)
  if (cursor instanceof ChangeStream) return cursor.next()
  const next = await entities.find(object, AbstractCursor as never as typeof mongoose.mongo.FindCursor).next()
  return next ?? undefined
}

const close = ({ entities, object }: Call) => {
  const entity = entities.value(object) as { close: () => Promise<void> }
  return entity.close()
}

const download = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const upload = async ({ entities, object, args }: Call) => {
  const { source, filename, ...options } = args
  const stream = entities.find(object, GridFSBucket).openUploadStream(filename, options)
  const finished = Promise.withResolvers<void>()
  stream.once('finish', () => finished.resolve()).once('error', finished.reject)
  stream.end(Buffer.from(source.$$hexBytes, 'hex'))
  await finished.promise
  return stream.id
}

/** What tests call on collections, on cursors and on buckets. */
export const collectionOperations: Operations = {
  aggregate,
  bulkWrite,
  clientBulkWrite,
  close,
  count: (call) => {
    const { filter, ...options } = call.args
    return collectionOf(call).count(filter, options)
  },
  countDocuments: (call) => {
    const { filter, ...options } = call.args
    return collectionOf(call).countDocuments(filter, options)
  },
  createChangeStream,
  createFindCursor: (call) => opened(find(call)),
  createIndex: (call) => {
    const { keys, session, ...options } = call.args
    return collectionOf(call).createIndex(keys, { ...options, session })
  },
  createSearchIndex: (call) => collectionOf(call).createSearchIndex(call.args.model),
  createSearchIndexes: (call) => collectionOf(call).createSearchIndexes(call.args.models),
  delete: ({ entities, object, args }) => entities.find(object, GridFSBucket).delete(args.id),
  deleteMany: (call) => collectionOf(call).deleteMany(call.args.filter, call.args),
  deleteOne: (call) => collectionOf(call).deleteOne(call.args.filter, call.args),
  distinct: (call) => {
    const { fieldName, filter, ...options } = call.args
    return collectionOf(call).distinct(fieldName, filter ?? {}, options)
  },
  download: ({ entities, object, args }) => download(entities.find(object, GridFSBucket).openDownloadStream(args.id)),
  downloadByName: ({ entities, object, args }) =>
    download(entities.find(object, GridFSBucket).openDownloadStreamByName(args.filename)),
  dropIndex: (call) => collectionOf(call).dropIndex(call.args.name, call.args),
  dropIndexes: (call) => collectionOf(call).dropIndexes(call.args),
  dropSearchIndex: (call) => collectionOf(call).dropSearchIndex(call.args.name),
  estimatedDocumentCount: (call) => collectionOf(call).estimatedDocumentCount(call.args),
  find: (call) => find(call).toArray(),
  findOne: (call) => {
    const { filter, ...options } = call.args
    return collectionOf(call).findOne(filter, options)
  },
  findOneAndDelete: (call) => {
    const { filter, ...options } = call.args
    return collectionOf(call).findOneAndDelete(filter, options)
  },
  findOneAndReplace: (call) => {
    const { filter, replacement, returnDocument = 'Before', ...options } = call.args
    const wanted = { ...options, returnDocument: returnDocument.toLowerCase() }
    return collectionOf(call).findOneAndReplace(filter, replacement, wanted)
  },
  findOneAndUpdate: (call) => {
    const { filter, update, returnDocument = 'Before', ...options } = call.args
    return collectionOf(call).findOneAndUpdate(filter, update, {
      ...options,
      returnDocument: returnDocument.toLowerCase(),
    })
  },
  insertMany: (call) => {
    const { documents, ...options } = call.args
    return collectionOf(call).insertMany(documents, options)
  },
  insertOne: (call) => {
    const { document, ...options } = call.args
    return collectionOf(call).insertOne(document, options)
  },
  iterateOnce: ({ entities, object }) => {
    const cursor = entities.value(object) as { tryNext: () => Promise<unknown> }
    return cursor.tryNext()
  },
  iterateUntilDocumentOrError: iterate,
  listIndexNames: async (call) => (await collectionOf(call).listIndexes(call.args).toArray()).map(({ name }) => name),
  listIndexes: (call) => collectionOf(call).listIndexes(call.args).toArray(),
  listSearchIndexes: (call) => {
    const { name, aggregationOptions } = call.args
    const target = collectionOf(call)
    return (
      name === undefined
        ? target.listSearchIndexes(aggregationOptions)
        : target.listSearchIndexes(name, aggregationOptions)
    ).toArray()
  },
  rename: (call) => {
    const { to, ...options } = call.args
    return collectionOf(call).rename(to, options)
  },
  replaceOne: (call) => {
    const { filter, replacement, ...options } = call.args
    return collectionOf(call).replaceOne(filter, replacement, options)
  },
  updateMany: (call) => {
    const { filter, update, ...options } = call.args
    return collectionOf(call).updateMany(filter, update, options)
  },
  updateOne: (call) => {
    const { filter, update, ...options } = call.args
    return collectionOf(call).updateOne(filter, update, options)
  },
  updateSearchIndex: (call) => collectionOf(call).updateSearchIndex(call.args.name, call.args.definition),
  upload,
}
