import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient, Long, Timestamp, ObjectId } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>
type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client
let number = 0
const name = () => `c${number}`
const fresh = () => client.db('test').collection<Plain>(name())
const run = (command: Plain): Promise<Plain> => client.db('test').command(command, { promoteValues: true })
const codeOf = (command: Plain) =>
  run(command).then(
    ({ writeErrors }) => (writeErrors as { code: number; errmsg: string }[] | undefined)?.[0] ?? 'accepted',
    (error) => ({ code: error.code, errmsg: error.message }),
  )

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(() => {
  number++
})

describe('insert', () => {
  it('given ids of every kind, then arrays, regular expressions and operator names are refused', async () => {
    const codes = await Promise.all(
      [[1], /x/, { $a: 1 }, { a: 1 }, null, 'x', new Date(0)].map((_id) =>
        codeOf({ insert: name(), documents: [{ _id }] }),
      ),
    )
    expect(codes.map((outcome) => (outcome === 'accepted' ? outcome : outcome.code))).toEqual([
      53,
      53,
      52,
      'accepted',
      'accepted',
      'accepted',
      'accepted',
    ])
  })

  it('given an _id that is missing or not in front, then it leads; a zero timestamp is filled in', async () => {
    await run({
      insert: name(),
      documents: [{ a: 1 }, { a: 2, _id: 7 }, { _id: 8, at: new Timestamp({ t: 0, i: 0 }) }],
    })
    const docs = await fresh().find().toArray()
    expect(docs.map((doc) => Object.keys(doc)[0])).toEqual(['_id', '_id', '_id'])
    expect(docs[0]?._id).toBeInstanceOf(ObjectId)
    expect((docs[2]?.at as { t: number }).t).toBeGreaterThan(1_000_000)
  })

  it('given names that look like positions, then the order of fields stays', async () => {
    await run({
      insert: name(),
      documents: [
        new Map<string, unknown>([
          ['b', 1],
          ['2', 1],
          ['1', 1],
        ]),
      ],
    })
    await run({ update: name(), updates: [{ q: {}, u: { $set: { a: 1 } } }] })
    const [doc] = await fresh().find({}, { raw: true }).toArray()
    const text = Buffer.from(doc as never).toString('latin1')
    const at = ['\x07_id\0', '\x10b\0', '\x102\0', '\x101\0', '\x10a\0'].map((field) => text.indexOf(field))
    expect(at).toEqual([...at].sort((a, b) => a - b))
  })

  it.each([{ $a: 1 }, { a: { $b: 1 } }, { a: [{ b: { $c: 1 } }] }])('given the _id %j, then code 52', async (_id) => {
    expect(await run({ insert: name(), documents: [{ _id }] })).toMatchObject({ n: 0, writeErrors: [{ code: 52 }] })
  })

  it('given ordered and unordered batches with errors, then what is written and told differs', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: [1] }, { _id: 3 }]
    const ordered = await run({ insert: name(), documents })
    expect(ordered).toMatchObject({
      n: 1,
      writeErrors: [{ index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 } }],
    })
    number++
    const unordered = await run({ insert: name(), documents, ordered: false })
    expect(unordered).toMatchObject({
      n: 3,
      writeErrors: [
        { index: 1, code: 11000 },
        { index: 3, code: 53 },
      ],
    })
  })

  it('given w: 0, then the write happens without an answer', async () => {
    const written = await fresh().insertOne({ _id: 5 } as never, { writeConcern: { w: 0 } })
    expect(written.acknowledged).toBe(false)
    expect(await fresh().countDocuments({})).toBe(1)
  })
})

