import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess, until } from '../../testing.ts'

const { MongoClient } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>
type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client
let number = 0
const name = () => `c${number}`
const db = () => client.db('cat')
const fresh = () => db().collection<Plain>(name())
const run = (command: Plain): Promise<Plain> => db().command(command)
const listed = async (filter: object = { name: name() }) => (await db().listCollections(filter).toArray()) as Plain[]

beforeAll(async () => {
  server = await startInProcess({ ttlIntervalMs: 20 })
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(() => {
  number++
})

describe('create', () => {
  it('given the same options again, then nothing happens; others are code 48', async () => {
    const options = { capped: true, size: 4096, max: 3 }
    await run({ create: name(), ...options })
    await run({ create: name(), ...options })
    await expect(run({ create: name() })).rejects.toMatchObject({ code: 48 })
    expect(await listed()).toMatchObject([{ type: 'collection', options, idIndex: { name: '_id_', key: { _id: 1 } } }])
  })

  it('given a capped collection, then the oldest make room', async () => {
    await run({ create: name(), capped: true, size: 100_000, max: 3 })
    await fresh().insertMany([1, 2, 3, 4, 5].map((_id) => ({ _id })) as never)
    expect((await fresh().find().toArray()).map(({ _id }) => _id)).toEqual([3, 4, 5])
    await run({ collMod: name(), cappedMax: 1 })
    expect(await fresh().countDocuments()).toBe(1)
  })

  it('given a default collation, then queries, _id and new indexes use it', async () => {
    await run({ create: name(), collation: { locale: 'en', strength: 2 } })
    await fresh().insertOne({ _id: 'A', k: 'X' } as never)
    expect(await fresh().findOne({ k: 'x' })).toMatchObject({ _id: 'A' })
    await expect(fresh().insertOne({ _id: 'a' } as never)).rejects.toMatchObject({ code: 11000 })
    await fresh().createIndex({ k: 1 }, { unique: true })
    await expect(fresh().insertOne({ k: 'x' })).rejects.toMatchObject({ code: 11000 })
    expect((await listed())[0]).toMatchObject({ options: { collation: { locale: 'en', strength: 2 } } })
  })

  it('given a clustered index, then it is told of in both lists', async () => {
    await run({ create: name(), clusteredIndex: { key: { _id: 1 }, unique: true, name: 'mine' } })
    expect(await listed()).toMatchObject([
      { options: { clusteredIndex: { key: { _id: 1 }, unique: true, name: 'mine', v: 2 } } },
    ])
    expect(await fresh().listIndexes().toArray()).toEqual([
      { v: 2, key: { _id: 1 }, name: 'mine', unique: true, clustered: true },
    ])
  })

  it('given a time series, then measurements may share an _id and need their time', async () => {
    await run({
      create: name(),
      timeseries: { timeField: 't', metaField: 'm', granularity: 'minutes' },
      expireAfterSeconds: 3600,
    })
    await fresh().insertMany([
      { _id: 1, t: new Date() },
      { _id: 1, t: new Date() },
    ] as never)
    expect(await fresh().countDocuments()).toBe(2)
    await expect(fresh().insertOne({ t: 5 })).rejects.toMatchObject({ code: 2 })
    await expect(fresh().updateOne({}, { $set: { v: 1 } })).rejects.toMatchObject({ code: 72 })
    await expect(fresh().findOneAndUpdate({}, { $set: { v: 1 } })).rejects.toMatchObject({ code: 72 })
    await expect(fresh().createIndex({ v: 1 }, { unique: true })).rejects.toMatchObject({ code: 72 })
    await expect(fresh().createIndex({ v: 'text' })).rejects.toMatchObject({ code: 72 })
    expect(await listed()).toMatchObject([{ type: 'timeseries' }])
  })

  it('given a time series, then its first index is by series and time, and what expires it is nobody to drop', async () => {
    await run({ create: name(), timeseries: { timeField: 't', metaField: 'm' }, expireAfterSeconds: 60 })
    expect(await fresh().indexes()).toEqual([{ v: 2, key: { m: 1, t: 1 }, name: 'm_1_t_1' }])
    expect(await fresh().createIndex({ t: 1 })).toBe('t_1')
    await fresh().dropIndex({ t: 1 } as never)
    await fresh().createIndex({ t: 1 })
    expect(await run({ dropIndexes: name(), index: '*' })).toMatchObject({ nIndexesWas: 2 })
    expect(await fresh().indexes()).toEqual([])
    await fresh().insertOne({ t: new Date(0) })
    await until(async () => (await fresh().countDocuments()) === 0)
  })

  it('given a view, then nothing can be written to it, and it can be changed and dropped', async () => {
    await run({ create: name(), viewOn: 'base', pipeline: [{ $match: { a: 1 } }] })
    expect(await listed()).toEqual([
      {
        name: name(),
        type: 'view',
        options: { viewOn: 'base', pipeline: [{ $match: { a: 1 } }] },
        info: { readOnly: true },
      },
    ])
    await expect(fresh().insertOne({})).rejects.toMatchObject({ code: 166 })
    await expect(fresh().updateOne({}, { $set: { a: 1 } })).rejects.toMatchObject({ code: 166 })
    await expect(fresh().deleteOne({})).rejects.toMatchObject({ code: 166 })
    await expect(fresh().createIndex({ a: 1 })).rejects.toMatchObject({ code: 166 })
    await run({ collMod: name(), viewOn: 'other', pipeline: [] })
    expect(await listed()).toMatchObject([{ options: { viewOn: 'other', pipeline: [] } }])
    await run({ drop: name() })
    expect(await listed()).toEqual([])
  })

  it.each<[Plain, number]>([
    [{ capped: true }, 72],
    [{ size: 5 }, 72],
    [{ pipeline: [] }, 72],
    [{ viewOn: 'x', validator: {} }, 72],
    [{ viewOn: 'x', capped: true, size: 5 }, 72],
    [{ viewOn: 'x', pipeline: [{ $out: 'y' }] }, 167],
    [{ expireAfterSeconds: 5 }, 72],
    [{ validator: { $foo: 1 } }, 2],
    [{ validator: 1 }, 14],
    [{ validationLevel: 'loose' }, 2],
    [{ validationAction: 'shout' }, 2],
    [{ encryptedFields: {} }, 238],
    [{ autoIndexId: false }, 238],
    [{ timeseries: {} }, 40414],
    [{ timeseries: { timeField: 't', nope: 1 } }, 40415],
    [{ changeStreamPreAndPostImages: {} }, 40414],
    [{ clusteredIndex: { key: { a: 1 }, unique: true } }, 197],
    [{ idIndex: {} }, 9],
    [{ idIndex: { key: { a: 1 }, name: '_id_' } }, 2],
    [{ idIndex: { key: { _id: 1 }, name: '_id_', sparse: true } }, 197],
    [{ idIndex: { key: { _id: 1 }, name: '_id_', collation: { locale: 'en' } } }, 2],
    [{ idIndex: { key: { _id: 1 }, name: '_id_' }, viewOn: 'x' }, 72],
    [{ collation: {} }, 40414],
    [{ nope: 1 }, 40415],
  ])('%j is refused with code %i and leaves nothing', async (options, code) => {
    await expect(run({ create: name(), ...options })).rejects.toMatchObject({ code })
    expect(await listed()).toEqual([])
  })

  it.each(['a$b', '.a', 'a.', 'system.foo', 'x'.repeat(260)])('the name %s is refused with code 73', async (bad) => {
    await expect(run({ create: bad })).rejects.toMatchObject({ code: 73 })
  })

  it('given a database whose name differs in case only, then code 13297', async () => {
    await db().createCollection(name())
    await expect(client.db('CAT').createCollection('x')).rejects.toMatchObject({ code: 13297 })
  })
})

describe('collMod', () => {
  it('given an index, then expiry and visibility change, old and new told', async () => {
    await fresh().createIndex({ at: 1 }, { expireAfterSeconds: 5 })
    const index = (change: Plain) => run({ collMod: name(), index: { name: 'at_1', ...change } })
    expect(await index({ expireAfterSeconds: 10 })).toMatchObject({
      expireAfterSeconds_old: 5,
      expireAfterSeconds_new: 10,
    })
    expect(await index({ hidden: true })).toMatchObject({ hidden_old: false, hidden_new: true })
    expect(await index({ hidden: true })).not.toHaveProperty('hidden_new')
    expect((await fresh().listIndexes().toArray())[1]).toMatchObject({ expireAfterSeconds: 10, hidden: true })
  })

  it('given duplicates, then prepareUnique stops new ones and unique tells them', async () => {
    await fresh().insertMany([
      { _id: 1, x: 1 },
      { _id: 2, x: 1 },
      { _id: 3, x: 2 },
    ] as never)
    await fresh().createIndex({ x: 1 })
    const index = (change: Plain) => run({ collMod: name(), index: { keyPattern: { x: 1 }, ...change } })
    await expect(index({ unique: true })).rejects.toMatchObject({ code: 72 })
    expect(await index({ prepareUnique: true })).toMatchObject({ prepareUnique_old: false, prepareUnique_new: true })
    await expect(fresh().insertOne({ x: 2 })).rejects.toMatchObject({ code: 11000 })
    await expect(index({ unique: true })).rejects.toMatchObject({
      code: 359,
      errorResponse: { violations: [{ ids: [1, 2] }] },
    })
    await fresh().deleteOne({ _id: 1 as never })
    expect(await index({ unique: true })).toMatchObject({ unique_new: true })
    expect((await fresh().listIndexes().toArray())[1]).toMatchObject({ unique: true })
  })

  it.each<[Plain, number]>([
    [{ index: { name: 'nope', hidden: true } }, 27],
    [{ index: { hidden: true } }, 72],
    [{ index: { name: 'a', keyPattern: { a: 1 } } }, 72],
    [{ index: { name: '_id_', hidden: true } }, 2],
    [{ index: { name: '_id_' } }, 72],
    [{ cappedSize: 5 }, 72],
    [{ viewOn: 'x' }, 72],
    [{ timeseries: {} }, 238],
    [{ validationLevel: 'x' }, 2],
    [{ nope: 1 }, 40415],
  ])('%j is refused with code %i', async (change, code) => {
    await db().createCollection(name())
    await expect(run({ collMod: name(), ...change })).rejects.toMatchObject({ code })
  })
})

describe('names and lists', () => {
  it('given a rename, then documents and indexes move, also over a target and to another database', async () => {
    await fresh().insertOne({ _id: 1 } as never)
    await fresh().createIndex({ a: 1 }, { unique: true })
    const admin = client.db('admin')
    const to = `cat.${name()}b`
    await client.db('cat').createCollection(`${name()}b`)
    const rename = { renameCollection: `cat.${name()}`, to }
    await expect(admin.command(rename)).rejects.toMatchObject({ code: 48 })
    await admin.command({ ...rename, dropTarget: true })
    expect(await db().collection(`${name()}b`).listIndexes().toArray()).toHaveLength(2)
    await admin.command({ renameCollection: to, to: 'cat2.moved' })
    expect(await client.db('cat2').collection('moved').findOne()).toEqual({ _id: 1 })
    await expect(admin.command(rename)).rejects.toMatchObject({ code: 26 })
    await expect(admin.command({ renameCollection: to, to })).rejects.toMatchObject({ code: 20 })
    await expect(run(rename)).rejects.toMatchObject({ code: 13 })
  })

  it('given filters and nameOnly, then lists are cut', async () => {
    await db().createCollection(name())
    expect(await db().listCollections({ name: name() }, { nameOnly: true }).toArray()).toEqual([
      { name: name(), type: 'collection' },
    ])
    const { databases } = await client
      .db('admin')
      .command({ listDatabases: 1, nameOnly: true, filter: { name: 'cat' } })
    expect(databases).toEqual([{ name: 'cat' }])
    await expect(run({ listDatabases: 1 })).rejects.toMatchObject({ code: 13 })
  })

  it('given indexes to drop, then by name, key, list and all; _id_ and unknown ones are refused', async () => {
    await fresh().createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }, { key: { d: 1 } }])
    const drop = (index: unknown) => run({ dropIndexes: name(), index })
    expect(await drop({ a: 1 })).toMatchObject({ nIndexesWas: 5 })
    await expect(drop(['b_1', 'nope'])).rejects.toMatchObject({ code: 27 })
    expect(await fresh().listIndexes().toArray()).toHaveLength(4)
    expect(await drop(['b_1', 'c_1'])).toMatchObject({ nIndexesWas: 4 })
    await expect(drop('_id_')).rejects.toMatchObject({ code: 72 })
    await expect(drop({ z: 1 })).rejects.toMatchObject({ code: 27 })
    await expect(drop(5)).rejects.toMatchObject({ code: 14 })
    expect(await drop('*')).toMatchObject({ nIndexesWas: 2 })
  })

  it('given what is not there, then drop and dropDatabase are content', async () => {
    expect(await run({ drop: 'never' })).toMatchObject({ ok: 1 })
    expect(await client.db('never').command({ dropDatabase: 1 })).toMatchObject({ ok: 1 })
    await expect(run({ listIndexes: 'never' })).rejects.toMatchObject({ code: 26 })
    await expect(run({ collMod: 'never' })).rejects.toMatchObject({ code: 26 })
  })
})

