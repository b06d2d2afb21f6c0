import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>
type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

const bulk = (command: Plain): Promise<Plain> => client.db('admin').command({ bulkWrite: 1, ...command })
const rowsOf = ({ cursor }: Plain) => (cursor as { firstBatch: Plain[] }).firstBatch

describe('bulkWrite', () => {
  it('given operations on two databases, then each is counted and told', async () => {
    const reply = await bulk({
      ops: [
        { insert: 0, document: { _id: 1, a: 1 } },
        { insert: 1, document: { _id: 1 } },
        { update: 0, filter: { _id: 1 }, updateMods: { $inc: { a: 1 } } },
        { update: 1, filter: { _id: 9 }, updateMods: { $set: { b: 1 } }, upsert: true },
        { update: 0, filter: {}, updateMods: [{ $set: { c: '$$k' } }], constants: { k: 3 }, multi: true },
        { delete: 1, filter: { _id: 1 } },
      ],
      nsInfo: [{ ns: 'bulk1.c' }, { ns: 'bulk2.c' }],
    })
    expect(reply).toMatchObject({ nErrors: 0, nInserted: 2, nMatched: 2, nModified: 2, nUpserted: 1, nDeleted: 1 })
    expect(rowsOf(reply)).toMatchObject([
      { ok: 1, idx: 0, n: 1 },
      { ok: 1, idx: 1, n: 1 },
      { ok: 1, idx: 2, n: 1, nModified: 1 },
      { ok: 1, idx: 3, n: 1, nModified: 0, upserted: { _id: 9 } },
      { ok: 1, idx: 4, n: 1, nModified: 1 },
      { ok: 1, idx: 5, n: 1 },
    ])
    expect(await client.db('bulk1').collection('c').findOne()).toEqual({ _id: 1, a: 2, c: 3 })
  })

  it('given errors, then ordered stops, unordered goes on and errorsOnly tells nothing else', async () => {
    const ops = [3, 3, 4].map((_id) => ({ insert: 0, document: { _id } }))
    const nsInfo = [{ ns: 'bulk3.c' }]
    const ordered = await bulk({ ops, nsInfo })
    expect(ordered).toMatchObject({ nErrors: 1, nInserted: 1 })
    expect(rowsOf(ordered)).toMatchObject([{ ok: 1 }, { ok: 0, idx: 1, code: 11000, keyPattern: { _id: 1 }, n: 0 }])
    const unordered = await bulk({ ops, nsInfo, ordered: false, errorsOnly: true })
    expect(unordered).toMatchObject({ nErrors: 2, nInserted: 1 })
    expect(rowsOf(unordered)).toMatchObject([
      { idx: 0, code: 11000 },
      { idx: 1, code: 11000 },
    ])
  })

  it('given many results, then the rest comes through getMore', async () => {
    const ops = Array.from({ length: 50 }, (_, _id) => ({ insert: 0, document: { _id } }))
    const result = await client.bulkWrite(
      ops.map(({ document }) => ({ name: 'insertOne', namespace: 'bulk4.c', document }) as never),
      { verboseResults: true },
    )
    expect(result.insertResults?.size).toBe(50)
    const reply = await bulk({ ops, nsInfo: [{ ns: 'bulk5.c' }], cursor: { batchSize: 20 } })
    expect(rowsOf(reply)).toHaveLength(20)
    expect(String((reply.cursor as { id: unknown }).id)).not.toBe('0')
  })

  it.each<[Plain, number, string]>([
    [{ ops: [], nsInfo: [] }, 16, 'Got 0 operations'],
    [{ ops: [{ insert: 0, document: {} }] }, 40414, "BSON field 'bulkWrite.nsInfo' is missing"],
    [{ ops: [{ insert: 1, document: {} }], nsInfo: [{ ns: 'a.b' }] }, 2, 'has an invalid nsInfo index'],
    [{ ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'a' }] }, 73, 'Invalid namespace'],
    [
      { ops: [{ upsert: 0 }], nsInfo: [{ ns: 'a.b' }] },
      40415,
      "BSON field 'bulkWrite.ops.upsert' is an unknown field.",
    ],
    [{ ops: [{ update: 0, filter: {} }], nsInfo: [{ ns: 'a.b' }] }, 40414, 'updateMods'],
    [{ ops: [{ delete: 0, filter: {}, limit: 1 }], nsInfo: [{ ns: 'a.b' }] }, 40415, 'limit'],
  ])('%j is refused with code %i', async (command, code, text) => {
    await expect(bulk(command)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
  })

  it('given another database than admin, then code 13', async () => {
    await expect(client.db('test').command({ bulkWrite: 1, ops: [], nsInfo: [] })).rejects.toMatchObject({ code: 13 })
  })
})
