import { Long, UUID } from 'bson'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'

type Raw = Awaited<ReturnType<typeof connectRaw>>
type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let raw: Raw
let database = 0

beforeAll(async () => {
  server = await startInProcess()
  raw = await connectRaw(server.port)
})

afterAll(async () => {
  raw.end()
  await server.stop()
})

beforeEach(async () => {
  database++
  await raw.send({ insert: 'items', documents: items, $db: db() })
})

const items = [
  { _id: 1, name: 'Äpfel', n: 1, tags: [1, 2, 3] },
  { _id: 2, name: 'apfel', n: 2, tags: [2] },
  { _id: 3, name: 'Birne', n: 3, tags: [] },
]

const db = () => `bulk${database}`
const nsInfo = () => [{ ns: `${db()}.items` }, { ns: `${db()}.others` }]
const bulk = (ops: object[], rest: object = {}): Promise<Plain> =>
  raw.send({ bulkWrite: 1, ops, nsInfo: nsInfo(), ...rest, $db: 'admin' })
const rows = (reply: Plain): unknown[] => (reply.cursor as { firstBatch: unknown[] }).firstBatch
const all = async (collection = 'items', of: Raw = raw): Promise<unknown[]> =>
  rows(await of.send({ find: collection, sort: { _id: 1 }, projection: { name: 0 }, $db: db() }))
const counts = ([nInserted = 0, nMatched = 0, nModified = 0, nUpserted = 0, nDeleted = 0, nErrors = 0]: number[]) => ({
  ok: 1,
  ...{ nErrors, nInserted, nMatched, nModified, nUpserted, nDeleted },
})

const german = { locale: 'de', strength: 1 }
const raise = { $inc: { n: 10 } }

