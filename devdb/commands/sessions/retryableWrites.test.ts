import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Long, UUID } from 'bson'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startChild, startInProcess } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'

type Raw = Awaited<ReturnType<typeof connectRaw>>

let server: Awaited<ReturnType<typeof startInProcess>>
let raw: Raw
let collection = 0

beforeAll(async () => {
  server = await startInProcess()
  raw = await connectRaw(server.port)
})

afterAll(async () => {
  raw.end()
  await server.stop()
})

beforeEach(() => {
  collection++
})

const name = () => `c${collection}`
const numbered = (number = 1, lsid = { id: new UUID() }) => ({ lsid, txnNumber: Long.fromNumber(number), $db: 'shop' })
const all = async (of: Raw = raw) => {
  const { cursor } = await of.send({ find: name(), sort: { _id: 1 }, $db: 'shop' })
  return (cursor as { firstBatch: unknown[] }).firstBatch
}

describe('a numbered write that comes again', () => {
  const fill = () =>
    raw.send({
      insert: name(),
      documents: [
        { _id: 1, n: 1 },
        { _id: 2, n: 1 },
      ],
      $db: 'shop',
    })

  const repeated: readonly (readonly [string, () => object, object, unknown[]])[] = [
    [
      'an insert',
      () => ({ insert: name(), documents: [{ _id: 3 }, { _id: 4 }] }),
      { n: 2, retriedStmtIds: [0, 1] },
      [{ _id: 1, n: 1 }, { _id: 2, n: 1 }, { _id: 3 }, { _id: 4 }],
    ],
    [
      'an update with an upsert',
      () => ({
        update: name(),
        updates: [
          { q: { _id: 1 }, u: { $inc: { n: 1 } } },
          { q: { _id: 9 }, u: { $inc: { n: 1 } }, upsert: true },
        ],
      }),
      { n: 2, nModified: 1, upserted: [{ index: 1, _id: 9 }], retriedStmtIds: [0, 1] },
      [
        { _id: 1, n: 2 },
        { _id: 2, n: 1 },
        { _id: 9, n: 1 },
      ],
    ],
    [
      'a delete',
      () => ({ delete: name(), deletes: [{ q: { n: 1 }, limit: 1 }] }),
      { n: 1, retriedStmtIds: [0] },
      [{ _id: 2, n: 1 }],
    ],
    [
      'a findAndModify',
      () => ({ findAndModify: name(), query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true }),
      { value: { _id: 1, n: 2 }, lastErrorObject: { n: 1, updatedExisting: true }, retriedStmtIds: [0] },
      [
        { _id: 1, n: 2 },
        { _id: 2, n: 1 },
      ],
    ],
  ]
  test.each(repeated)(
    'given %s, then it is answered again and not executed again',
    async (_name, command, reply, left) => {
      await fill()
      const call = { ...command(), ...numbered() }
      const first = await raw.send(call)
      const { retriedStmtIds: _ids, ...expected } = reply as { retriedStmtIds: number[] }
      expect(first).toMatchObject({ ok: 1, ...expected })
      expect(first.retriedStmtIds).toBeUndefined()
      expect(await raw.send(call)).toMatchObject({ ok: 1, ...reply })
      expect(await all()).toEqual(left)
    },
  )

  test('given an ordered batch that failed in the middle, then its retry executes only what was not done', async () => {
    await raw.send({ insert: name(), documents: [{ _id: 2 }], $db: 'shop' })
    const call = { insert: name(), documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }], ...numbered() }
    expect(await raw.send(call)).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] })
    await raw.send({ delete: name(), deletes: [{ q: { _id: 2 }, limit: 1 }], $db: 'shop' })
    expect(await raw.send(call)).toMatchObject({ n: 3, retriedStmtIds: [0] })
    expect(await all()).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
  })

  test('given statement numbers of its own, then these are what is remembered', async () => {
    const own = numbered()
    await raw.send({ insert: name(), documents: [{ _id: 1 }], ...own, stmtIds: [7] })
    expect(await raw.send({ insert: name(), documents: [{ _id: 1 }, { _id: 2 }], ...own, stmtId: 7 })).toMatchObject({
      n: 2,
      retriedStmtIds: [7],
    })
    expect(await raw.send({ insert: name(), documents: [{}], ...own, stmtId: 1, stmtIds: [1] })).toMatchObject({
      code: 72,
    })
    expect(await raw.send({ insert: name(), documents: [{}], stmtIds: [1, 2], $db: 'shop' })).toMatchObject({
      code: 16,
      errmsg: expect.stringContaining('Got 2 statement ids but 1 operations.'),
    })
  })

  test('given an older number than the session has used, then 225', async () => {
    const lsid = { id: new UUID() }
    await raw.send({ insert: name(), documents: [{ _id: 1 }], ...numbered(5, lsid) })
    expect(await raw.send({ insert: name(), documents: [{ _id: 2 }], ...numbered(4, lsid) })).toMatchObject({
      code: 225,
    })
  })

  test('given a write of many documents, then 72', async () => {
    const updates = [{ q: {}, u: { $set: { a: 1 } }, multi: true }]
    expect(await raw.send({ update: name(), updates, ...numbered() })).toMatchObject({
      n: 0,
      writeErrors: [{ code: 72 }],
    })
  })

  test('given a write that waits for a transaction and its retry meanwhile, then it happens once', async () => {
    await raw.send({ insert: name(), documents: [{ _id: 1, n: 0 }], $db: 'shop' })
    const transaction = { ...numbered(), autocommit: false }
    const inc = { update: name(), updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] }
    await raw.send({ ...inc, ...transaction, startTransaction: true })
    const call = { ...inc, ...numbered() }
    const others = await Promise.all([connectRaw(server.port), connectRaw(server.port)])
    const replies = others.map((other) => other.send(call))
    await raw.send({ commitTransaction: 1, ...transaction, $db: 'admin' })
    expect((await Promise.all(replies)).map(({ n }) => n)).toEqual([1, 1])
    expect(await all()).toEqual([{ _id: 1, n: 2 }])
    for (const other of others) other.end()
  })
})

