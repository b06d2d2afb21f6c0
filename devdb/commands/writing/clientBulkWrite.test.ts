import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess, until } from '../../testing.ts'

const { MongoClient, MongoClientBulkWriteError } = mongoose.mongo
type Options = mongoose.mongo.ClientBulkWriteOptions
/** The driver's own type wants every `_id` to be an ObjectId. */
type Model = { readonly name: string; readonly namespace: string; readonly [field: string]: unknown }

const start = async () => {
  const server = await startInProcess()
  const client = await new MongoClient(server.url, { monitorCommands: true }).connect()
  const sent: string[] = []
  client.on('commandStarted', ({ commandName }) => sent.push(commandName))
  return { server, client, sent }
}

let context: Awaited<ReturnType<typeof start>>
let number = 0

beforeAll(async () => {
  context = await start()
})

afterAll(async () => {
  await context.client.close()
  await context.server.stop()
})

beforeEach(() => {
  number++
  context.sent.length = 0
})

const database = () => context.client.db(`client${number}`)
const of = (collection: string) => database().collection<{ _id: unknown; n?: number }>(collection)
const insert = (document: object, collection = 'a'): Model => ({
  name: 'insertOne',
  namespace: `client${number}.${collection}`,
  document,
})
const inserts = (...ids: unknown[]): Model[] => ids.map((_id) => insert({ _id }))
const bulkWrite = (models: readonly Model[], options: Options = {}) =>
  context.client.bulkWrite(models as never, options)
const failNext = (data: object, configureFailPoint = 'failCommand') =>
  context.client.db('admin').command({
    configureFailPoint,
    mode: { times: 1 },
    data: configureFailPoint === 'failCommand' ? { failCommands: ['bulkWrite'], ...data } : data,
  })

const failureOf = async (work: Promise<unknown>): Promise<InstanceType<typeof MongoClientBulkWriteError>> => {
  const error = await work.then(() => undefined).catch((reason) => reason)
  if (!(error instanceof MongoClientBulkWriteError)) throw new Error(`no error of a bulk write: ${error}`)
  return error
}

