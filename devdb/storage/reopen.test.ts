import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startInProcess } from '../testing.ts'

type Item = { _id: number; [field: string]: unknown }

const kinds: readonly mongoose.mongo.IndexDescription[] = [
  { key: { code: 1 }, name: 'unique', unique: true },
  { key: { 'place.city': 1, amount: -1 }, name: 'compound' },
  { key: { tags: 1 }, name: 'multikey' },
  { key: { 'lines.sku': 1 }, name: 'below an array' },
  { key: { amount: 1 }, name: 'partial', partialFilterExpression: { state: 'open', 'place.zip': { $exists: true } } },
  { key: { maybe: 1 }, name: 'sparse', sparse: true },
  { key: { title: 1 }, name: 'collated', collation: { locale: 'en', strength: 2 } },
  { key: { code: 'hashed' }, name: 'hashed' },
  { key: { title: 'text' }, name: 'text' },
  { key: { 'free.$**': 1 }, name: 'wildcard' },
]

const itemOf = (_id: number): Item => ({
  _id,
  code: `code-${_id}`,
  state: _id % 3 === 0 ? 'open' : 'closed',
  place: _id % 2 === 0 ? { city: `city-${_id % 7}`, zip: _id } : { city: null },
  amount: _id / 4,
  tags: [`tag-${_id % 5}`, `tag-${_id % 3}`],
  lines: [{ sku: _id }, { sku: `${_id}` }, {}],
  title: _id % 2 === 0 ? 'Blue chairs' : 'blue CHAIRS',
  free: { deep: { value: _id }, list: [1, 'two'] },
  ...(_id % 4 === 0 ? { maybe: _id } : {}),
})

let folder = ''
let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient
let items: mongoose.mongo.Collection<Item>

const start = async (): Promise<void> => {
  server = await startInProcess({ data: folder })
  client = await mongoose.mongo.MongoClient.connect(server.url)
  items = client.db('reopened').collection<Item>('items')
}

const stop = async (): Promise<void> => {
  await client.close()
  await server.stop()
}

const keysPerIndex = async () => (await client.db('reopened').command({ validate: 'items' })).keysPerIndex

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-reopen-'))
  await start()
  await items.insertMany(Array.from({ length: 200 }, (_, _id) => itemOf(_id)))
})

afterEach(async () => {
  await stop()
  rmSync(folder, { recursive: true })
})

it('given an index of every kind, when the data is opened again, then each holds what a rebuild would', async () => {
  await items.createIndexes([...kinds])
  const before = await keysPerIndex()
  await stop()
  await start()
  expect(await client.db('reopened').command({ validate: 'items' })).toMatchObject({ valid: true, nrecords: 200 })
  expect(await keysPerIndex()).toEqual(before)
  await items.updateMany({}, [{ $set: { state: 'open', amount: { $add: ['$amount', 1] } } }])
  expect((await client.db('reopened').command({ validate: 'items' })).valid).toBe(true)
})

it('given duplicates, when a unique index is asked for, then the error shows the key and no index is left', async () => {
  await expect(items.createIndex({ 'place.city': 1 }, { unique: true })).rejects.toMatchObject({
    code: 11_000,
    keyPattern: { 'place.city': 1 },
    keyValue: { 'place.city': null },
  })
  expect(await items.indexes()).toHaveLength(1)
})
