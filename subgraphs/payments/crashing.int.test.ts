import { afterEach, describe, expect, test } from 'vitest'
import { service } from '#platform/auth.ts'
import { armCrashPoint, type CrashPoint, type CrashWay } from '#platform/crashPoint.ts'
import { makeIdempotency } from '#platform/idempotency/idempotency.ts'
import { makeIdempotencyModel } from '#platform/idempotency/mongo.ts'
import { signWebhook } from '../../provider/webhooks.ts'
import { makeManaging } from './service/managing.ts'
import { secret, startTestProvider, startWorld } from './testing.ts'

let disarm = (): void => undefined
afterEach(() => disarm())

const start = async () => {
  const provider = await startTestProvider()
  const world = await startWorld({ provider, timeoutMs: 150, now: Date.now() })
  const keys = makeIdempotencyModel(world.deps.database)
  const pause = async (ms: number): Promise<void> => world.clock.advance(ms)
  const idempotency = makeIdempotency({ store: keys.store, clock: world.clock, hash: (text) => text, pause })
  const managing = makeManaging({ payments: world.payments, settling: world.settling, idempotency })
  const asker = { viewer: service('support'), client: { address: '', userAgent: '' }, requestId: 'req_1' }
  const refund = async () => {
    const paymentId = (await world.payment())?._id ?? ''
    const amount = { amount: '4.00', currencyCode: 'EUR' }
    return managing.refund(asker, { paymentId, amount, idempotencyKey: 'one' })
  }
  return { ...world, provider, refund, ops: () => provider.movements(0, 100).map(({ op }) => op) }
}

type Started = Awaited<ReturnType<typeof start>>

/** Lets the work crash at the point; what hangs there hangs on, as a process does that nobody has killed yet. */
const crashAt = async (point: CrashPoint, way: CrashWay, work: () => Promise<unknown>): Promise<void> => {
  const armed = armCrashPoint({ point, nth: 1, way })
  disarm = armed.disarm
  const going = work().catch(() => undefined)
  await armed.reached
  if (way === 'throw') await going
}

const ways: CrashWay[] = ['throw', 'hang']
const pointsOfCalls: CrashPoint[] = ['payments.intentWritten', 'payments.answerReceived', 'payments.resultWritten']

interface Act {
  readonly before?: (world: Started) => Promise<unknown>
  readonly act: (world: Started) => Promise<unknown>
  readonly state: string
  readonly ops: readonly string[]
  readonly told: readonly string[]
}

const acts: Readonly<Record<string, Act>> = {
  authorise: {
    act: ({ authorize }) => authorize(),
    state: 'AUTHORIZED',
    ops: ['authorize'],
    told: ['PaymentAuthorized'],
  },
  capture: {
    before: ({ authorize }) => authorize(),
    act: ({ paying }) => paying.capture('ord_1'),
    state: 'CAPTURED',
    ops: ['authorize', 'charge'],
    told: ['PaymentAuthorized', 'PaymentCaptured'],
  },
  cancel: {
    before: ({ authorize }) => authorize(),
    act: ({ paying }) => paying.cancel('ord_1'),
    state: 'VOIDED',
    ops: ['authorize', 'void'],
    told: ['PaymentAuthorized', 'PaymentVoided'],
  },
  refund: {
    before: async ({ authorize, paying }) => {
      await authorize()
      await paying.capture('ord_1')
    },
    act: ({ refund }) => refund(),
    state: 'CAPTURED',
    ops: ['authorize', 'charge', 'refund'],
    told: ['PaymentAuthorized', 'PaymentCaptured', 'ActDone', 'PaymentRefunded'],
  },
}