describe('an operation of bulkWrite', () => {
  it.each<[string, object, object, object]>([
    ['an update', { update: 0, filter: { n: 1 }, updateMods: raise }, { n: 1, nModified: 1 }, { 1: 11 }],
    ['one that changes nothing', { update: 0, filter: {}, updateMods: { $max: { n: 0 } } }, { n: 1, nModified: 0 }, {}],
    ['no match', { update: 0, filter: { n: 9 }, updateMods: raise }, { n: 0, nModified: 0 }, {}],
    [
      'multi',
      { update: 0, filter: { n: { $gt: 1 } }, updateMods: raise, multi: true },
      { n: 2, nModified: 2 },
      { 2: 12, 3: 13 },
    ],
    ['a replacement', { update: 0, filter: { _id: 2 }, updateMods: { n: 5 } }, { n: 1, nModified: 1 }, { 2: 5 }],
    ['a sort', { update: 0, filter: {}, updateMods: raise, sort: { n: -1 } }, { n: 1, nModified: 1 }, { 3: 13 }],
    ['a hint', { update: 0, filter: { n: 2 }, updateMods: raise, hint: '_id_' }, { n: 1, nModified: 1 }, { 2: 12 }],
    [
      'a hint by key',
      { update: 0, filter: {}, updateMods: raise, hint: { _id: 1 } },
      { n: 1, nModified: 1 },
      { 1: 11 },
    ],
    [
      'a collation',
      { update: 0, filter: { name: 'APFEL' }, updateMods: raise, multi: true, collation: german },
      { n: 2, nModified: 2 },
      { 1: 11, 2: 12 },
    ],
    [
      'a pipeline with constants',
      { update: 0, filter: { _id: 1 }, updateMods: [{ $set: { n: { $add: ['$n', '$$by'] } } }], constants: { by: 4 } },
      { n: 1, nModified: 1 },
      { 1: 5 },
    ],
    ['a delete', { delete: 0, filter: { n: { $gte: 2 } } }, { n: 1 }, { 2: undefined }],
    ['a delete of all', { delete: 0, filter: {}, multi: true }, { n: 3 }, { 1: undefined, 2: undefined, 3: undefined }],
    [
      'a delete with collation and hint',
      { delete: 0, filter: { name: 'birne' }, collation: german, hint: '_id_' },
      { n: 1 },
      { 3: undefined },
    ],
  ])('given %s, then its row and its effect are those of the command', async (_name, op, row, changed) => {
    expect(rows(await bulk([op]))).toEqual([{ ok: 1, idx: 0, ...row }])
    const found = Object.fromEntries((await all()).map((doc) => [(doc as Plain)._id, (doc as Plain).n]))
    expect(found).toEqual(Object.fromEntries(Object.entries({ 1: 1, 2: 2, 3: 3, ...changed }).filter(([, n]) => n)))
  })

  it('given array filters, then only those elements change', async () => {
    const op = { update: 0, filter: {}, updateMods: { $inc: { 'tags.$[t]': 5 } }, arrayFilters: [{ t: { $gte: 2 } }] }
    expect(await bulk([{ ...op, multi: true }])).toMatchObject(counts([0, 3, 2]))
    expect((await all()).map((doc) => (doc as Plain).tags)).toEqual([[1, 7, 8], [7], []])
  })

  it('given let, then every operation sees it, and its own constants hide it', async () => {
    const isIt = { $expr: { $eq: ['$_id', '$$k'] } }
    const pipeline = [{ $set: { n: '$$k' } }]
    const reply = await bulk(
      [
        { update: 0, filter: isIt, updateMods: pipeline },
        { update: 0, filter: { _id: 3 }, updateMods: pipeline, constants: { k: 30 } },
        { delete: 0, filter: isIt },
      ],
      { let: { k: 2 } },
    )
    expect(reply).toMatchObject(counts([0, 2, 1, 0, 1]))
    expect(await all()).toMatchObject([{ _id: 1 }, { _id: 3, n: 30 }])
  })

  it('given upserts, then their ids are told, null as well, and they count as no match', async () => {
    const reply = await bulk([
      { update: 1, filter: { _id: 'a' }, updateMods: raise, upsert: true },
      { update: 1, filter: { _id: null }, updateMods: { n: 1 }, upsert: true },
      { update: 1, filter: { _id: 'a' }, updateMods: raise, upsert: true },
    ])
    expect(reply).toMatchObject(counts([0, 1, 1, 2]))
    expect(rows(reply)).toEqual([
      { ok: 1, idx: 0, n: 1, nModified: 0, upserted: { _id: 'a' } },
      { ok: 1, idx: 1, n: 1, nModified: 0, upserted: { _id: null } },
      { ok: 1, idx: 2, n: 1, nModified: 1 },
    ])
    expect(await all('others')).toEqual([
      { _id: null, n: 1 },
      { _id: 'a', n: 20 },
    ])
  })

  it('given a validator, then a refusal is told with its details, and bypassed when asked', async () => {
    await raw.send({ create: 'others', validator: { n: { $gt: 0 } }, $db: db() })
    const ops = [
      { insert: 1, document: { _id: 1, n: 0 } },
      { update: 1, filter: { _id: 2 }, updateMods: { n: -1 }, upsert: true },
      { insert: 0, document: { _id: 4 } },
    ]
    const refused = await bulk(ops, { ordered: false, errorsOnly: true })
    expect(refused).toMatchObject(counts([1, 0, 0, 0, 0, 2]))
    expect(rows(refused)).toMatchObject([
      { ok: 0, idx: 0, code: 121, errInfo: { failingDocumentId: 1 }, errmsg: 'Document failed validation' },
      { ok: 0, idx: 1, code: 121, errInfo: { failingDocumentId: 2 }, nModified: 0 },
    ])
    const bypassed = await bulk(ops.slice(0, 2), { bypassDocumentValidation: true })
    expect(bypassed).toMatchObject(counts([1, 0, 0, 1]))
  })

  it.each<[string, object, number, string]>([
    ['an unknown variable', { delete: 0, filter: { $expr: '$$nobody' } }, 17276, 'undefined variable: nobody'],
    ['a hint to nothing', { delete: 0, filter: {}, hint: 'none' }, 2, 'hint provided does not correspond'],
    ['a sort with multi', { update: 0, filter: {}, updateMods: raise, multi: true, sort: { n: 1 } }, 9, 'sort'],
    ['multi with a replacement', { update: 0, filter: {}, updateMods: { n: 1 }, multi: true }, 9, 'multi'],
    [
      'constants without a pipeline',
      { update: 0, filter: {}, updateMods: raise, constants: { a: 1 } },
      51198,
      'Constant',
    ],
    ['another _id', { update: 0, filter: { _id: 1 }, updateMods: { $set: { _id: 2 } } }, 66, "immutable field '_id'"],
    ['an id of a bad type', { insert: 0, document: { _id: [1] } }, 53, "'_id' value cannot be of type array"],
  ])('given %s, then its row holds code %i and the others go on', async (_name, op, code, text) => {
    const reply = await bulk([op, { insert: 0, document: { _id: 9 } }], { ordered: false })
    expect(reply).toMatchObject(counts([1, 0, 0, 0, 0, 1]))
    expect(rows(reply)).toMatchObject([
      { ok: 0, idx: 0, code, errmsg: expect.stringContaining(text), n: 0 },
      { ok: 1, idx: 1, n: 1 },
    ])
  })
})

