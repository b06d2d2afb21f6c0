import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from './testing.ts'

const { MongoClient, Long, Double, Decimal128, ObjectId, MongoServerError } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client
let number = 0
const fresh = () => client.db('test').collection<Record<string, unknown>>(`c${number}`)

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(() => {
  number++
})

describe('documents', () => {
  it('given every number type, when stored and read, then each type survives', async () => {
    const doc = {
      _id: 1,
      i: 1,
      l: Long.fromString('9007199254740993'),
      d: new Double(2),
      m: Decimal128.fromString('1.10'),
    }
    await fresh().insertOne(doc as never)
    const read = await fresh().findOne({ l: Long.fromString('9007199254740993') }, { promoteValues: false })
    expect(read).toMatchObject({ i: { value: 1 }, d: { value: 2 } })
    expect(String(read?.l)).toBe('9007199254740993')
    expect(String(read?.m)).toBe('1.10')
  })

  it('given 500 documents, when read in batches, then all come once and writes between do not disturb', async () => {
    await fresh().insertMany(Array.from({ length: 500 }, (_, n) => ({ n })))
    const cursor = fresh().find().sort({ n: 1 }).batchSize(50)
    const seen = [(await cursor.next())?.n]
    await fresh().updateMany({}, { $inc: { n: 1000 } } as never)
    for await (const { n } of cursor) seen.push(n)
    expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => n))
  })

  it('given more than 16 MB, when read at once, then the reply is split', async () => {
    const big = 'x'.repeat(3_000_000)
    for (let n = 0; n < 12; n++) await fresh().insertOne({ n, big })
    const read = await fresh().find().batchSize(100).toArray()
    expect(read.map(({ n }) => n)).toEqual(Array.from({ length: 12 }, (_, n) => n))
  })

  it('given a document that grows over 16 MB, then code 10334 and nothing changes', async () => {
    await fresh().insertOne({ k: 1, a: ['x'.repeat(9_000_000)] })
    const grow = fresh().updateOne({ k: 1 }, { $push: { a: 'x'.repeat(9_000_000) } } as never)
    await expect(grow).rejects.toMatchObject({ code: 10334 })
    expect((await fresh().findOne({ k: 1 }))?.a).toHaveLength(1)
  })

  it('given projections, then only what is asked for comes', async () => {
    await fresh().insertOne({ _id: 1 as never, a: { b: 1, c: 2 }, l: [{ x: 1, y: 2 }, { x: 3 }], n: [1, 2, 3] })
    const show = (projection: object) => fresh().findOne({}, { projection })
    expect(await show({ 'a.b': 1 })).toEqual({ _id: 1, a: { b: 1 } })
    expect(await show({ _id: 0, 'l.x': 1 })).toEqual({ l: [{ x: 1 }, { x: 3 }] })
    expect(await show({ a: 0, l: 0 })).toEqual({ _id: 1, n: [1, 2, 3] })
    expect(await show({ _id: 1, n: { $slice: -1 }, a: 1 })).toEqual({ _id: 1, a: { b: 1, c: 2 }, n: [3] })
    expect(await show({ l: { $elemMatch: { x: 3 } } })).toEqual({ _id: 1, l: [{ x: 3 }] })
    await expect(show({ a: 1, n: 0 })).rejects.toMatchObject({ code: 31254 })
    await expect(show({ 'l.$': 1 })).rejects.toMatchObject({ code: 51246 })
  })

  it('given sort, skip, limit, count and distinct, then they agree', async () => {
    await fresh().insertMany([3, 1, 2].map((n) => ({ n, even: n % 2 === 0, tags: [`t${n}`, 'all'] })))
    const sorted = await fresh().find().sort({ n: -1 }).skip(1).limit(1).toArray()
    expect(sorted.map(({ n }) => n)).toEqual([2])
    expect(await fresh().countDocuments({ even: false })).toBe(2)
    expect(await fresh().estimatedDocumentCount()).toBe(3)
    expect(await fresh().distinct('tags', { even: false })).toEqual(['all', 't1', 't3'])
  })
})

