import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../testing.ts'

type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient

beforeAll(async () => {
  server = await startInProcess()
  client = await mongoose.mongo.MongoClient.connect(server.url)
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

const run = (command: Plain): Promise<Plain> => client.db('api').command(command)
const strict = { apiVersion: '1', apiStrict: true }
const pipeline = (stage: Plain): Plain => ({ aggregate: 'c', pipeline: [stage], cursor: {} })

describe('the Stable API', () => {
  it.each<[string, Plain]>([
    ['a command of version 1', { find: 'c', ...strict }],
    ['its stages', { ...pipeline({ $sort: { a: 1 } }), ...strict }],
    ['any command when not strict', { distinct: 'c', key: 'a', apiVersion: '1', apiStrict: false }],
    ['deprecations as errors', { ping: 1, apiVersion: '1', apiDeprecationErrors: true }],
  ])('given %s, then it is answered', async (_name, command) => {
    expect(await run(command)).toMatchObject({ ok: 1 })
  })

  it.each<[string, number, Plain]>([
    ['another version', 322, { ping: 1, apiVersion: '2' }],
    ['a version that is no string', 14, { ping: 1, apiVersion: 1 }],
    ['a strictness that is no boolean', 14, { ping: 1, apiVersion: '1', apiStrict: 1 }],
    ['strictness without a version', 4_886_600, { ping: 1, apiStrict: true }],
    ['a command beyond version 1', 323, { distinct: 'c', key: 'a', ...strict }],
    ['a stage beyond version 1', 323, { ...pipeline({ $indexStats: {} }), ...strict }],
  ])('given %s, then code %i', async (_name, code, command) => {
    await expect(run(command)).rejects.toMatchObject({ code })
  })

  it('given a strict client, then it connects and works', async () => {
    const serverApi = { version: '1', strict: true } as const
    const other = await mongoose.mongo.MongoClient.connect(server.url, { serverApi })
    const things = other.db('api').collection('things')
    await things.insertOne({ a: 1 })
    expect(await things.countDocuments()).toBe(1)
    await expect(things.distinct('a')).rejects.toMatchObject({ code: 323, codeName: 'APIStrictError' })
    await other.close()
  })
})
