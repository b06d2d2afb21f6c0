import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient, Long, Double } = mongoose.mongo

let server: Awaited<ReturnType<typeof startInProcess>>
let standalone: Awaited<ReturnType<typeof startInProcess>>
let client: InstanceType<typeof MongoClient>
let single: InstanceType<typeof MongoClient>

beforeAll(async () => {
  server = await startInProcess()
  standalone = await startInProcess({ standalone: true })
  client = await new MongoClient(server.url).connect()
  single = await new MongoClient(standalone.url).connect()
  await client
    .db('shop')
    .collection('items')
    .insertMany([{ a: 1 }, { a: 2 }])
})

afterAll(async () => {
  await client.close()
  await single.close()
  await server.stop()
  await standalone.stop()
})

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
/** The answer with its number types. */
const asked = (database: string, body: Record<string, unknown>) =>
  client.db(database).command(body, { promoteValues: false, promoteLongs: false })
const admin = (body: Record<string, unknown>) => asked('admin', body)

describe('what mongosh and Compass ask', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the version', { buildInfo: 1 }, { version: '8.0.4', versionArray: [8, 0, 4, 0], bits: 64, modules: [] }],
    [
      'the command line',
      { getCmdLineOpts: 1 },
      { argv: expect.any(Array), parsed: { replication: { replSet: 'rs0' } } },
    ],
    ['the logs there are', { getLog: '*' }, { names: ['global', 'startupWarnings'] }],
    ['the log', { getLog: 'global' }, { totalLinesWritten: 0, log: [] }],
    [
      'one parameter',
      { getParameter: 1, featureCompatibilityVersion: 1 },
      { featureCompatibilityVersion: { version: '8.0' } },
    ],
    [
      'all parameters',
      { getParameter: '*' },
      { authenticationMechanisms: [], enableTestCommands: true, maxBSONDepth: 200 },
    ],
    [
      'a parameter in detail',
      { getParameter: { showDetails: true }, ttlMonitorEnabled: 1 },
      { ttlMonitorEnabled: { value: true, settableAtRuntime: true } },
    ],
    ['the host', { hostInfo: 1 }, { system: { cpuAddrSize: 64 }, os: expect.any(Object), extra: {} }],
    [
      'who it is',
      { connectionStatus: 1, showPrivileges: true },
      { authInfo: { authenticatedUsers: [], authenticatedUserPrivileges: [] } },
    ],
    ['its own address', { whatsmyuri: 1 }, { you: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }],
    ['the set', { replSetGetStatus: 1 }, { set: 'rs0', myState: 1, members: [{ stateStr: 'PRIMARY', self: true }] }],
    ['its configuration', { replSetGetConfig: 1 }, { config: { _id: 'rs0', members: [{ votes: 1, priority: 1 }] } }],
    [
      'the default concerns',
      { getDefaultRWConcern: 1 },
      { defaultWriteConcern: { w: 'majority' }, defaultWriteConcernSource: 'implicit' },
    ],
    ['the profiler', { profile: -1 }, { was: 0, slowms: 100 }],
    ['what runs', { currentOp: 1, $all: true }, { inprog: [{ op: 'command', command: { currentOp: 1 } }] }],
    ['to end an operation', { killOp: 1, op: 99 }, { info: 'attempting to kill op' }],
    ['to flush', { fsync: 1 }, { numFiles: 1 }],
    ['the users', { usersInfo: 1 }, { users: [] }],
    ['a sign of life', { ping: 1 }, { ok: 1 }],
  ])('given a question for %s, then the answer has the fields of mongod', async (_name, body, expected) => {
    expect(plain(await admin(body))).toMatchObject(expected)
  })

  it('given listCommands, then it names each command, also itself', async () => {
    const { commands } = await admin({ listCommands: 1 })
    for (const name of ['find', 'insert', 'listCommands', 'hello', 'getMore']) expect(commands).toHaveProperty(name)
  })

  it('given a server that keeps nothing, then the startup warnings say so', async () => {
    const { log } = await admin({ getLog: 'startupWarnings' })
    const messages = (log as string[]).map((line) => JSON.parse(line).msg)
    expect(messages).toEqual([
      expect.stringContaining('Access control is not enabled'),
      expect.stringContaining('its data is gone when it stops'),
    ])
  })

  it('given serverStatus, then sections can be left out', async () => {
    const all = await admin({ serverStatus: 1 })
    expect(all).toMatchObject({ repl: { setName: 'rs0' }, storageEngine: { name: 'devdb' } })
    expect(all.uptimeMillis).toBeInstanceOf(Long)
    const some = await admin({ serverStatus: 1, repl: 0, metrics: 0, locks: 0 })
    expect(some).not.toHaveProperty('repl')
    expect(some).not.toHaveProperty('metrics')
    expect(some).toHaveProperty('opcounters')
  })

  it('given dbStats and collStats, then the sizes come in the types of mongod and in the asked scale', async () => {
    const stats = await asked('shop', { dbStats: 1, scale: 2 })
    expect([stats.collections, stats.objects, stats.dataSize]).toEqual([
      Long.fromNumber(1),
      Long.fromNumber(2),
      expect.any(Double),
    ])
    const [whole, half] = [
      await asked('shop', { collStats: 'items' }),
      await asked('shop', { collStats: 'items', scale: 2 }),
    ]
    expect(plain(whole)).toMatchObject({ ns: 'shop.items', count: 2, capped: false, nindexes: 1, scaleFactor: 1 })
    expect(Number(half.size)).toBe(Math.floor(Number(whole.size) / 2))
    expect(plain(await asked('shop', { collStats: 'nothing' }))).toMatchObject({ count: 0, nindexes: 0 })
  })
})

