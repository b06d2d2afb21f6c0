import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInProcess } from '../testing.ts'

let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient
let count = 0

beforeAll(async () => {
  server = await startInProcess()
  client = await mongoose.mongo.MongoClient.connect(server.url)
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

const fresh = () => client.db('indexes').collection<Record<string, unknown>>(`c${count++}`)

const create = async (name: string, ...indexes: object[]) =>
  client.db('indexes').command({ createIndexes: name, indexes })

describe('createIndexes', () => {
  test.each<[string, object, number]>([
    ['an unknown option', { key: { a: 1 }, name: 'a', colour: 1 }, 197],
    ['no name', { key: { a: 1 } }, 9],
    ['no key', { name: 'a' }, 9],
    ['an empty key', { key: {}, name: 'a' }, 67],
    ['a zero direction', { key: { a: 0 }, name: 'a' }, 67],
    ['a direction that is no number', { key: { a: true }, name: 'a' }, 67],
    ['an unknown kind', { key: { a: 'magic' }, name: 'a' }, 67],
    ['an empty field', { key: { 'a..b': 1 }, name: 'a' }, 67],
    ['a dollar field', { key: { 'a.$b': 1 }, name: 'a' }, 67],
    ['a name that means all', { key: { a: 1 }, name: '*' }, 2],
    ['sparse and partial', { key: { a: 1 }, name: 'a', sparse: true, partialFilterExpression: { a: 1 } }, 67],
    [
      'a partial filter that is not known',
      { key: { a: 1 }, name: 'a', partialFilterExpression: { a: { $ne: 1 } } },
      67,
    ],
    ['an expiry on two fields', { key: { a: 1, b: 1 }, name: 'a', expireAfterSeconds: 1 }, 67],
    ['an expiry that is no number', { key: { a: 1 }, name: 'a', expireAfterSeconds: 'x' }, 67],
    ['a negative expiry', { key: { a: 1 }, name: 'a', expireAfterSeconds: -1 }, 67],
    ['a flag that is no boolean', { key: { a: 1 }, name: 'a', unique: 'yes' }, 14],
    ['hidden as a number', { key: { a: 1 }, name: 'a', hidden: 1 }, 14],
    ['an option on _id', { key: { _id: 1 }, name: 'x', sparse: true }, 197],
    ['two hashed fields', { key: { a: 'hashed', b: 'hashed' }, name: 'a' }, 31303],
    ['a unique hashed field', { key: { a: 'hashed' }, name: 'a', unique: true }, 16764],
    ['a text weight of nothing', { key: { a: 'text' }, name: 'a', weights: { a: 0 } }, 67],
    ['a text language nobody speaks', { key: { a: 'text' }, name: 'a', default_language: 'klingon' }, 67],
    ['texts that are apart', { key: { a: 'text', b: 1, c: 'text' }, name: 'a' }, 67],
    ['weights without a text', { key: { a: 1 }, name: 'a', weights: { a: 1 } }, 67],
    ['a projection without a wildcard', { key: { a: 1 }, name: 'a', wildcardProjection: { a: 1 } }, 2],
    ['a mixed projection', { key: { '$**': 1 }, name: 'a', wildcardProjection: { a: 1, b: 0 } }, 31254],
    ['a computed projection', { key: { '$**': 1 }, name: 'a', wildcardProjection: { a: 1, b: 'x' } }, 51271],
    ['a wildcard that expires', { key: { '$**': 1 }, name: 'a', expireAfterSeconds: 5 }, 67],
    ['a wildcard in a wildcard', { key: { 'a.$**.$**': 1 }, name: 'a' }, 67],
    ['a text below a path', { key: { 'a.$**': 'text' }, name: 'a' }, 67],
    ['the name of the text itself', { key: { _fts: 1 }, name: 'a' }, 67],
    ['an empty name', { key: { a: 1 }, name: '' }, 67],
    ['an empty collation', { key: { a: 1 }, name: 'a', collation: {} }, 2],
    ['a partial filter that is no document', { key: { a: 1 }, name: 'a', partialFilterExpression: 5 }, 14],
    ['a unique wildcard', { key: { '$**': 1 }, name: 'a', unique: true }, 67],
    ['a sphere', { key: { a: '2dsphere' }, name: 'a' }, 238],
    ['a plane', { key: { a: '2d' }, name: 'a' }, 238],
    ['a version of old', { key: { a: 1 }, name: 'a', v: 1 }, 238],
    ['an unknown version', { key: { a: 1 }, name: 'a', v: 7 }, 67],
    ['a text under a collation', { key: { a: 'text' }, name: 'a', collation: { locale: 'en' } }, 67],
  ])('given %s, then it is refused', async (_name, index, code) => {
    const { collectionName } = fresh()
    await expect(create(collectionName, index)).rejects.toMatchObject({ code })
  })

  test.each<[string, object, number]>([
    ['the same name for another key', { key: { b: 1 }, name: 'a_1' }, 86],
    ['the same name, now unique', { key: { a: 1 }, name: 'a_1', unique: true }, 86],
    ['the same name under a collation', { key: { a: 1 }, name: 'a_1', collation: { locale: 'de' } }, 86],
    ['the same key under another name', { key: { a: 1 }, name: 'other' }, 85],
    ['the same index with an expiry', { key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }, 85],
    ['a second text index', { key: { z: 'text' }, name: 'z' }, 85],
  ])('given %s, then the conflict has its code', async (_name, index, code) => {
    const { collectionName } = fresh()
    await create(collectionName, { key: { a: 1 }, name: 'a_1' }, { key: { t: 'text' }, name: 't' })
    await expect(create(collectionName, index)).rejects.toMatchObject({ code })
  })

  test('given an index that is there, then nothing happens, and the reply says so', async () => {
    const { collectionName } = fresh()
    const index = { key: { a: 1 }, name: 'a_1' }
    expect(await create(collectionName, index)).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    })
    expect(await create(collectionName, index)).toMatchObject({
      numIndexesBefore: 2,
      numIndexesAfter: 2,
      note: 'all indexes already exist',
    })
  })

  test('given one of every kind, then listIndexes tells each as MongoDB does', async () => {
    const collection = fresh()
    await create(
      collection.collectionName,
      { key: { a: 1, b: -1 }, name: 'ab', unique: true, sparse: true },
      { key: { at: 1 }, name: 'at', expireAfterSeconds: 60, partialFilterExpression: { a: { $gt: 0 } } },
      { key: { a: 'hashed' }, name: 'h', hidden: true },
      { key: { '$**': 1 }, name: 'w', wildcardProjection: { a: 1 } },
      { key: { p: 1, t: 'text', s: 1 }, name: 't', weights: { u: 3 } },
      { key: { n: 1 }, name: 'n', collation: { locale: 'en', strength: 2 } },
    )
    expect(await collection.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1, b: -1 }, name: 'ab', unique: true, sparse: true },
      { v: 2, key: { at: 1 }, name: 'at', expireAfterSeconds: 60, partialFilterExpression: { a: { $gt: 0 } } },
      { v: 2, key: { a: 'hashed' }, name: 'h', hidden: true },
      { v: 2, key: { '$**': 1 }, name: 'w', wildcardProjection: { a: 1 } },
      {
        v: 2,
        key: { p: 1, _fts: 'text', _ftsx: 1, s: 1 },
        name: 't',
        weights: { t: 1, u: 3 },
        default_language: 'english',
        language_override: 'language',
        textIndexVersion: 3,
      },
      { v: 2, key: { n: 1 }, name: 'n', collation: expect.objectContaining({ locale: 'en', strength: 2 }) },
    ])
  })
})