describe('a namespace of bulkWrite that none may have', () => {
  it.each([
    [{ insert: 0, document: {} }, 'system.profile'],
    [{ update: 0, filter: {}, updateMods: raise }, 'system.profile'],
    [{ delete: 0, filter: {} }, 'system.profile'],
    [{ delete: 0, filter: {} }, 'a$b'],
    [{ delete: 0, filter: {} }, 'a'.repeat(300)],
  ])('given %j on %s, then its row holds code 73', async (op, collection) => {
    const reply = await bulk([op], { nsInfo: [{ ns: `${db()}.${collection}` }] })
    expect(rows(reply)).toMatchObject([{ ok: 0, idx: 0, code: 73 }])
  })
})

describe('the cursor of bulkWrite', () => {
  it('given a batch size, then getMore on its namespace brings the rest in order', async () => {
    const ops = Array.from({ length: 5 }, (_, i) => ({ insert: 1, document: { _id: i } }))
    const first = await bulk(ops, { cursor: { batchSize: 2 } })
    expect(first.cursor).toMatchObject({ ns: 'admin.$cmd.bulkWrite', firstBatch: [{ idx: 0 }, { idx: 1 }] })
    const { id } = first.cursor as { id: Long }
    const second = await raw.send({ getMore: Long.fromValue(id), collection: '$cmd.bulkWrite', $db: 'admin' })
    expect(second.cursor).toMatchObject({ nextBatch: [{ idx: 2 }, { idx: 3 }, { idx: 4 }] })
  })

  it('given batch size 0, then the writes are done and the cursor can be killed', async () => {
    const reply = await bulk([{ insert: 1, document: { _id: 1 } }], { cursor: { batchSize: 0 } })
    expect(rows(reply)).toEqual([])
    const { id } = reply.cursor as { id: Long }
    const killed = await raw.send({ killCursors: '$cmd.bulkWrite', cursors: [Long.fromValue(id)], $db: 'admin' })
    expect(killed.cursorsKilled).toHaveLength(1)
    expect(await all('others')).toHaveLength(1)
  })
})

describe('a numbered bulkWrite', () => {
  const numbered = () => ({ lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1) })
  const ops = [
    { insert: 0, document: { _id: 4, n: 4 } },
    { update: 0, filter: { _id: 1 }, updateMods: raise },
    { update: 1, filter: { _id: 7 }, updateMods: raise, upsert: true },
    { delete: 0, filter: { _id: 2 } },
  ]

  it('given it comes again on another connection, then it answers the same and does nothing', async () => {
    const call = numbered()
    const first = await bulk(ops, call)
    const other = await connectRaw(server.port)
    const again = await other.send({ bulkWrite: 1, ops, nsInfo: nsInfo(), ...call, $db: 'admin' })
    other.end()
    expect(first).toMatchObject(counts([1, 1, 1, 1, 1]))
    expect(again).toMatchObject({ ...counts([1, 1, 1, 1, 1]), retriedStmtIds: [0, 1, 2, 3] })
    expect(rows(again)).toEqual(rows(first))
    expect(await all()).toMatchObject([{ _id: 1, n: 11 }, { _id: 3 }, { _id: 4 }])
  })

  it('given it failed half way, then only the rest is done when it comes again', async () => {
    const call = numbered()
    const broken = [ops[0], { insert: 0, document: { _id: 3 } }, ops[3]] as object[]
    expect(await bulk(broken, call)).toMatchObject(counts([1, 0, 0, 0, 0, 1]))
    await raw.send({ delete: 'items', deletes: [{ q: { _id: 3 }, limit: 1 }], $db: db() })
    expect(await bulk(broken, call)).toMatchObject({ ...counts([2, 0, 0, 0, 1]), retriedStmtIds: [0] })
  })

  it.each([[{ update: 0, filter: {}, updateMods: raise, multi: true }], [{ delete: 0, filter: {}, multi: true }]])(
    'given %j, then the whole is refused with 72 and nothing is done',
    async (op) => {
      expect(await bulk([ops[0] as object, op], numbered())).toMatchObject({
        ok: 0,
        code: 72,
        errmsg: 'Cannot use retryable writes with multi=true',
      })
      expect(await all()).toHaveLength(3)
    },
  )
})