describe('findAndModify', () => {
  it('given its options, then value and lastErrorObject are right', async () => {
    await fresh().insertMany([{ n: 1 }, { n: 2 }])
    const raw = { includeResultMetadata: true } as const
    const before = await fresh().findOneAndUpdate({ n: 1 }, { $inc: { n: 10 } } as never, raw)
    expect([before?.value?.n, before?.lastErrorObject]).toEqual([1, { n: 1, updatedExisting: true }])
    const after = await fresh().findOneAndUpdate(
      { n: 11 },
      { $set: { x: 1 } },
      { ...raw, returnDocument: 'after', projection: { _id: 0 } },
    )
    expect(after?.value).toEqual({ n: 11, x: 1 })
    const none = await fresh().findOneAndUpdate({ n: 99 }, { $set: { x: 1 } }, raw)
    expect([none?.value, none?.lastErrorObject]).toEqual([null, { n: 0, updatedExisting: false }])
    const upserted = await fresh().findOneAndUpdate(
      { n: 99 },
      { $set: { x: 1 } },
      { ...raw, upsert: true, returnDocument: 'after' },
    )
    expect(upserted?.lastErrorObject).toMatchObject({ n: 1, updatedExisting: false, upserted: expect.any(ObjectId) })
    const highest = await fresh().findOneAndDelete({}, { ...raw, sort: { n: -1 } })
    expect([highest?.value?.n, highest?.lastErrorObject]).toEqual([99, { n: 1 }])
    expect((await fresh().findOneAndReplace({ n: 2 }, { m: 1 }, { returnDocument: 'after' }))?.m).toBe(1)
  })
})

describe('aggregate', () => {
  it('given the stages that are there, then groups, counts and unwinds are right', async () => {
    await fresh().insertMany([
      { c: 'a', p: 2, t: [1, 2] },
      { c: 'b', p: 3, t: [] },
      { c: 'a', p: 5 },
    ])
    const run = (...pipeline: object[]) => fresh().aggregate(pipeline).toArray()
    expect(
      await run(
        { $group: { _id: '$c', n: { $sum: 1 }, p: { $sum: '$p' }, avg: { $avg: '$p' }, all: { $push: '$p' } } },
        { $sort: { _id: 1 } },
      ),
    ).toEqual([
      { _id: 'a', n: 2, p: 7, avg: 3.5, all: [2, 5] },
      { _id: 'b', n: 1, p: 3, avg: 3, all: [3] },
    ])
    expect(
      await run({ $group: { _id: null, min: { $min: '$p' }, max: { $max: '$p' }, cs: { $addToSet: '$c' } } }),
    ).toEqual([{ _id: null, min: 2, max: 5, cs: ['a', 'b'] }])
    expect(await run({ $match: { c: 'a' } }, { $count: 'n' })).toEqual([{ n: 2 }])
    expect(await run({ $unwind: '$t' }, { $project: { _id: 0, t: 1, price: '$p' } })).toEqual([
      { t: 1, price: 2 },
      { t: 2, price: 2 },
    ])
    expect(
      await run(
        { $unwind: { path: '$t', preserveNullAndEmptyArrays: true } },
        { $sort: { p: -1 } },
        { $limit: 1 },
        { $project: { _id: 0, p: 1 } },
      ),
    ).toEqual([{ p: 5 }])
  })
})