describe('update', () => {
  it('given a change that changes nothing, then nModified tells so', async () => {
    await fresh().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ] as never)
    const updates = [{ q: {}, u: { $set: { a: 1 } }, multi: true }]
    expect(await run({ update: name(), updates })).toMatchObject({ n: 2, nModified: 1 })
    expect(await run({ update: name(), updates: [{ q: { _id: 1 }, u: { a: 1 } }] })).toMatchObject({
      n: 1,
      nModified: 0,
    })
    const typed = [{ q: { _id: 1 }, u: { $set: { a: Long.fromNumber(1) } } }]
    expect(await run({ update: name(), updates: typed })).toMatchObject({ n: 1, nModified: 1 })
  })

  it('given a multi-update whose last document fails, then none is changed and none counted', async () => {
    await fresh().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 'x' },
    ] as never)
    const reply = await run({ update: name(), updates: [{ q: {}, u: { $inc: { a: 1 } }, multi: true }] })
    expect(reply).toMatchObject({ n: 0, nModified: 0, writeErrors: [{ index: 0, code: 14 }] })
    expect(await fresh().findOne({ _id: 1 as never })).toMatchObject({ a: 1 })
  })

  it('given a sort, then the first by it changes; with multi it is refused', async () => {
    await fresh().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ] as never)
    await run({ update: name(), updates: [{ q: {}, u: { $set: { hit: 1 } }, sort: { a: -1 } }] })
    expect(await fresh().findOne({ hit: 1 })).toMatchObject({ _id: 2 })
    expect(
      await codeOf({ update: name(), updates: [{ q: {}, u: { $set: { a: 1 } }, sort: { a: 1 }, multi: true }] }),
    ).toMatchObject({ code: 9 })
  })

  it('given let and constants, then a filter and a pipeline see them', async () => {
    await fresh().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ] as never)
    await run({
      update: name(),
      let: { wanted: 2 },
      updates: [
        { q: { $expr: { $eq: ['$a', '$$wanted'] } }, u: [{ $set: { b: { $add: ['$a', '$$more'] } } }], c: { more: 5 } },
      ],
    })
    expect(await fresh().findOne({ b: 7 })).toMatchObject({ _id: 2 })
  })

  it('given positions of two arrays, then each takes its own match', async () => {
    await fresh().insertOne({ _id: 1, a: [1, 2, 3], b: [{ k: 1 }, { k: 2 }] } as never)
    await run({ update: name(), updates: [{ q: { a: 3, 'b.k': 2 }, u: { $set: { 'b.$.hit': 1 } } }] })
    expect((await fresh().findOne({}))?.b).toEqual([{ k: 1 }, { k: 2, hit: 1 }])
  })

  it('given upserts, then each is told with its index', async () => {
    const updates = [
      { q: { _id: 1 }, u: { $set: { a: 1 } }, upsert: true },
      { q: { _id: 1 }, u: { $set: { a: 2 } }, upsert: true },
      { q: { k: 1 }, u: { b: 1 }, upsert: true },
    ]
    const reply = await run({ update: name(), updates })
    expect(reply).toMatchObject({ n: 3, nModified: 1, upserted: [{ index: 0, _id: 1 }, { index: 2 }] })
  })

  it('given a collation and a hint, then both are used', async () => {
    await fresh().insertOne({ _id: 1, a: 'Ab' } as never)
    const collation = { locale: 'en', strength: 2 }
    expect(
      await run({ update: name(), updates: [{ q: { a: 'aB' }, u: { $set: { b: 1 } }, collation }] }),
    ).toMatchObject({ nModified: 1 })
    expect(
      await run({ delete: name(), deletes: [{ q: { a: 'aB' }, limit: 1, collation, hint: '_id_' }] }),
    ).toMatchObject({ n: 1 })
    await fresh().insertOne({ a: 1 })
    expect(await codeOf({ update: name(), updates: [{ q: {}, u: { $set: { b: 1 } }, hint: 'nope' }] })).toMatchObject({
      code: 2,
    })
  })
})