describe('bulkWrite in a transaction', () => {
  const begin = () => ({ lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1), autocommit: false })

  it('given a cursor, then it is read and closed in it, which no other command of admin may be', async () => {
    const transaction = begin()
    const ops = [1, 2, 3].map((_id) => ({ insert: 1, document: { _id } }))
    const first = await bulk(ops, { ...transaction, startTransaction: true, cursor: { batchSize: 1 } })
    const id = Long.fromValue((first.cursor as { id: Long }).id)
    const [collection, $db] = ['$cmd.bulkWrite', 'admin']
    const more = await raw.send({ getMore: id, collection, batchSize: 1, ...transaction, $db })
    expect(more.cursor).toMatchObject({ nextBatch: [{ idx: 1 }] })
    const killed = await raw.send({ killCursors: collection, cursors: [id], ...transaction, $db })
    expect(killed).toMatchObject({ ok: 1, cursorsKilled: [id] })
    expect(await raw.send({ find: 'c', ...transaction, $db })).toMatchObject({ ok: 0, code: 263 })
    await raw.send({ abortTransaction: 1, ...transaction, $db })
  })

  it('given it is committed, then others see both databases change at once', async () => {
    const transaction = begin()
    const ops = [
      { update: 0, filter: {}, updateMods: raise, multi: true },
      { insert: 1, document: { _id: 1 } },
    ]
    expect(await bulk(ops, { ...transaction, startTransaction: true })).toMatchObject(counts([1, 3, 3]))
    expect(await all()).toMatchObject(items.map(({ n }) => ({ n })))
    await raw.send({ commitTransaction: 1, ...transaction, $db: 'admin' })
    expect(await all()).toMatchObject(items.map(({ n }) => ({ n: n + 10 })))
    expect(await all('others')).toEqual([{ _id: 1 }])
  })

  it('given an error, then it ends there though unordered, and the transaction is aborted', async () => {
    const transaction = begin()
    const ops = [4, 1, 1, 5].map((_id) => ({ insert: 0, document: { _id } }))
    const reply = await bulk(ops, { ...transaction, startTransaction: true, ordered: false })
    expect(reply).toMatchObject(counts([1, 0, 0, 0, 0, 1]))
    expect(rows(reply)).toMatchObject([{ ok: 1 }, { ok: 0, idx: 1, code: 11000 }])
    const commit = await raw.send({ commitTransaction: 1, ...transaction, $db: 'admin' })
    expect(commit).toMatchObject({ ok: 0, code: 251 })
    expect(await all()).toHaveLength(3)
  })

  it('given a document another transaction changed, then the whole is a write conflict', async () => {
    const [one, other] = [begin(), begin()]
    const op = { update: 0, filter: { _id: 1 }, updateMods: raise }
    await bulk([op], { ...one, startTransaction: true })
    expect(await bulk([op], { ...other, startTransaction: true })).toMatchObject({
      ok: 0,
      code: 112,
      errorLabels: ['TransientTransactionError'],
    })
    await raw.send({ abortTransaction: 1, ...one, $db: 'admin' })
    expect(await all()).toMatchObject([{ n: 1 }, { n: 2 }, { n: 3 }])
  })
})
