import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from './testing.ts'

let server: Awaited<ReturnType<typeof startInProcess>>
let connection: mongoose.Connection

beforeAll(async () => {
  server = await startInProcess()
  connection = await mongoose.createConnection(server.url, { dbName: 'mongoose' }).asPromise()
})

afterAll(async () => {
  await connection.close()
  await server.stop()
})

describe('mongoose', () => {
  it('given an update with a pipeline, then it runs', async () => {
    const Item = connection.model('Item', new mongoose.Schema({ price: Number, total: Number }))
    await Item.create({ price: 5 })
    await Item.updateOne({}, [{ $set: { total: { $multiply: ['$price', 2] } } }], { updatePipeline: true })
    expect((await Item.findOne())?.total).toBe(10)
  })

  it('given bulkWrite and bulkSave, then documents are written', async () => {
    const Thing = connection.model('Thing', new mongoose.Schema({ n: Number }))
    const things = [new Thing({ n: 1 }), new Thing({ n: 2 })]
    await Thing.bulkSave(things)
    for (const thing of things) thing.n = (thing.n ?? 0) + 10
    await Thing.bulkSave(things)
    const result = await Thing.bulkWrite([
      { updateMany: { filter: { n: { $gt: 10 } }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { n: 99 }, update: { $setOnInsert: { n: 99 } }, upsert: true } },
      { deleteOne: { filter: { n: 12 } } },
    ])
    expect(result).toMatchObject({ modifiedCount: 2, upsertedCount: 1, deletedCount: 1 })
    expect((await Thing.find().sort({ n: 1 })).map(({ n }) => n)).toEqual([13, 99])
  })

  it('given changed indexes, then syncIndexes drops and makes them', async () => {
    const schema = new mongoose.Schema({ a: String, b: Number }, { autoIndex: false })
    schema.index({ a: 1 }, { unique: true })
    const Synced = connection.model('Synced', schema)
    await Synced.createCollection()
    await Synced.collection.createIndex({ b: 1 })
    await Synced.collection.createIndex({ a: 1 })
    expect(await Synced.syncIndexes()).toEqual(expect.arrayContaining(['b_1']))
    expect((await Synced.listIndexes()).map(({ name, unique }) => [name, unique])).toEqual([
      ['_id_', undefined],
      ['a_1', true],
    ])
    expect(await Synced.diffIndexes()).toEqual({ toDrop: [], toCreate: [] })
  })

  it('given collection options in the schema, then createCollection makes them', async () => {
    const Logs = connection.model('Logs', new mongoose.Schema({ n: Number }, { capped: { size: 4096, max: 2 } }))
    await Logs.createCollection()
    await Logs.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect((await Logs.find()).map(({ n }) => n)).toEqual([2, 3])

    const Words = connection.model(
      'Words',
      new mongoose.Schema({ w: String }, { collation: { locale: 'en', strength: 1 } }),
    )
    await Words.createCollection()
    await Words.create({ w: 'Café' })
    expect(await Words.countDocuments({ w: 'cafe' })).toBe(1)

    const timeseries = { timeField: 'at', metaField: 'sensor', granularity: 'hours' } as const
    const Readings = connection.model(
      'Readings',
      new mongoose.Schema({ at: Date, sensor: String }, { timeseries, autoIndex: false }),
    )
    await Readings.createCollection()
    await Readings.create({ at: new Date(), sensor: 's' })
    expect(await Readings.countDocuments()).toBe(1)

    const Checked = connection.model('Checked', new mongoose.Schema({ n: Number }))
    await Checked.createCollection({ validator: { $jsonSchema: { required: ['n'] } } } as never)
    await expect(Checked.create({})).rejects.toMatchObject({ code: 121 })
  })
})