describe('uniqueness', () => {
  it('given a duplicate, then code 11000 with keyPattern, keyValue and the standard text, also in bulk', async () => {
    await fresh().createIndex({ email: 1 }, { unique: true })
    await fresh().insertOne({ email: 'a@b' })
    const error = await fresh()
      .insertOne({ email: 'a@b' })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MongoServerError)
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { email: 1 },
      keyValue: { email: 'a@b' },
      message: `E11000 duplicate key error collection: test.c${number} index: email_1 dup key: { email: "a@b" }`,
    })
    const bulk = await fresh()
      .insertMany([{ email: 'x' }, { email: 'a@b' }, { email: 'y' }], { ordered: false })
      .catch((thrown: unknown) => thrown)
    expect(bulk).toMatchObject({ code: 11000, result: { insertedCount: 2 }, writeErrors: [{ index: 1, code: 11000 }] })
    const update = fresh().findOneAndUpdate({ email: 'x' }, { $set: { email: 'y' } })
    await expect(update).rejects.toMatchObject({ code: 11000, codeName: 'DuplicateKey', keyValue: { email: 'y' } })
    expect(await fresh().countDocuments({ email: 'x' })).toBe(1)
  })

  it('given sparse and partial unique indexes, then documents outside them do not collide', async () => {
    await fresh().createIndex({ a: 1 }, { unique: true, sparse: true })
    await fresh().createIndex({ b: 1 }, { unique: true, partialFilterExpression: { open: true } })
    await fresh().insertMany([{ b: 1 }, { b: 1 }, { b: 1, open: true }])
    await expect(fresh().insertOne({ b: 1, open: true })).rejects.toMatchObject({ code: 11000 })
    await expect(fresh().insertMany([{ a: null }, { a: null }])).rejects.toMatchObject({ code: 11000 })
  })
})

describe('indexes', () => {
  it('given the same, renamed and changed indexes, then no-op, 85 and 86', async () => {
    await fresh().createIndex({ a: 1 })
    await fresh().createIndex({ a: 1 })
    await expect(fresh().createIndex({ a: 1 }, { name: 'other' })).rejects.toMatchObject({ code: 85 })
    await expect(fresh().createIndex({ a: 1 }, { expireAfterSeconds: 5 })).rejects.toMatchObject({ code: 85 })
    await expect(fresh().createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 86 })
    await expect(fresh().createIndex({ b: 1 }, { name: 'a_1' })).rejects.toMatchObject({ code: 86 })
    expect((await fresh().indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1'])
    await fresh().dropIndex('a_1')
    await expect(fresh().dropIndex('a_1')).rejects.toMatchObject({ code: 27 })
  })

  it('given duplicates already there, then a unique index is refused and leaves no trace', async () => {
    await fresh().insertMany([{ a: 1 }, { a: 1 }])
    await expect(fresh().createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 })
    expect(await fresh().indexes()).toHaveLength(1)
  })

  it('given explain, then stage, index and counts are told, and scans are counted', async () => {
    await fresh().createIndex({ shop: 1, at: -1 })
    await fresh().insertMany(Array.from({ length: 100 }, (_, at) => ({ shop: at % 2, at })))
    const scans = async () =>
      (await client.db('admin').command({ serverStatus: 1 })).metrics.queryExecutor.collectionScans.total
    const before = await scans()
    const good = await fresh().find({ shop: 1 }).sort({ at: -1 }).limit(5).explain()
    expect(good.queryPlanner.winningPlan).toMatchObject({
      stage: 'LIMIT',
      inputStage: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'shop_1_at_-1' } },
    })
    expect(good.executionStats).toMatchObject({ nReturned: 5, totalKeysExamined: 5, totalDocsExamined: 5 })
    expect(await scans()).toBe(before)
    const bad = await fresh().find({ at: 1 }).explain()
    expect(bad.queryPlanner.winningPlan.stage).toBe('COLLSCAN')
    expect(await scans()).toBe(before + 1)
  })
})

describe('several at once', () => {
  it('given 64 clients and a stock of 20, when all take one, then exactly 20 succeed', async () => {
    await fresh().insertOne({ _id: 'sku' as never, stock: 20 })
    const clients = await Promise.all(
      Array.from({ length: 64 }, () => new MongoClient(server.url, { maxPoolSize: 1 }).connect()),
    )
    const name = `c${number}`
    const take = (one: Client) =>
      one
        .db('test')
        .collection(name)
        .findOneAndUpdate({ _id: 'sku' as never, stock: { $gte: 1 } }, { $inc: { stock: -1 } })
    const taken = await Promise.all(clients.map(take))
    await Promise.all(clients.map((one) => one.close()))
    expect(taken.filter((doc) => doc !== null)).toHaveLength(20)
    expect((await fresh().findOne({ _id: 'sku' as never }))?.stock).toBe(0)
  })
})

