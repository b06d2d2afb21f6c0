import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startInProcess, until } from '../../testing.ts'

const { MongoClient } = mongoose.mongo

type Server = Awaited<ReturnType<typeof startInProcess>>
type Client = InstanceType<typeof MongoClient>

let server: Server
let client: Client
let accounts: ReturnType<ReturnType<Client['db']>['collection']>

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
  accounts = client.db('bank').collection('accounts')
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(async () => {
  await client.db('bank').dropDatabase()
  await accounts.insertMany([
    { _id: 1 as never, balance: 100 },
    { _id: 2 as never, balance: 0 },
  ])
})

const balances = async () => (await accounts.find().sort({ _id: 1 }).toArray()).map(({ balance }) => balance)

describe('a transaction through the driver', () => {
  test('when it is committed, then all its writes are there at once', async () => {
    await client.withSession(async (session) =>
      session.withTransaction(async () => {
        await accounts.updateOne({ _id: 1 as never }, { $inc: { balance: -30 } }, { session })
        await accounts.updateOne({ _id: 2 as never }, { $inc: { balance: 30 } }, { session })
        expect(await balances()).toEqual([100, 0])
        expect(await accounts.findOne({ balance: 30 }, { session })).toEqual({ _id: 2, balance: 30 })
      }),
    )
    expect(await balances()).toEqual([70, 30])
  })

  test('when it is aborted, then nothing of it is left, not even collections and indexes', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.deleteOne({ _id: 1 as never }, { session })
    await accounts.insertOne({ _id: 3 as never }, { session })
    await client.db('bank').createCollection('audit', { session })
    await client.db('bank').collection('audit').createIndex({ at: 1 }, { session })
    await client.db('bank').collection('audit').insertOne({ at: 1 }, { session })
    await session.abortTransaction()
    await session.endSession()
    expect(await balances()).toEqual([100, 0])
    expect(await client.db('bank').listCollections({}, { nameOnly: true }).toArray()).toHaveLength(1)
    expect(await accounts.find().toArray()).toEqual([
      { _id: 1, balance: 100 },
      { _id: 2, balance: 0 },
    ])
  })

  test('when others commit meanwhile, then it reads what was there when it began', async () => {
    const session = client.startSession()
    session.startTransaction({ readConcern: { level: 'snapshot' } })
    expect(await accounts.countDocuments({}, { session })).toBe(2)
    await accounts.insertOne({ _id: 3 as never, balance: 5 })
    await accounts.updateOne({ _id: 2 as never }, { $set: { balance: 77 } })
    await accounts.deleteOne({ _id: 1 as never })
    const inside = await accounts.find({}, { session }).toArray()
    const indexed = await accounts.find({ _id: { $gte: 1 as never } }, { session }).toArray()
    expect([inside, indexed]).toEqual([
      [
        { _id: 1, balance: 100 },
        { _id: 2, balance: 0 },
      ],
      [
        { _id: 1, balance: 100 },
        { _id: 2, balance: 0 },
      ],
    ])
    await session.commitTransaction()
    expect(await balances()).toEqual([77, 5])
    await session.endSession()
  })

  test('when two write the same document, then the second fails with 112 and may try again', async () => {
    const [first, second] = [client.startSession(), client.startSession()]
    first.startTransaction()
    second.startTransaction()
    await accounts.updateOne({ _id: 1 as never }, { $inc: { balance: 1 } }, { session: first })
    const conflict = accounts.updateOne({ _id: 1 as never }, { $inc: { balance: 1 } }, { session: second })
    await expect(conflict).rejects.toMatchObject({ code: 112, codeName: 'WriteConflict' })
    await conflict.catch((error) => expect(error.hasErrorLabel('TransientTransactionError')).toBe(true))
    await first.commitTransaction()
    await second.abortTransaction()
    expect(await balances()).toEqual([101, 0])
    await Promise.all([first.endSession(), second.endSession()])
  })

  test('when what it writes has been changed since it began, then it fails with 112', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.findOne({}, { session })
    await accounts.updateOne({ _id: 1 as never }, { $set: { balance: 1 } })
    await expect(accounts.deleteOne({ _id: 1 as never }, { session })).rejects.toMatchObject({ code: 112 })
    await session.abortTransaction()
    await session.endSession()
  })

  test('when a unique key it uses has been taken since it began, then it fails with 112', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.findOne({}, { session })
    await accounts.insertOne({ _id: 9 as never })
    await expect(accounts.insertOne({ _id: 9 as never }, { session })).rejects.toMatchObject({ code: 112 })
    await session.abortTransaction()
    await session.endSession()
  })

  test('given many clients that move money, when they retry on conflicts, then none is lost', async () => {
    const move = (from: number, to: number) =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          await accounts.updateOne({ _id: from as never }, { $inc: { balance: -1 } }, { session })
          await accounts.updateOne({ _id: to as never }, { $inc: { balance: 1 } }, { session })
        }),
      )
    await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? move(2, 1) : move(1, 2))))
    expect(await balances()).toEqual([96, 4])
  })

  test('when a statement fails with a duplicate key, then the whole transaction is over', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.insertOne({ _id: 5 as never }, { session })
    await expect(accounts.insertOne({ _id: 1 as never }, { session })).rejects.toMatchObject({ code: 11000 })
    await expect(accounts.findOne({}, { session })).rejects.toMatchObject({ code: 251 })
    await session.abortTransaction()
    expect(await accounts.countDocuments()).toBe(2)
    await session.endSession()
  })
})

