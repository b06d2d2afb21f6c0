import { UUID } from 'bson'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startInProcess } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'

let server: Awaited<ReturnType<typeof startInProcess>>

const lsid = () => ({ id: new UUID() })
let raw: Awaited<ReturnType<typeof connectRaw>>

beforeAll(async () => {
  server = await startInProcess()
  raw = await connectRaw(server.port)
})

afterAll(async () => {
  raw.end()
  await server.stop()
})

beforeEach(async () => {
  await raw.send({ dropDatabase: 1, $db: 'bank' })
  await raw.send({ insert: 'accounts', documents: [{ _id: 1 }, { _id: 2 }], $db: 'bank' })
  await raw.send({ create: 'ring', capped: true, size: 4096, $db: 'bank' })
})

const long = (value: number) => mongoose.mongo.Long.fromNumber(value)
const find = { find: 'accounts', $db: 'bank' }
const insert = { insert: 'accounts', documents: [{ x: 1 }], $db: 'bank' }
const commit = { commitTransaction: 1, $db: 'admin' }
const abort = { abortTransaction: 1, $db: 'admin' }
const session = lsid()
const in1 = { lsid: session, txnNumber: long(1), autocommit: false }

const single: readonly (readonly [string, Record<string, unknown>, number, string[]?])[] = [
  ['autocommit without a number', { ...find, lsid: lsid(), autocommit: false }, 72],
  ['autocommit true', { ...find, lsid: lsid(), txnNumber: long(1), autocommit: true }, 72],
  ['a number without a session', { ...find, txnNumber: long(1) }, 72],
  ['startTransaction without autocommit', { ...find, lsid: lsid(), txnNumber: long(1), startTransaction: true }, 72],
  [
    'startTransaction false',
    { ...find, lsid: lsid(), txnNumber: long(1), autocommit: false, startTransaction: false },
    72,
  ],
  ['a numbered find outside of a transaction', { ...find, lsid: lsid(), txnNumber: long(1) }, 50768],
  ['a negative number', { ...insert, lsid: lsid(), txnNumber: long(-1) }, 72],
  [
    'a transaction that was never started',
    { ...find, lsid: lsid(), txnNumber: long(1), autocommit: false },
    251,
    ['TransientTransactionError'],
  ],
  [
    'a commit of none',
    { ...commit, lsid: lsid(), txnNumber: long(1), autocommit: false },
    251,
    ['TransientTransactionError'],
  ],
  ['a commit outside of a transaction', { ...commit }, 125],
  ['a lsid that is none', { ...find, lsid: 5 }, 14],
  ['a lsid without id', { ...find, lsid: {} }, 40414],
  ['a lsid with more', { ...find, lsid: { ...lsid(), more: 1 } }, 40415],
  ['an unknown read concern', { ...find, readConcern: { level: 'best' } }, 2],
  ['an unknown field of a read concern', { ...find, readConcern: { evel: 'local' } }, 40415],
  ['a write concern of a read', { ...find, writeConcern: { w: 1 } }, 72],
  ['an unknown field of a write concern', { ...insert, writeConcern: { x: 1 } }, 9],
  [
    'a snapshot that is written out',
    {
      aggregate: 'accounts',
      pipeline: [{ $out: 'copy' }],
      cursor: {},
      $db: 'bank',
      readConcern: { level: 'snapshot' },
    },
    72,
  ],
  ['a snapshot of an insert', { ...insert, readConcern: { level: 'snapshot' } }, 72],
  [
    'a snapshot in the future',
    {
      ...find,
      readConcern: { level: 'snapshot', atClusterTime: new mongoose.mongo.Timestamp({ t: 4_000_000_000, i: 1 }) },
    },
    72,
  ],
  [
    'a snapshot long ago',
    { ...find, readConcern: { level: 'snapshot', atClusterTime: new mongoose.mongo.Timestamp({ t: 1, i: 1 }) } },
    239,
  ],
  [
    'a cluster time a year ahead',
    { ...find, $clusterTime: { clusterTime: new mongoose.mongo.Timestamp({ t: 4_200_000_000, i: 1 }) } },
    205,
  ],
]
test.each(single)('given %s, then it is refused', async (_name, command, code, labels) => {
  expect(await raw.send(command as Record<string, unknown>)).toMatchObject({
    ok: 0,
    code,
    ...(labels === undefined ? {} : { errorLabels: labels }),
  })
})

