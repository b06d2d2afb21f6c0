import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from './testing.ts'

const { Schema } = mongoose
const byHand = { autoIndex: false, autoCreate: false } as const

let server: Awaited<ReturnType<typeof startInProcess>>
let connection: mongoose.Connection

beforeAll(async () => {
  server = await startInProcess()
  connection = await mongoose.createConnection(server.url, { dbName: 'indexes' }).asPromise()
})

afterAll(async () => {
  await connection.close()
  await server.stop()
})

beforeEach(async () => {
  connection.deleteModel(/.*/)
  await connection.dropDatabase()
})

/** What is kept of an index must look to mongoose like what its schema says, or it would be dropped and built anew. */
describe('syncIndexes', () => {
  const schemaOf = (define: (schema: mongoose.Schema) => void, options: object = {}) => {
    const schema = new Schema({ title: String, body: String, n: Number, at: Date }, { ...byHand, ...options })
    define(schema)
    return schema
  }

  const timeseries = { timeField: 'at', metaField: 'n', granularity: 'hours' } as const
  const collation = { locale: 'en', strength: 2 } as const

  it.each<[string, mongoose.Schema]>([
    ['every option', schemaOf((s) => s.index({ n: 1, at: -1 }, { unique: true, sparse: true }))],
    ['an expiry', schemaOf((s) => s.index({ at: 1 }, { expires: '1h' }))],
    ['a filter', schemaOf((s) => s.index({ n: 1 }, { partialFilterExpression: { n: { $gt: 5 } } }))],
    ['a collation', schemaOf((s) => s.index({ title: 1 }, { unique: true, collation }))],
    ['the collation of its collection', schemaOf((s) => s.index({ title: 1 }), { collation })],
    ['weights', schemaOf((s) => s.index({ n: 1, title: 'text', body: 'text' }, { weights: { title: 10, body: 5 } }))],
    [
      'a text index in a collection with a collation',
      schemaOf((s) => s.index({ title: 'text' }, { collation: { locale: 'simple' } }), { collation }),
    ],
    ['hashes and wildcards', schemaOf((s) => s.index({ title: 'hashed' }).index({ '$**': 1 }))],
    ['a wish to build in the background', schemaOf((s) => s.index({ n: 1 }, { background: true }))],
    ['a time series', schemaOf((s) => s.index({ title: 1 }), { timeseries, expireAfterSeconds: 60 })],
  ])('given %s, then a second call drops and builds nothing', async (_name, schema) => {
    const Model = connection.model('Kept', schema)
    await Model.createCollection()
    await Model.syncIndexes()
    const built = await Model.listIndexes()
    expect(await Model.syncIndexes()).toEqual([])
    expect(await Model.listIndexes()).toEqual(built)
  })

  it('given another schema, then what it does not name is dropped, or hidden', async () => {
    const Model = connection.model(
      'Changed',
      schemaOf((s) => s.index({ n: 1 })),
    )
    await Model.createCollection()
    await Model.collection.createIndex({ title: 1 })
    await Model.syncIndexes({ hideIndexes: true })
    expect((await Model.listIndexes()).map(({ name, hidden }) => [name, hidden])).toEqual([
      ['_id_', undefined],
      ['title_1', true],
      ['n_1', undefined],
    ])
    expect(await Model.syncIndexes()).toEqual(['title_1'])
  })

  it('given duplicates, then the error of the index is told and the others are built', async () => {
    const Model = connection.model(
      'Doubled',
      schemaOf((s) => s.index({ title: 1 }, { unique: true }).index({ n: 1 })),
    )
    await Model.create([{ title: 'a' }, { title: 'a' }])
    await expect(Model.syncIndexes()).rejects.toMatchObject({ code: 11000 })
    expect((await Model.listIndexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1'])
  })
})

describe('names with a dollar', () => {
  it('given a field named like an operator, then an upsert inserts it and an update does not write it', async () => {
    const Model = connection.model('Dollar', new Schema({ $price: Number, title: String }))
    await Model.updateOne({ title: 'a' }, { $price: 5 }, { upsert: true })
    expect((await Model.findOne().lean())?.$price).toBe(5)
    await expect(Model.updateOne({ title: 'a' }, { $price: 6 })).rejects.toMatchObject({ code: 52 })
  })

  it('given references in an array, then they are found by their parts', async () => {
    const Model = connection.model('Linked', new Schema({ links: [{ $ref: String, $id: Number }] }))
    await Model.create({ links: [{ $ref: 'c', $id: 7 }] })
    expect(await Model.countDocuments({ links: { $elemMatch: { $id: 7 } } })).toBe(1)
    expect(await Model.countDocuments({ links: { $elemMatch: { $id: 8 } } })).toBe(0)
  })
})
