import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from './testing.ts'

let server: Awaited<ReturnType<typeof startInProcess>>
let connection: mongoose.Connection

const productSchema = new mongoose.Schema(
  {
    sku: { type: String, required: true, unique: true },
    price: { amount: Number, currency: String },
    stock: { type: Number, default: 0 },
    tags: [String],
    outbox: [{ id: String, type: { type: String } }],
  },
  { timestamps: true, optimisticConcurrency: true },
)
productSchema.index({ tags: 1, createdAt: -1 })

const makeModel = () => connection.model('Product', productSchema)
let Product: ReturnType<typeof makeModel>

beforeAll(async () => {
  server = await startInProcess()
  connection = await mongoose.createConnection(server.url, { dbName: 'shop' }).asPromise()
  Product = makeModel()
  await Product.syncIndexes()
})

afterAll(async () => {
  await connection.close()
  await server.stop()
})

describe('a mongoose model', () => {
  it('given synced indexes, when synced again after a change, then only the difference is made', async () => {
    expect(await Product.syncIndexes()).toEqual([])
    await Product.collection.createIndex({ stock: 1 })
    expect(await Product.syncIndexes()).toEqual(['stock_1'])
    expect((await Product.listIndexes()).map(({ name }) => name)).toEqual(['_id_', 'sku_1', 'tags_1_createdAt_-1'])
  })

  it('given a document, when created, changed and saved, then it reads back whole', async () => {
    const created = await Product.create({ sku: 'a', price: { amount: 500, currency: 'EUR' }, tags: ['x'] })
    created.tags.push('y')
    created.stock = 3
    await created.save()
    const read = await Product.findById(created._id).lean()
    expect(read).toMatchObject({
      sku: 'a',
      price: { amount: 500, currency: 'EUR' },
      stock: 3,
      tags: ['x', 'y'],
      __v: 1,
    })
    expect(read?.createdAt).toBeInstanceOf(Date)
  })

  it('given two stale copies, when both are saved, then the second is refused', async () => {
    await Product.create({ sku: 'race' })
    const [one, two] = [await Product.findOne({ sku: 'race' }), await Product.findOne({ sku: 'race' })]
    one!.stock = 1
    two!.stock = 2
    await one!.save()
    await expect(two!.save()).rejects.toThrow(mongoose.Error.VersionError)
  })

  it('given a guarded update with an outbox entry, then it applies once and the entry can be pulled', async () => {
    await Product.create({ sku: 'guard', stock: 1 })
    const take = () =>
      Product.findOneAndUpdate(
        { sku: 'guard', stock: { $gte: 1 } },
        { $inc: { stock: -1 }, $push: { outbox: { id: 'e1', type: 'Taken' } } },
        { returnDocument: 'after' },
      )
    expect((await take())?.stock).toBe(0)
    expect(await take()).toBeNull()
    await Product.updateOne({ sku: 'guard' }, { $pull: { outbox: { id: 'e1' } } })
    expect((await Product.findOne({ sku: 'guard' }))?.outbox).toHaveLength(0)
  })

  it('given a bulk of writes, then the counts are right', async () => {
    const result = await Product.bulkWrite([
      { insertOne: { document: { sku: 'b1' } as never } },
      { insertOne: { document: { sku: 'b2' } as never } },
      { updateMany: { filter: { sku: /^b/ }, update: { $set: { stock: 7 } } as never } },
      { updateOne: { filter: { sku: 'b3' }, update: { $set: { stock: 1 } } as never, upsert: true } },
      { deleteOne: { filter: { sku: 'b1' } } },
    ])
    expect(result).toMatchObject({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    })
    expect(await Product.countDocuments({ sku: /^b/ })).toBe(2)
    expect(await Product.distinct('sku', { stock: 7 })).toEqual(['b2'])
  })

  it('given a cursor, then it walks over everything', async () => {
    await Product.insertMany(Array.from({ length: 250 }, (_, n) => ({ sku: `c${n}`, tags: ['walk'] })))
    const seen: string[] = []
    for await (const { sku } of Product.find({ tags: 'walk' }).sort({ createdAt: -1 }).cursor({ batchSize: 40 }))
      seen.push(sku)
    expect(new Set(seen).size).toBe(250)
  })
})