const inside: readonly (readonly [string, Record<string, unknown>, number])[] = [
  ['count', { count: 'accounts', $db: 'bank' }, 263],
  ['listCollections', { listCollections: 1, $db: 'bank' }, 263],
  ['$out', { aggregate: 'accounts', pipeline: [{ $out: 'copy' }], cursor: {}, $db: 'bank' }, 263],
  ['a capped collection', { insert: 'ring', documents: [{}], $db: 'bank' }, 263],
  ['drop', { drop: 'accounts', $db: 'bank' }, 263],
  [
    'an index of an existing collection',
    { createIndexes: 'accounts', indexes: [{ key: { b: 1 }, name: 'b' }], $db: 'bank' },
    263,
  ],
  ['a second read concern', { ...find, readConcern: { level: 'local' } }, 72],
  ['a write concern', { ...insert, writeConcern: { w: 1 } }, 72],
  ['another number', { ...find, txnNumber: long(2) }, 251],
  ['the database admin', { ...find, $db: 'admin' }, 263],
]
test.each(inside)('given %s within a transaction, then it is refused', async (_name, command, code) => {
  const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
  await raw.send({ ...find, ...own, startTransaction: true })
  expect(await raw.send({ ...command, ...own, ...command })).toMatchObject({ ok: 0, code })
})

test.each([
  ['a command no transaction takes', { count: 'accounts', $db: 'bank' }, 263],
  ['a second read concern', { ...find, readConcern: { level: 'local' } }, 72],
  ['a retryable write of the same number', { ...insert, autocommit: undefined }, 217],
] as const)('given %s within a transaction, then the transaction goes on', async (_name, command, code) => {
  const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
  await raw.send({ ...find, ...own, startTransaction: true })
  const asked = Object.fromEntries(
    Object.entries({ ...command, ...own, ...command }).filter(([, value]) => value !== undefined),
  )
  expect(await raw.send(asked)).toMatchObject({ ok: 0, code })
  expect(await raw.send({ ...commit, ...own })).toMatchObject({ ok: 1 })
})

test.each([
  ['getMore', { getMore: long(1), collection: 'accounts', $db: 'bank' }],
  ['killCursors', { killCursors: 'accounts', cursors: [long(1)], $db: 'bank' }],
])('given %s as the first command, then no transaction starts', async (_name, command) => {
  const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
  expect(await raw.send({ ...command, ...own, startTransaction: true })).toMatchObject({ ok: 0, code: 263 })
  expect(await raw.send({ ...abort, ...own })).toMatchObject({ code: 251 })
})

test('given a committed transaction, then its commit answers again and everything else is refused', async () => {
  expect(await raw.send({ ...insert, ...in1, startTransaction: true })).toMatchObject({ ok: 1, n: 1 })
  expect(await raw.send({ ...commit, ...in1 })).toMatchObject({ ok: 1 })
  expect(await raw.send({ ...commit, ...in1 })).toMatchObject({ ok: 1 })
  expect(await raw.send({ ...abort, ...in1 })).toMatchObject({ code: 256 })
  expect(await raw.send({ ...find, ...in1 })).toMatchObject({ code: 256 })
  expect(await raw.send({ ...find, ...in1, startTransaction: true })).toMatchObject({ code: 50911 })
  const in2 = { ...in1, txnNumber: long(2) }
  expect(await raw.send({ ...insert, ...in2, startTransaction: true })).toMatchObject({ ok: 1 })
  expect(await raw.send({ ...find, ...in1 })).toMatchObject({ code: 225 })
  expect(await raw.send({ ...abort, ...in2 })).toMatchObject({ ok: 1 })
  expect(await raw.send({ ...commit, ...in2 })).toMatchObject({ code: 251 })
})

