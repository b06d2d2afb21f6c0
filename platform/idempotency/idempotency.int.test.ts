import { expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { ensureIndexes } from '../mongo.ts'
import { type KeyedRequest, makeIdempotency } from './idempotency.ts'
import { makeIdempotencyModel } from './mongo.ts'

const start = async () => {
  const { database } = await makeTestDeps('payments')
  const clock = makeManualClock()
  const { model, store } = makeIdempotencyModel(database)
  await ensureIndexes([model] as never)
  let waited = 0
  const pause = async (ms: number): Promise<void> => {
    waited += ms
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const idempotency = makeIdempotency({ store, clock, hash: (text) => `#${text}`, pause })
  const request: KeyedRequest = { actor: 'usr_1', operation: 'pay', key: 'k', input: { a: 1 }, field: ['input', 'key'] }
  /** A first request that holds the key: its work is under way. */
  const hold = async (work: Promise<{ value: string; isFinal: boolean }>) => {
    const begun = Promise.withResolvers<void>()
    const held = idempotency.once(request, () => {
      begun.resolve()
      return work
    })
    await begun.promise
    return { held }
  }
  let runs = 0
  const once = (change: Partial<KeyedRequest> = {}, isFinal = true) =>
    idempotency.once({ ...request, ...change }, async () => ({
      value: ++runs,
      isFinal,
    }))
  return { idempotency, model, clock, hold, once, runs: () => runs, waited: () => waited }
}

test('given a key that was used, then the stored answer comes back, and no work is done', async () => {
  const { once, runs } = await start()
  expect(await once()).toBe(1)
  expect(await once()).toBe(1)
  expect(await once({ input: { b: null, a: 1 } })).toBe(1)
  expect(runs()).toBe(1)
})

test('given 20 requests with one key at once, then the work is done once and all hear the same', async () => {
  const { once, runs } = await start()
  expect(new Set(await Promise.all(Array.from({ length: 20 }, () => once())))).toEqual(new Set([1]))
  expect(runs()).toBe(1)
})

test('given other input, then it is refused naming the field; another actor or operation has keys of its own (C7)', async () => {
  const { once } = await start()
  await once()
  await expect(once({ input: { a: 2 } })).rejects.toMatchObject({
    problems: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'key'] }],
  })
  expect(await once({ actor: 'usr_2', input: { a: 2 } })).toBe(2)
  expect(await once({ operation: 'refund', input: { a: 2 } })).toBe(3)
})

test.each(['', 'x'.repeat(256)])('given a key of a bad length, then it is refused naming the field', async (key) => {
  const { once, model } = await start()
  await expect(once({ key })).rejects.toMatchObject({ problems: [{ code: 'BAD_USER_INPUT', field: ['input', 'key'] }] })
  expect(await model.countDocuments({})).toBe(0)
})

test('given an answer that is not for good, then the same key works again, and other input is still refused', async () => {
  const { once } = await start()
  expect(await once({}, false)).toBe(1)
  await expect(once({ input: 7 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  expect(await once()).toBe(2)
})

test('given a refusal, which changed nothing, then the key is as good as new', async () => {
  const { idempotency, once } = await start()
  const request = { actor: 'usr_1', operation: 'pay', key: 'k', input: 'too much', field: [] }
  const refuse = () => Promise.reject(new ShopError('BAD_USER_INPUT', 'No.'))
  await expect(idempotency.once(request, refuse)).rejects.toThrow('No.')
  expect(await once()).toBe(1)
})

test('given the work is under way, then it is waited for at most 3 s, then IN_PROGRESS, which may be retried', async () => {
  const { hold, once, waited } = await start()
  const { promise, resolve } = Promise.withResolvers<{ value: string; isFinal: boolean }>()
  const { held } = await hold(promise)
  await expect(once()).rejects.toMatchObject({ code: 'IN_PROGRESS', retryable: true })
  expect(waited()).toBe(seconds(3))
  resolve({ value: 'late', isFinal: true })
  expect(await held).toBe('late')
  expect(await once()).toBe('late')
})

test('given a holder that is gone, then the next takes over after 30 s, and the lost one cannot store its answer (R8)', async () => {
  const { hold, once, clock, runs } = await start()
  const { promise, resolve } = Promise.withResolvers<{ value: string; isFinal: boolean }>()
  const { held } = await hold(promise)
  await expect(once()).rejects.toMatchObject({ code: 'IN_PROGRESS' })
  clock.advance(seconds(31))
  expect(await once()).toBe(1)
  resolve({ value: 'of the lost one', isFinal: true })
  await held
  expect(await once()).toBe(1)
  expect(runs()).toBe(1)
})

test('given ten who come when the holder is gone, then one takes over, and all hear the same (R8)', async () => {
  const { hold, once, clock, runs } = await start()
  await hold(new Promise<never>(() => undefined))
  await expect(once()).rejects.toMatchObject({ code: 'IN_PROGRESS' })
  clock.advance(seconds(31))
  expect(new Set(await Promise.all(Array.from({ length: 10 }, () => once())))).toEqual(new Set([1]))
  expect(runs()).toBe(1)
})

test('what is kept tells nothing of the input, and is forgotten after 72 h', async () => {
  const { model, once } = await start()
  await once({ input: 'a secret address' })
  const indexes = await model.collection.indexes()
  expect(indexes).toContainEqual(expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 72 * 3_600 }))
})