describe('uniqueness', () => {
  test('given a collation, then equal strings are duplicates, told with the keys they share', async () => {
    const collection = fresh()
    await collection.createIndex({ name: 1 }, { unique: true, collation: { locale: 'en', strength: 2 } })
    await collection.insertOne({ name: 'Ada' })
    await expect(collection.insertOne({ name: 'ADA' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { name: 1 },
      keyValue: { name: expect.stringMatching(/^0x/) },
    })
    await collection.insertOne({ name: 'Adá' })
  })

  test('given sparse, partial and compound ones, then only what is in the index must be unique', async () => {
    const collection = fresh()
    await create(
      collection.collectionName,
      { key: { s: 1 }, name: 's', unique: true, sparse: true },
      { key: { p: 1 }, name: 'p', unique: true, partialFilterExpression: { live: true } },
      { key: { x: 1, y: 1 }, name: 'xy', unique: true, partialFilterExpression: { x: { $exists: true } } },
    )
    await collection.insertMany([{ p: 1 }, { p: 1 }, { p: 1, live: true }, { x: 1, y: 1 }, { x: 1, y: 2 }])
    await expect(collection.insertOne({ p: 1, live: true })).rejects.toMatchObject({ code: 11000 })
    await expect(collection.insertOne({ x: 1, y: [3, 1] })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { x: 1, y: 1 },
      keyValue: { x: 1, y: 1 },
    })
  })

  test('given duplicates, when a unique index is built, then it is refused and leaves no trace', async () => {
    const collection = fresh()
    await collection.insertMany([{ a: 1 }, { a: 2 }, { a: 1 }])
    await expect(collection.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
      code: 11000,
      keyValue: { a: 1 },
    })
    expect(await collection.indexes()).toHaveLength(1)
  })

  test('given an array in a hashed field, then it is refused', async () => {
    const collection = fresh()
    await collection.createIndex({ a: 'hashed' })
    await expect(collection.insertOne({ a: [1] })).rejects.toMatchObject({ code: 16766 })
  })
})