test('given a transaction older than its lifetime, then it is over, and what it held is free', async () => {
  await raw.send({ setParameter: 1, transactionLifetimeLimitSeconds: 1, $db: 'admin' })
  const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
  const updates = [{ q: { _id: 1 }, u: { $set: { x: 1 } } }]
  await raw.send({ update: 'accounts', updates, $db: 'bank', ...own, startTransaction: true })
  expect(await raw.send({ update: 'accounts', updates, $db: 'bank' })).toMatchObject({ ok: 1, nModified: 1 })
  expect(await raw.send({ ...find, ...own })).toMatchObject({ code: 251, errorLabels: ['TransientTransactionError'] })
  await raw.send({ setParameter: 1, transactionLifetimeLimitSeconds: 60, $db: 'admin' })
})

test('given a cursor of a transaction, then it ends with it', async () => {
  const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
  const opened = await raw.send({ ...find, batchSize: 1, ...own, startTransaction: true })
  const { id } = opened.cursor as { id: unknown }
  expect(await raw.send({ getMore: id, collection: 'accounts', $db: 'bank' })).toMatchObject({ ok: 0 })
  await raw.send({ ...abort, ...own })
  expect(await raw.send({ getMore: id, collection: 'accounts', $db: 'bank', lsid: own.lsid })).toMatchObject({
    code: 43,
  })
})

test('given a session that is ended or killed, then its transaction is over', async () => {
  for (const command of ['endSessions', 'killSessions']) {
    const own = { lsid: lsid(), txnNumber: long(1), autocommit: false }
    await raw.send({ ...insert, ...own, startTransaction: true })
    expect(await raw.send({ [command]: [own.lsid], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await raw.send({ ...find, ...own })).toMatchObject({ code: 251 })
  }
})

test('given a snapshot read, then later reads of that moment answer the same', async () => {
  const first = await raw.send({ ...find, readConcern: { level: 'snapshot' } })
  const { atClusterTime } = first.cursor as { atClusterTime: unknown }
  await raw.send({ delete: 'accounts', deletes: [{ q: {}, limit: 0 }], $db: 'bank' })
  const again = await raw.send({ ...find, readConcern: { level: 'snapshot', atClusterTime } })
  expect((again.cursor as { firstBatch: unknown[] }).firstBatch).toHaveLength(2)
  const values = await raw.send({
    distinct: 'accounts',
    key: '_id',
    $db: 'bank',
    readConcern: { level: 'snapshot', atClusterTime },
  })
  expect(values).toMatchObject({ ok: 1, values: [1, 2], atClusterTime })
})

test('given a write concern one node cannot meet, then the write happens and the reply says so', async () => {
  expect(await raw.send({ ...insert, writeConcern: { w: 2 } })).toMatchObject({
    ok: 1,
    n: 1,
    writeConcernError: { code: 100 },
  })
  expect(await raw.send({ ...insert, writeConcern: { w: 'nearby' } })).toMatchObject({
    ok: 1,
    writeConcernError: { code: 79 },
  })
})

test('given writes, then the logical time of the replies increases', async () => {
  const first = await raw.send(insert)
  const second = await raw.send(insert)
  const read = await raw.send(find)
  const [a, b, c] = [first, second, read].map(({ operationTime }) => operationTime as mongoose.mongo.Timestamp)
  expect(b?.greaterThan(a ?? 0)).toBe(true)
  expect(c?.equals(b ?? 0)).toBe(true)
})

test('given a standalone server, then transactions and numbered writes are refused with 20', async () => {
  const alone = await startInProcess({ standalone: true })
  const raw = await connectRaw(alone.port)
  const own = { lsid: { id: new UUID() }, txnNumber: mongoose.mongo.Long.fromNumber(1) }
  const insert = { insert: 'c', documents: [{ x: 1 }], $db: 'bank', ...own }
  expect(await raw.send({ ...insert, autocommit: false, startTransaction: true })).toMatchObject({ ok: 0, code: 20 })
  expect(await raw.send(insert)).toMatchObject({ ok: 0, code: 20 })
  expect(await raw.send({ find: 'c', $db: 'bank', readConcern: { level: 'snapshot' } })).toMatchObject({ code: 123 })
  expect(await raw.send({ insert: 'c', documents: [{}], $db: 'bank', writeConcern: { w: 2 } })).toMatchObject({
    code: 2,
  })
  raw.end()
  await alone.stop()
})