describe.each(ways)('given a crash (%s)', (way) => {
  const cases = Object.entries(acts).flatMap(([name, act]) => pointsOfCalls.map((point) => [name, point, act] as const))

  test.each(cases)(
    'in %s at %s, then the job completes it, and the money moves once (F1, R2, R8)',
    async (_, point, act) => {
      const world = await start()
      await act.before?.(world)
      await crashAt(point, way, () => act.act(world))
      await world.work(3)
      expect((await world.payment())?.state.kind).toBe(act.state)
      expect(world.ops()).toEqual(act.ops)
      // Asked again with the same key or for the same order: nothing moves.
      await act.act(world)
      expect(world.ops()).toEqual(act.ops)
      expect(await world.told()).toEqual(act.told)
    },
  )

  test.each<CrashPoint>(['idempotency.begun', 'idempotency.workDone'])(
    'in a refund at %s, then the same key finishes it, and the money goes back once (C11, R8)',
    async (point) => {
      const world = await start()
      await acts.refund?.before?.(world)
      await crashAt(point, way, world.refund)
      // Longer than the lease of a key.
      world.clock.advance(31_000)
      expect((await world.refund()).userErrors).toEqual([])
      expect(world.ops()).toEqual(['authorize', 'charge', 'refund'])
    },
  )

  test.each<CrashPoint>(['payments.webhookStored', 'payments.webhookApplied'])(
    'in a webhook at %s, then the job goes on with it, and it counts once (C9)',
    async (point) => {
      const world = await start()
      const { provider, authorize, payment, hearing, clock, inbox, told } = world
      await crashAt('payments.answerReceived', 'throw', authorize)
      const id = (await payment())?._id ?? ''
      const data = { payment: id, key: `${id}:authorize`, amount: 1_000, currency: 'EUR' }
      const body = JSON.stringify({ id: 'evt_1', type: 'charge.authorized', data })
      const signature = signWebhook(secret, body, clock.now())
      const hear = () => hearing.receive('sandbox', { body, signature })
      await crashAt(point, way, hear)
      await hear()
      await world.work(4)
      expect((await payment())?.state.kind).toBe('AUTHORIZED')
      expect(await told()).toEqual(['PaymentAuthorized'])
      expect(await inbox.model.countDocuments({ dueAt: null })).toBe(1)
      expect(provider.movements(0, 10)).toHaveLength(1)
    },
  )

  test('when the books differ, then the next comparison reports it, once (I12)', async () => {
    const world = await start()
    const { authorize, payment, sandbox, standing, reconciling, clock, logged } = world
    await authorize()
    const { _id, reference } = (await payment()) ?? {}
    // Somebody at the provider takes the money by hand.
    const amount = { minor: 1_000, currency: 'EUR' }
    await sandbox.capture({ key: 'by hand', amount, reference: reference ?? '' })
    clock.advance(11_000)
    await crashAt('payments.differenceFound', way, reconciling.run)
    disarm()
    await reconciling.run()
    await reconciling.run()
    expect(await standing()).toMatchObject([{ _id, reason: 'SUMS_DIFFER' }])
    expect(logged).toHaveLength(1)
  })
})

test('given money at the provider for a payment that nobody knows, then it is reported; and what is the same again is mended (I12)', async () => {
  const { authorize, payments, payment, sandbox, standing, reconciling, clock, logged } = await start()
  const amount = { minor: 500, currency: 'EUR' }
  await sandbox.authorize({ key: 'k', amount, token: 'tok_ok', paymentId: 'pay_unknown', orderId: 'ord_x' })
  await authorize()
  const { transactions = [] } = (await payment()) ?? {}
  await payments.model.collection.updateOne({}, { $set: { transactions: [] } } as never)
  clock.advance(11_000)
  await reconciling.run()
  expect((await standing()).map(({ reason }) => reason).sort()).toEqual(['SUMS_DIFFER', 'UNKNOWN_TO_US'])
  expect(logged).toHaveLength(2)
  await payments.model.collection.updateOne({}, { $set: { transactions, updatedAt: clock.now() } } as never)
  clock.advance(11_000)
  await reconciling.run()
  expect(await standing()).toHaveLength(1)
})