describe('others, while a transaction is open', () => {
  test('when a plain write meets a document it holds, then it waits and then sees the outcome', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.updateOne({ _id: 1 as never }, { $set: { balance: 500 } }, { session })
    let done = false
    const waiting = accounts
      .findOneAndUpdate({ _id: 1 as never }, { $inc: { balance: 1 } }, { returnDocument: 'after' })
      .finally(() => {
        done = true
      })
    expect(await balances()).toEqual([100, 0])
    expect(done).toBe(false)
    await session.commitTransaction()
    expect(await waiting).toEqual({ _id: 1, balance: 501 })
    await session.endSession()
  })

  test('when it waits longer than maxTimeMS, then it fails with 50 and has changed nothing', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.updateOne({ _id: 2 as never }, { $set: { balance: 1 } }, { session })
    const waiting = accounts.updateMany({}, { $set: { balance: 9 } }, { maxTimeMS: 30 })
    await expect(waiting).rejects.toMatchObject({ code: 50 })
    await session.abortTransaction()
    expect(await balances()).toEqual([100, 0])
    await session.endSession()
  })

  test('when it uses a unique key or a name that the transaction uses, then it waits', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.insertOne({ _id: 7 as never, mine: true }, { session })
    await client
      .db('bank')
      .collection('fresh')
      .insertOne({ _id: 1 as never }, { session })
    const key = accounts.insertOne({ _id: 7 as never }).catch((error) => error.code)
    const name = client
      .db('bank')
      .collection('fresh')
      .insertOne({ _id: 2 as never })
    await until(async () => (await accounts.countDocuments()) === 2)
    await session.commitTransaction()
    expect(await key).toBe(11000)
    await name
    expect(await client.db('bank').collection('fresh').countDocuments()).toBe(2)
    await session.endSession()
  })

  test('when an index is built or the collection dropped, then it waits', async () => {
    const session = client.startSession()
    session.startTransaction()
    await accounts.updateOne({ _id: 1 as never }, { $set: { balance: 1 } }, { session })
    const order: string[] = []
    const index = accounts.createIndex({ balance: 1 }).then(() => order.push('index'))
    const drop = accounts.drop().then(() => order.push('drop'))
    expect(await balances()).toEqual([100, 0])
    order.push('commit')
    await session.commitTransaction()
    await Promise.allSettled([index, drop])
    expect(order[0]).toBe('commit')
    await session.endSession()
  })
})