describe('maintenance', () => {
  it('given documents and indexes, then validate compares each with a rebuild, dataSize counts', async () => {
    await fresh().insertMany([1, 2, 3].map((n) => ({ n, tags: [`t${n}`, 'all'] })))
    await fresh().createIndex({ tags: 1 })
    await fresh().updateMany({}, { $push: { tags: 'more' } } as never)
    expect(await run({ validate: name(), full: true })).toMatchObject({
      valid: true,
      nrecords: 3,
      nIndexes: 2,
      keysPerIndex: { _id_: 3, tags_1: 9 },
      errors: [],
    })
    expect(await run({ dataSize: `cat.${name()}` })).toMatchObject({ numObjects: 3 })
    await expect(run({ validate: 'never' })).rejects.toMatchObject({ code: 26 })
    await expect(run({ reIndex: name() })).rejects.toMatchObject({ code: 20 })
  })

  it('given a conversion to capped, then the size holds from then on', async () => {
    await fresh().insertMany(Array.from({ length: 50 }, (_, n) => ({ n, text: 'x'.repeat(100) })))
    await run({ convertToCapped: name(), size: 1000 })
    expect(await fresh().countDocuments()).toBeLessThan(10)
    expect(await fresh().findOne({ n: 49 })).not.toBeNull()
  })
})
