import { expect, inject, onTestFinished, test } from 'vitest'
import { startProxy } from '../tests/proxy.ts'
import { freshPrefix } from '../tests/subgraph.ts'
import { DatabaseUnreachable } from './databaseUnreachable.ts'
import { asUnavailable, connectMongo, duplicateKeyFields, isDuplicateKey } from './mongo.ts'

const connect = (url: string) => connectMongo({ url, prefix: freshPrefix() })

test('given a server, when two subgraphs connect, then each has a database of its own', async () => {
  const mongo = await connect(inject('mongoUrl'))
  onTestFinished(mongo.stop)
  await mongo.ping()
  const [users, orders] = [mongo.database('users'), mongo.database('orders')]
  expect([users.name.endsWith('_users'), orders.name.endsWith('_orders')]).toEqual([true, true])
  expect(mongo.database('users')).toBe(users)
})

test('given a wrong address, when it is used, then the error names host and reason in one line and never the password (R18)', async () => {
  for (const [url, host] of [
    ['mongodb://shop:canary@127.0.0.1:1/?serverSelectionTimeoutMS=50', 'mongodb://127.0.0.1:1'],
    ['mongodb://shop:can@ary@127.0.0.1:1', 'mongodb://127.0.0.1:1'],
    ['mongodb://shop:can/ary@127.0.0.1:1', 'mongodb://127.0.0.1:1'],
    ['mongodb://shop:can ary', 'mongodb://***'],
    ['mongodb://u:canary@a.example,b.example:2/?nonsense=1', 'mongodb://a.example,b.example:2'],
  ] as const) {
    const error = await connect(url).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseUnreachable)
    const { message } = error as Error
    expect(message.startsWith(`MongoDB at ${host} cannot be used: `), message).toBe(true)
    expect(message).toMatch(/ Check MONGODB_URL\.$/)
    expect(message).not.toMatch(/can.?ary|\n/)
  }
})

test('given a server that refuses our credentials, then the start says so at once and does not wait (threat: operations)', async () => {
  const told: string[] = []
  const url = inject('mongoUrl').replace('//', '//shop:canary@')
  const error = await connectMongo({
    url,
    prefix: freshPrefix(),
    wait: { ms: 60_000, tell: (line) => told.push(line) },
  }).catch((thrown) => thrown)
  expect((error as Error).message).toMatch(/Authentication failed.* Check MONGODB_URL\.$/)
  expect((error as Error).message).not.toContain('canary')
  expect(told).toEqual([])
})

test('given a server that is not there yet, then it is waited for with one line, and found when it comes', async () => {
  const line = await startProxy(Number(new URL(inject('mongoUrl')).port))
  onTestFinished(line.stop)
  line.become('down')
  const told: string[] = []
  const tell = (sentence: string): void => {
    told.push(sentence)
    line.become('fair')
  }
  const host = `mongodb://${new URL(line.url).host}`
  const url = `${host}/?directConnection=true`
  const mongo = await connectMongo({ url, prefix: freshPrefix(), wait: { ms: 30_000, tell } })
  onTestFinished(mongo.stop)
  await mongo.ping()
  expect(told).toEqual([`Waiting for MongoDB at ${host} (MONGODB_URL), for 30 s at most.`])
})

test('given a connection that was closed, when it is used, then the error means: try again', async () => {
  const mongo = await connect(inject('mongoUrl'))
  const orders = mongo.database('orders').collection('orders')
  await mongo.stop()
  const error = await orders.findOne().catch((thrown: unknown) => thrown)
  expect(asUnavailable(error)).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
})

test('given other errors, when they are looked at, then they are neither away nor duplicates', () => {
  for (const error of [new Error('E11000'), { code: 11_000 }, 'text', null, undefined]) {
    expect(asUnavailable(error)).toBeNull()
    expect(isDuplicateKey(error)).toBe(false)
    expect(duplicateKeyFields(error)).toEqual([])
  }
})