describe('what is refused', () => {
  it.each<[Plain, number, string]>([
    [{ insert: 'x' }, 40414, "BSON field 'insert.documents' is missing but a required field"],
    [{ insert: 'x', documents: [] }, 16, 'Write batch sizes must be between 1 and 100000. Got 0 operations.'],
    [
      { insert: 'x', documents: [{}], ordered: 'x' },
      14,
      "BSON field 'insert.ordered' is the wrong type 'string', expected type 'bool'",
    ],
    [{ insert: 'x', documents: [{}], foo: 1 }, 40415, "BSON field 'insert.foo' is an unknown field."],
    [{ insert: 'a$b', documents: [{}] }, 73, 'Invalid namespace specified'],
    [{ update: 'x' }, 40414, "BSON field 'update.updates' is missing but a required field"],
    [{ update: 'x', updates: 1 }, 14, "BSON field 'update.updates' is the wrong type 'int', expected type 'array'"],
    [
      { update: 'x', updates: [1] },
      14,
      "BSON field 'update.updates.0' is the wrong type 'int', expected type 'object'",
    ],
    [{ update: 'x', updates: [{ u: {} }] }, 40414, "BSON field 'update.updates.q' is missing but a required field"],
    [{ update: 'x', updates: [{ q: {} }] }, 40414, "BSON field 'update.updates.u' is missing but a required field"],
    [
      { update: 'x', updates: [{ q: {}, u: {}, multi: 'x' }] },
      14,
      "BSON field 'update.updates.multi' is the wrong type 'string', expected types '[bool, long, int, decimal, double]'",
    ],
    [
      { update: 'x', updates: [{ q: {}, u: {}, nope: 1 }] },
      40415,
      "BSON field 'update.updates.nope' is an unknown field.",
    ],
    [{ update: 'x', updates: [{ q: {}, u: {}, hint: 1 }] }, 9, 'Hint must be a string or an object'],
    [
      { update: 'x', updates: [{ q: {}, u: { a: 1 }, multi: true }] },
      9,
      'multi update is not supported for replacement-style update',
    ],
    [
      { update: 'x', updates: [{ q: {}, u: { $set: { a: 1 } }, c: {} }] },
      51198,
      'Constant values may only be specified for pipeline updates',
    ],
    [{ delete: 'x', deletes: [{ q: {} }] }, 40414, "BSON field 'delete.deletes.limit' is missing but a required field"],
    [{ delete: 'x', deletes: [{ q: {}, limit: 2 }] }, 9, 'The limit field in delete objects must be 0 or 1. Got 2'],
    [{ findAndModify: 'x' }, 9, 'Either an update or remove=true must be specified'],
    [{ findAndModify: 'x', remove: true, update: {} }, 9, 'Cannot specify both an update and remove=true'],
    [{ findAndModify: 'x', remove: true, new: true }, 9, 'Cannot specify both new=true and remove=true'],
    [{ findAndModify: 'x', remove: true, upsert: true }, 9, 'Cannot specify both upsert=true and remove=true'],
    [
      { findAndModify: 'x', update: {}, query: 1 },
      14,
      "BSON field 'findAndModify.query' is the wrong type 'int', expected type 'object'",
    ],
    [
      { findAndModify: 'x', update: {}, projection: {} },
      40415,
      "BSON field 'findAndModify.projection' is an unknown field.",
    ],
  ])('%j is refused with code %i', async (command, code, text) => {
    expect(await codeOf(command)).toMatchObject({ code, errmsg: expect.stringContaining(text) })
  })
})

describe('findAndModify', () => {
  it('given its options together, then sort, fields, collation, hint and array filters work', async () => {
    await fresh().insertMany([
      { _id: 1, s: 'B', a: [1, 5] },
      { _id: 2, s: 'a', a: [6] },
    ] as never)
    const reply = await run({
      findAndModify: name(),
      query: { s: { $in: ['A', 'b'] } },
      sort: { s: 1 },
      update: { $set: { 'a.$[x]': 0 } },
      arrayFilters: [{ x: { $gt: 4 } }],
      fields: { a: 1 },
      new: true,
      hint: { _id: 1 },
      collation: { locale: 'en', strength: 2 },
    })
    expect(reply).toMatchObject({ value: { _id: 2, a: [0] }, lastErrorObject: { n: 1, updatedExisting: true } })
  })

  it('given an upsert and a removal, then the old and the new document are told', async () => {
    const upsert = { findAndModify: name(), query: { _id: 1 }, update: [{ $set: { a: 1 } }], upsert: true, new: true }
    expect(await run(upsert)).toMatchObject({
      value: { _id: 1, a: 1 },
      lastErrorObject: { upserted: 1, updatedExisting: false },
    })
    expect(await run({ findAndModify: name(), query: { a: 1 }, remove: true })).toMatchObject({
      value: { _id: 1 },
      lastErrorObject: { n: 1 },
    })
    expect(await run({ findAndModify: name(), query: { a: 1 }, remove: true })).toMatchObject({
      value: null,
      lastErrorObject: { n: 0 },
    })
  })
})