test('given a server killed after a numbered write, when the write comes again, then it happens once', async () => {
  const data = await mkdtemp(join(tmpdir(), 'devdb-retry-'))
  const calls = [
    { findAndModify: name(), query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true, ...numbered() },
    { findAndModify: name(), query: { _id: 2 }, update: { $inc: { n: 1 } }, ...numbered() },
    { insert: name(), documents: [{ _id: 3 }], ...numbered() },
    { update: name(), updates: [{ q: { _id: 4 }, u: { $set: { n: 4 } }, upsert: true }], ...numbered() },
  ]
  const changed = { findAndModify: name(), query: { _id: 5 }, update: { $inc: { n: 1 } }, new: true, ...numbered() }
  const transaction = { ...numbered(), autocommit: false }
  const commit = { commitTransaction: 1, ...transaction, $db: 'admin' }
  try {
    const before = await startChild(['--data', data])
    const first = await connectRaw(before.port)
    await first.send({ insert: name(), documents: [1, 2, 5].map((_id) => ({ _id, n: 1 })), $db: 'shop' })
    const replies = []
    for (const call of calls) replies.push(await first.send(call))
    await first.send(changed)
    await first.send({ update: name(), updates: [{ q: { _id: 5 }, u: { $inc: { n: 10 } } }], $db: 'shop' })
    await first.send({ insert: name(), documents: [{ _id: 6 }], ...transaction, startTransaction: true })
    await first.send(commit)
    await before.end('SIGKILL')
    const after = await startChild(['--data', data])
    const second = await connectRaw(after.port)
    for (const [index, call] of calls.entries()) {
      const { ok, n, value, upserted, lastErrorObject } = replies[index] ?? {}
      const expected = Object.fromEntries(
        Object.entries({ ok, n, value, upserted, lastErrorObject }).filter(([, one]) => one !== undefined),
      )
      expect(await second.send(call)).toMatchObject({ ...expected, retriedStmtIds: [0] })
    }
    expect(await second.send(changed)).toMatchObject({ ok: 0, code: 217 })
    expect(await second.send(commit)).toMatchObject({ ok: 1 })
    expect(await all(second)).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 2 },
      { _id: 3 },
      { _id: 4, n: 4 },
      { _id: 5, n: 12 },
      { _id: 6 },
    ])
    await after.end('SIGTERM')
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})

