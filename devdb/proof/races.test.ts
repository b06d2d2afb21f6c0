import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Child, startChild } from '../testing.ts'
import { buyAll } from './buyers.ts'

const run = promisify(execFile)
const buyers = fileURLToPath(new URL('./buyers.ts', import.meta.url))

describe.each([
  ['replica set', []],
  ['standalone', ['--standalone']],
] as const)('64 clients of a %s', { timeout: 60_000 }, (_mode, flags) => {
  let server: Child
  let client: mongoose.mongo.MongoClient
  let db: mongoose.mongo.Db

  beforeAll(async () => {
    server = await startChild(['--ephemeral', ...flags])
    client = await mongoose.mongo.MongoClient.connect(server.url, { maxPoolSize: 64 })
    db = client.db('proof')
  })

  beforeEach(async () => {
    await db.dropDatabase()
    await db.collection<{ _id: string; stock: number }>('stocks').insertOne({ _id: 'hot', stock: 1_000 })
  })

  afterAll(async () => {
    await client.close()
    await server.end('SIGTERM')
  })

  it('given a stock of 1,000, then exactly 1,000 buy and nothing is left', async () => {
    expect(await buyAll(server.url, 64)).toBe(1_000)
    expect(await db.collection('stocks').findOne()).toEqual({ _id: 'hot', stock: 0 })
  })

  it('given four processes of 16, then exactly 1,000 buy and nothing is left', async () => {
    const children = Array.from({ length: 4 }, () =>
      run(process.execPath, [buyers, '--url', server.url, '--clients', '16']),
    )
    const bought = (await Promise.all(children)).map(({ stdout }) => Number(stdout))
    expect(bought.reduce((sum, count) => sum + count, 0)).toBe(1_000)
    expect(await db.collection('stocks').findOne()).toEqual({ _id: 'hot', stock: 0 })
  })

  it('given the same 50 keys from all, then each key is inserted once and every other try is told so', async () => {
    const keys = db.collection<{ key: number; by: number }>('keys')
    await keys.createIndex({ key: 1 }, { unique: true })
    const insertAll = async (by: number): Promise<number[]> => {
      const codes: number[] = []
      for (let key = 0; key < 50; key += 1) {
        codes.push(
          await keys.insertOne({ key, by }).then(
            () => 0,
            (error: { code: number }) => error.code,
          ),
        )
      }
      return codes
    }
    const codes = (await Promise.all(Array.from({ length: 64 }, (_, by) => insertAll(by)))).flat()
    expect(codes.filter((code) => code === 0)).toHaveLength(50)
    expect(codes.filter((code) => code === 11_000)).toHaveLength(63 * 50)
    expect((await keys.distinct('key')).sort((one, other) => one - other)).toEqual([...Array(50).keys()])
  })

  it('given increments of one counter by all, then none is lost', async () => {
    const counters = db.collection<{ _id: string; n: number }>('counters')
    const count = () => counters.updateOne({ _id: 'one' }, { $inc: { n: 1 } }, { upsert: true })
    await Promise.all(Array.from({ length: 640 }, count))
    expect(await counters.findOne()).toEqual({ _id: 'one', n: 640 })
  })
})