describe('sessions', () => {
  it('given a retryable write sent twice, then it happens once and the answer is the same', async () => {
    const db = client.db('test')
    await fresh().insertOne({ _id: 1 as never, n: 0 })
    const lsid = { id: new mongoose.mongo.UUID() }
    const write = (txnNumber: number) => ({
      findAndModify: `c${number}`,
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      new: true,
      lsid,
      txnNumber: Long.fromNumber(txnNumber),
    })
    const raw = await rawCommands()
    const replies = [
      await raw.send({ ...write(1), $db: 'test' }),
      await raw.send({ ...write(1), $db: 'test' }),
      await raw.send({ ...write(2), $db: 'test' }),
    ]
    expect(replies.map(({ value }) => (value as { n: number }).n)).toEqual([1, 1, 2])
    expect(await raw.send({ ...write(1), $db: 'test' })).toMatchObject({ ok: 0, code: 225 })
    raw.end()
    expect((await db.collection(`c${number}`).findOne({}))?.n).toBe(2)
  })
})

const rawCommands = async () => {
  const { connectRaw } = await import('./wire/rawClient.ts')
  return connectRaw(server.port)
}

describe('what is not there', () => {
  const command = (body: Record<string, unknown>) => client.db('test').command(body)

  it.each([
    ['a stage', { aggregate: 'x', pipeline: [{ $nothing: {} }], cursor: {} }, 40324, '$nothing'],
    [
      'an accumulator',
      { aggregate: 'x', pipeline: [{ $group: { _id: 1, a: { $nothing: '$x' } } }], cursor: {} },
      15952,
      '$nothing',
    ],
    ['a command', { mapReduce: 'x' }, 59, 'mapReduce'],
    ['an option', { find: 'x', foo: 1 }, 40415, 'find.foo'],
    [
      'an option of a statement',
      { update: 'x', updates: [{ q: {}, u: { $set: { a: 1 } }, foo: 1 }] },
      undefined,
      'foo',
    ],
    ['a collation nobody knows', { find: 'x', collation: { locale: 'nowhere' } }, 2, 'locale'],
    ['let of a field', { find: 'x', let: { a: '$b' } }, 4890500, 'let'],
    ['a stage in an update', { findAndModify: 'x', update: [{ $match: { a: 1 } }] }, 72, '$match is not allowed'],
    ['a geo index', { createIndexes: 'x', indexes: [{ key: { a: '2dsphere' }, name: 'a' }] }, 238, '2dsphere'],
    [
      'a compound wildcard index',
      { createIndexes: 'x', indexes: [{ key: { a: 1, '$**': 1 }, name: 'a' }] },
      238,
      'wildcard',
    ],
    ['other options of a collection', { create: 'x', capped: true, size: 1 }, 48, 'different options'],
    ['an encrypted collection', { create: 'x', encryptedFields: {} }, 238, 'encryptedFields'],
    ['explain of insert', { explain: { insert: 'x', documents: [] } }, 238, 'insert'],
    ['an unknown cursor', { getMore: Long.fromNumber(5), collection: 'x' }, 43, 'not found'],
    ['a negative limit', { find: 'x', limit: -1 }, 51024, 'limit'],
    ['listIndexes of nothing', { listIndexes: 'nowhere' }, 26, 'ns does not exist'],
    ['a bad hint', { find: 'x', hint: 'nope' }, 2, 'hint'],
  ] as [string, Record<string, unknown>, number | undefined, string][])(
    '%s is refused clearly',
    async (_name, body, code, text) => {
      await fresh().insertOne({})
      const named = Object.fromEntries(
        Object.entries(body).map(([key, value]) => [key, value === 'x' ? `c${number}` : value]),
      )
      const outcome: { code?: number; message?: string; writeErrors?: { errmsg: string }[] } = await command(
        named,
      ).catch((error) => error)
      expect(outcome.message ?? outcome.writeErrors?.[0]?.errmsg).toContain(text)
      if (code !== undefined) expect(outcome.code).toBe(code)
    },
  )
})