describe('bulkWrite of a client', () => {
  it('given all models on two collections, then every result is told', async () => {
    await of('b').insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3 }, { _id: 4 }, { _id: 5 }])
    const namespace = `client${number}.b`
    const result = await bulkWrite(
      [
        insert({ _id: 'x' }),
        { name: 'updateOne', namespace, filter: { _id: 1 }, update: { $inc: { n: 1 } } },
        { name: 'updateMany', namespace, filter: { n: { $lte: 2 } }, update: [{ $set: { n: 7 } }] },
        { name: 'replaceOne', namespace, filter: { _id: 9 }, replacement: { n: 9 }, upsert: true },
        { name: 'deleteOne', namespace, filter: { _id: 3 } },
        { name: 'deleteMany', namespace, filter: { n: { $exists: false } } },
      ],
      { verboseResults: true },
    )
    expect(result).toMatchObject({
      insertedCount: 1,
      upsertedCount: 1,
      matchedCount: 3,
      modifiedCount: 3,
      deletedCount: 3,
    })
    expect(result.insertResults?.get(0)).toEqual({ insertedId: 'x' })
    expect(result.updateResults?.get(2)).toMatchObject({ matchedCount: 2, modifiedCount: 2 })
    expect(result.updateResults?.get(3)).toMatchObject({ upsertedId: 9 })
    expect([...(result.deleteResults?.keys() ?? [])]).toEqual([4, 5])
    expect(await of('b').find().toArray()).toEqual([
      { _id: 1, n: 7 },
      { _id: 2, n: 7 },
      { _id: 9, n: 9 },
    ])
  })

  it('given an error, then ordered keeps what was before it and unordered all the others', async () => {
    const ordered = await failureOf(bulkWrite(inserts(1, 1, 2), { verboseResults: true }))
    expect([...ordered.writeErrors.keys()]).toEqual([1])
    expect(ordered.writeErrors.get(1)).toMatchObject({ code: 11000, message: expect.stringContaining('E11000') })
    expect(ordered.partialResult).toMatchObject({ insertedCount: 1 })
    const unordered = await failureOf(bulkWrite(inserts(1, 2, 2, 3), { ordered: false }))
    expect([...unordered.writeErrors.keys()]).toEqual([0, 2])
    expect(await of('a').distinct('_id')).toEqual([1, 2, 3])
  })

  const upserts = (ids: readonly string[]): Model[] =>
    ids.map((_id) => ({
      name: 'updateOne',
      namespace: `client${number}.a`,
      filter: { _id },
      update: { $set: { n: 1 } },
      upsert: true,
    }))

  it.each([
    ['many rows', Array.from({ length: 900 }, (_, i) => `${i}`.padEnd(20_000, '-'))],
    ['two rows', ['a'.repeat(8_388_608), 'b'.repeat(8_388_608)]],
  ])('given %s of more than 16 MB, then the driver fetches the rest', async (_name, ids) => {
    const result = await bulkWrite(upserts(ids), { verboseResults: true })
    expect(ids.map((_, i) => result.updateResults?.get(i)?.upsertedId)).toEqual(ids)
    expect(context.sent).toEqual(['bulkWrite', 'getMore'])
  })

  it('given results of more than 16 MB in a transaction, then getMore runs in it', async () => {
    const session = context.client.startSession()
    session.startTransaction()
    const models = upserts(['a'.repeat(8_388_608), 'b'.repeat(8_388_608)])
    const result = await bulkWrite(models, { verboseResults: true, session })
    await session.commitTransaction()
    await session.endSession()
    expect(result.updateResults?.size).toBe(2)
    expect(context.sent).toEqual(['bulkWrite', 'getMore', 'commitTransaction'])
    expect(await of('a').countDocuments()).toBe(2)
  })

  it('given an error of that getMore, then what is known is told and the writes stay', async () => {
    await failNext({ failCommands: ['getMore'], errorCode: 8 })
    const models = upserts(['a'.repeat(8_388_608), 'b'.repeat(8_388_608)])
    const error = await failureOf(bulkWrite(models, { verboseResults: true }))
    expect(error.cause).toMatchObject({ code: 8 })
    expect(error.partialResult?.updateResults?.size).toBe(1)
    expect(await of('a').countDocuments()).toBe(2)
  })

  it('given more than 100,000 models, then they come in several commands', async () => {
    const result = await bulkWrite(inserts(...Array.from({ length: 100_001 }, (_, i) => i)))
    expect(result.insertedCount).toBe(100_001)
    expect(context.sent).toEqual(['bulkWrite', 'bulkWrite'])
  })

  it.each<[string, object, string?]>([
    ['before the write', { closeConnection: true }],
    ['after the commit', { closeConnection: true }, 'onPrimaryTransactionalWrite'],
    ['for a primary that steps down', { errorCode: 189, errorLabels: ['RetryableWriteError'] }],
    [
      'after the write',
      { writeConcernError: { code: 91, errmsg: 'going down' }, errorLabels: ['RetryableWriteError'] },
    ],
  ])('given its answer is lost %s, then it is sent again and done once', async (_when, data, point) => {
    await of('b').insertOne({ _id: 1, n: 0 })
    await failNext(data, point)
    context.sent.length = 0
    const models = [
      insert({ _id: 1 }),
      { name: 'updateOne', namespace: `client${number}.b`, filter: { _id: 1 }, update: { $inc: { n: 1 } } },
    ]
    const result = await bulkWrite(models, { verboseResults: true })
    expect(result).toMatchObject({ insertedCount: 1, matchedCount: 1, modifiedCount: 1 })
    expect(await of('b').findOne()).toEqual({ _id: 1, n: 1 })
    expect(context.sent.filter((name) => name === 'bulkWrite')).toHaveLength(2)
  })

  it('given w: 0, then it answers at once and the writes happen', async () => {
    const options = { writeConcern: { w: 0 }, ordered: false } as const
    const result = await bulkWrite(inserts(1, 1, 2), options)
    expect(result.acknowledged).toBe(false)
    await until(async () => (await of('a').countDocuments()) === 2)
  })

  it('given a transaction, then it is all or nothing', async () => {
    await of('a').insertOne({ _id: 0 })
    const session = context.client.startSession()
    session.startTransaction()
    await bulkWrite([...inserts(1, 2), insert({ _id: 3 }, 'c')], { session })
    expect(await of('a').countDocuments()).toBe(1)
    await session.abortTransaction()
    expect(await of('c').countDocuments()).toBe(0)
    await session.withTransaction(async () => {
      await bulkWrite(inserts(1, 2), { session })
    })
    await session.endSession()
    expect(await of('a').countDocuments()).toBe(3)
  })

  it('given a transaction that fails in it, then nothing of it stays', async () => {
    const session = context.client.startSession()
    session.startTransaction()
    await of('a').insertOne({ _id: 1 }, { session })
    const error = await failureOf(bulkWrite(inserts(2, 2, 3), { session, ordered: false }))
    expect(error.writeErrors.size).toBe(1)
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 })
    await session.endSession()
    expect(await of('a').countDocuments()).toBe(0)
  })

  it('given a change stream, then every operation is one event', async () => {
    const stream = context.client.db(`client${number}`).watch()
    const next = stream.next()
    await until(() => context.sent.includes('aggregate'))
    await until(
      async () => (await context.client.db('admin').command({ serverStatus: 1 })).metrics.cursor.open.total > 0,
    )
    const namespace = `client${number}.a`
    await bulkWrite([
      insert({ _id: 1 }),
      { name: 'updateOne', namespace, filter: { _id: 1 }, update: { $set: { n: 1 } } },
      { name: 'deleteOne', namespace, filter: { _id: 1 } },
    ])
    const events = [await next, await stream.next(), await stream.next()]
    expect(events.map(({ operationType }) => operationType)).toEqual(['insert', 'update', 'delete'])
    await stream.close()
  })
})