describe('what is refused', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['isdbgrid', { isdbgrid: 1 }, 59],
    ['atlasVersion', { atlasVersion: 1 }, 59],
    ['getFreeMonitoringStatus', { getFreeMonitoringStatus: 1 }, 59],
    ['an unknown parameter', { getParameter: 1, nope: 1 }, 72],
    ['an unknown log', { getLog: 'nope' }, 96],
    ['setting an unknown parameter', { setParameter: 1, nope: 1 }, 72],
    ['setting a fixed parameter', { setParameter: 1, logLevel: 2 }, 20],
    ['setting a parameter to another type', { setParameter: 1, ttlMonitorEnabled: 'x' }, 2],
    ['a lock', { fsync: 1, lock: true }, 238],
    ['unlocking', { fsyncUnlock: 1 }, 20],
    ['turning the log', { logRotate: 1 }, 238],
    ['top', { top: 1 }, 238],
    ['profiling', { profile: 2 }, 238],
    ['initiating again', { replSetInitiate: {} }, 23],
    ['credentials', { saslStart: 1, mechanism: 'PLAIN', payload: '' }, 18],
    ['a scale of nothing', { dbStats: 1, scale: 0 }, 2],
    ['an unknown option', { serverStatus: 1, nope: 1 }, 40415],
  ])("given %s, then MongoDB's code", async (_name, body, code) => {
    await expect(client.db('admin').command(body)).rejects.toMatchObject({ code })
  })

  it('given a command of admin elsewhere, then 13', async () => {
    await expect(client.db('shop').command({ replSetGetStatus: 1 })).rejects.toMatchObject({ code: 13 })
  })

  it.each([
    [{ replSetGetStatus: 1 }, 76],
    [{ getDefaultRWConcern: 1 }, 51300],
  ])('given a standalone server and %j, then %i', async (body, code) => {
    await expect(single.db('admin').command(body)).rejects.toMatchObject({ code })
  })
})

describe('setParameter', () => {
  it('given a new value, then the old one is told and the new one holds', async () => {
    const { was } = await admin({ setParameter: 1, cursorTimeoutMillis: 5000 })
    expect(was).toEqual(Long.fromNumber(600_000))
    expect((await admin({ getParameter: 1, cursorTimeoutMillis: 1 })).cursorTimeoutMillis).toEqual(
      Long.fromNumber(5000),
    )
    await admin({ setParameter: 1, cursorTimeoutMillis: 600_000 })
  })
})