describe('fail points', () => {
  const point = (mode: unknown, data: object) =>
    raw.send({ configureFailPoint: 'failCommand', mode, data, $db: 'admin' })

  test('given an error twice, then two commands fail with it and the label a retryable write deserves', async () => {
    expect(await point({ times: 2 }, { failCommands: ['insert'], errorCode: 91 })).toMatchObject({ ok: 1, count: 0 })
    const insert = { insert: name(), documents: [{ _id: 1 }] }
    expect(await raw.send({ ...insert, ...numbered() })).toMatchObject({
      ok: 0,
      code: 91,
      codeName: 'ShutdownInProgress',
      errorLabels: ['RetryableWriteError'],
    })
    const plain = await raw.send({ ...insert, $db: 'shop' })
    expect(plain).toMatchObject({ code: 91 })
    expect(plain.errorLabels).toBeUndefined()
    expect(await raw.send({ ...insert, $db: 'shop' })).toMatchObject({ ok: 1 })
    expect(await point('off', {})).toMatchObject({ ok: 1, count: 2 })
  })

  test('given labels, then exactly these are answered', async () => {
    await point({ times: 1 }, { failCommands: ['insert'], errorCode: 91, errorLabels: ['Mine'] })
    expect(await raw.send({ insert: name(), documents: [{}], ...numbered() })).toMatchObject({ errorLabels: ['Mine'] })
  })

  test('given an error in a transaction, then the transaction may be run again', async () => {
    await point({ times: 1 }, { failCommands: ['insert'], errorCode: 91 })
    const own = { ...numbered(), autocommit: false, startTransaction: true }
    expect(await raw.send({ insert: name(), documents: [{}], ...own })).toMatchObject({
      code: 91,
      errorLabels: ['TransientTransactionError'],
    })
  })

  test('given a write concern error, then the write has happened and the reply says so', async () => {
    await point({ times: 1 }, { failCommands: ['insert'], writeConcernError: { code: 91, errmsg: 'late' } })
    expect(await raw.send({ insert: name(), documents: [{ _id: 1 }], ...numbered() })).toMatchObject({
      ok: 1,
      n: 1,
      writeConcernError: { code: 91 },
      errorLabels: ['RetryableWriteError'],
    })
    expect(await all()).toEqual([{ _id: 1 }])
  })

  test('given a closed connection, then only the one that sent the command is closed', async () => {
    await point({ times: 1 }, { failCommands: ['ping'], closeConnection: true })
    const other = await connectRaw(server.port)
    other.send({ ping: 1, $db: 'admin' }).catch(() => undefined)
    await other.closed
    expect(await raw.send({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 })
  })

  test('given an application, then only its commands suffer', async () => {
    await point('alwaysOn', { failCommands: ['ping'], errorCode: 2, appName: 'victim' })
    const victim = await connectRaw(server.port)
    await victim.send({ hello: 1, client: { application: { name: 'victim' } }, $db: 'admin' })
    expect(await victim.send({ ping: 1, $db: 'admin' })).toMatchObject({ code: 2 })
    expect(await raw.send({ ping: 1, $db: 'admin' })).toMatchObject({ ok: 1 })
    await point('off', {})
    victim.end()
  })

  test('given a delay, then later commands of the connection keep their order', async () => {
    await point({ times: 1 }, { failCommands: ['insert'], blockConnection: true, blockTimeMS: 20 })
    const first = raw.send({ insert: name(), documents: [{ _id: 1 }], $db: 'shop' })
    const second = raw.send({ count: name(), $db: 'shop' })
    expect([await first, await second]).toMatchObject([
      { ok: 1, n: 1 },
      { ok: 1, n: 1 },
    ])
  })

  const skipping: readonly (readonly [unknown, boolean[]])[] = [
    [{ skip: 2 }, [true, true, false, false]],
    [{ times: 1 }, [false, true, true, true]],
    ['alwaysOn', [false, false, false, false]],
    [{ activationProbability: 0 }, [true, true, true, true]],
    [{ activationProbability: 1 }, [false, false, false, false]],
  ]
  test.each(skipping)('given the mode %j, then these succeed: %j', async (mode, expected) => {
    await point(mode, { failCommands: ['ping'], errorCode: 2 })
    const replies = []
    for (const _ of expected) replies.push((await raw.send({ ping: 1, $db: 'admin' })).ok === 1)
    await point('off', {})
    expect(replies).toEqual(expected)
  })

  const wrong: readonly (readonly [string, object, number])[] = [
    ['an unknown point', { configureFailPoint: 'noSuchPoint', mode: 'off', $db: 'admin' }, 266],
    ['an unknown field', { configureFailPoint: 'failCommand', mode: 'off', data: { x: 1 }, $db: 'admin' }, 40415],
    ['an unknown mode', { configureFailPoint: 'failCommand', mode: { sometimes: 1 }, $db: 'admin' }, 2],
    ['no mode', { configureFailPoint: 'failCommand', $db: 'admin' }, 40414],
    ['another database', { configureFailPoint: 'failCommand', mode: 'off', $db: 'shop' }, 13],
  ]
  test.each(wrong)('given %s, then it is refused', async (_name, command, code) => {
    expect(await raw.send({ ...command })).toMatchObject({ ok: 0, code })
  })

  test('given a server that was not started for tests, then there is no such command', async () => {
    const plain = await startInProcess({ testCommands: false })
    const other = await connectRaw(plain.port)
    expect(await other.send({ configureFailPoint: 'failCommand', mode: 'off', $db: 'admin' })).toMatchObject({
      code: 59,
    })
    other.end()
    await plain.stop()
  })
})

describe('sessions', () => {
  test('given startSession, then its id can be used, refreshed, killed and ended', async () => {
    const started = await raw.send({ startSession: 1, $db: 'admin' })
    expect(started).toMatchObject({ ok: 1, timeoutMinutes: 30 })
    const lsid = started.id
    expect(await raw.send({ ping: 1, lsid, $db: 'admin' })).toMatchObject({ ok: 1 })
    for (const command of ['refreshSessions', 'killSessions', 'endSessions'])
      expect(await raw.send({ [command]: [lsid], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await raw.send({ killAllSessions: [], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await raw.send({ endSessions: 1, $db: 'admin' })).toMatchObject({ code: 14 })
    expect(await raw.send({ endSessions: [{ id: 1 }], $db: 'admin' })).toMatchObject({ code: 14 })
  })

  test('given the driver with retries, when connections break in the middle, then every write happens once', async () => {
    const client = await new mongoose.mongo.MongoClient(server.url).connect()
    const counters = client.db('shop').collection(name())
    await counters.insertOne({ _id: 1 as never, n: 0 })
    for (const data of [{}, { failBeforeCommitExceptionCode: 1 }]) {
      await raw.send({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: { times: 1 }, data, $db: 'admin' })
      expect(await counters.updateOne({ _id: 1 as never }, { $inc: { n: 1 } })).toMatchObject({ modifiedCount: 1 })
    }
    expect(await counters.findOne()).toEqual({ _id: 1, n: 2 })
    await client.close()
  })
})
