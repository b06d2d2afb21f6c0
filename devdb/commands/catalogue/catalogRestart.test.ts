import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-catalog-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const serving = async (work: (client: Client) => Promise<void>): Promise<void> => {
  const server = await startInProcess({ data: folder })
  const client = await new MongoClient(server.url).connect()
  try {
    await work(client)
  } finally {
    await client.close()
    await server.stop()
  }
}

describe('a restart', () => {
  it('given options of every kind, then all of them still hold', async () => {
    const catalog: unknown[] = []
    const describeAll = async (client: Client) => {
      const collections = await client.db('kept').listCollections().toArray()
      const indexes = await client.db('kept').collection('indexed').listIndexes().toArray()
      return [collections.toSorted((a, b) => (a.name < b.name ? -1 : 1)), indexes]
    }
    await serving(async (client) => {
      const db = client.db('kept')
      await db.createCollection('checked', { validator: { a: { $type: 'int' } }, validationLevel: 'moderate' })
      await db.createCollection('capped', { capped: true, size: 5000, max: 2 })
      await db.createCollection('collated', { collation: { locale: 'de', strength: 1 } })
      await db.createCollection('view', { viewOn: 'indexed', pipeline: [{ $match: { a: 1 } }] })
      await db.createCollection('dropped')
      await db.collection('first').insertMany([{ a: 1 }, { a: 2 }])
      await db.collection('first').createIndex({ a: 1 })
      await db.collection('first').rename('indexed')
      await db.command({ collMod: 'indexed', index: { name: 'a_1', prepareUnique: true } })
      await db.collection('dropped').drop()
      catalog.push(...(await describeAll(client)))
    })
    await serving(async (client) => {
      const db = client.db('kept')
      expect(await describeAll(client)).toEqual(catalog)
      await expect(db.collection('checked').insertOne({ a: 'x' })).rejects.toMatchObject({ code: 121 })
      await expect(db.collection('indexed').insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 })
      await db.collection('capped').insertMany([{ n: 1 }, { n: 2 }, { n: 3 }])
      expect(await db.collection('capped').countDocuments()).toBe(2)
      await db.collection('collated').insertOne({ w: 'Ä' })
      expect(await db.collection('collated').countDocuments({ w: 'a' })).toBe(1)
      expect(await db.collection('view').find().toArray()).toMatchObject([{ a: 1 }])
      expect(await db.command({ validate: 'indexed' })).toMatchObject({ valid: true, nrecords: 2 })
    })
  })
})
