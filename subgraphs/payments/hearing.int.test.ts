import { expect, test } from 'vitest'
import { signWebhook } from '../../provider/webhooks.ts'
import { freePorts } from '../../tests/ports.ts'
import { secret, startReceiver, startTestProvider, startWorld, type World } from './testing.ts'

const start = async (timeoutMs?: number, port?: number) => {
  const provider = await startTestProvider(port === undefined ? {} : { port })
  const world = await startWorld({ provider, timeoutMs, now: Date.now() })
  return { provider, ...world }
}

interface Change {
  readonly id?: string
  readonly amount?: number
  readonly currency?: string
  readonly key?: string | null
}

/** A webhook about the authorisation of a payment. */
const bodyFor = (paymentId: string, { id = 'evt_1', amount = 1_000, currency = 'EUR', key }: Change = {}): string =>
  JSON.stringify({
    id,
    type: 'charge.authorized',
    data: { payment: paymentId, key: key === undefined ? `${paymentId}:authorize` : key, amount, currency },
  })

const hear = ({ hearing, clock }: Pick<World, 'hearing' | 'clock'>, body: string, signature?: string) =>
  hearing.receive('sandbox', { body, signature: signature ?? signWebhook(secret, body, clock.now()) })

const verdicts = async ({ inbox }: World): Promise<string[]> =>
  (await inbox.model.find({}).lean<{ verdict: string }[]>()).map(({ verdict }) => verdict)

test('given the news come while the answer is on its way, ten times each, then the payment moves once and tells it once (C9)', async () => {
  const world = await start(5_000)
  const { provider, authorize, payment, told, hearing } = world
  const { url } = await startReceiver(hearing, 10)
  provider.turn({ seed: 1, calls: {}, webhooks: {}, latencyMs: 1_200 })
  provider.deliverTo(url)
  expect((await authorize()).userErrors).toEqual([])
  await expect.poll(() => verdicts(world)).toEqual(['applied'])
  expect(await payment()).toMatchObject({ state: { kind: 'AUTHORIZED' }, transactions: [{ kind: 'AUTHORIZE' }] })
  expect(await told()).toEqual(['PaymentAuthorized'])
})

test('given the news come after the answer, ten times, then nothing moves again (C9)', async () => {
  const world = await start()
  const { authorize, told } = world
  const id = (await authorize()).payment?._id ?? ''
  await Promise.all(Array.from({ length: 10 }, () => hear(world, bodyFor(id))))
  expect(await verdicts(world)).toEqual(['nothing'])
  expect(await told()).toEqual(['PaymentAuthorized'])
})

test('given the answer never came, when the news come ten times, then they settle the payment, once (C9, R3)', async () => {
  const [port = 0] = await freePorts(1)
  const world = await start(5_000, port)
  const { provider, authorize, payment, told } = world
  // Charged, and every answer is lost, also that of the look-up.
  await provider.stop()
  await authorize()
  const revived = await startTestProvider({ port })
  await expect.poll(() => world.sandbox.lookup('a key of nobody')).toBeNull()
  const id = (await payment())?._id ?? ''
  const amount = { minor: 1_000, currency: 'EUR' }
  await world.sandbox.authorize({ key: `${id}:authorize`, amount, token: 'tok_ok', paymentId: id, orderId: 'ord_1' })
  await Promise.all(Array.from({ length: 10 }, () => hear(world, bodyFor(id))))
  expect(await payment()).toMatchObject({ state: { kind: 'AUTHORIZED' } })
  expect(await told()).toEqual(['PaymentAuthorized'])
  expect(revived.movements(0, 10)).toHaveLength(1)
})

test('given news come before what they are about, then they are parked, and done with once it is there (C9)', async () => {
  const world = await start()
  const early = 'pay_01ARZ3NDEKTSV4RRFFQ69G5FAV'
  await hear(world, bodyFor(early))
  expect(await verdicts(world)).toEqual(['parked'])
  await world.work()
  expect(await verdicts(world)).toEqual(['parked'])
  await world.authorize()
  await world.payments.model.collection.updateOne({}, { $set: { orderId: 'ord_1' } })
  const known = await world.payment()
  await world.inbox.model.collection.updateOne({}, { $set: { paymentId: known?._id, key: `${known?._id}:authorize` } })
  await world.work()
  expect(await verdicts(world)).toEqual(['nothing'])
})

test('given news that nothing ever comes for, then they are given up with an alert, and not kept for ever', async () => {
  const world = await start()
  await hear(world, bodyFor('pay_01ARZ3NDEKTSV4RRFFQ69G5FAV'))
  for (let round = 0; round < 12; round++) {
    world.clock.advance(61_000)
    await world.hearing.workDue()
  }
  expect(await verdicts(world)).toEqual(['refused'])
  expect(world.logged).toEqual(['a webhook does not fit our books'])
})

test.each<[string, Change]>([
  ['another amount', { amount: 1 }],
  ['another currency', { currency: 'USD' }],
  ['no amount of money', { amount: 0.5 }],
])('given news with %s, then the payment stays unpaid and an alert is logged (threat: payments)', async (_, change) => {
  const world = await start()
  const { provider, authorize, payment, logged } = world
  await provider.stop()
  await authorize()
  await hear(world, bodyFor((await payment())?._id ?? '', change))
  expect(await payment()).toMatchObject({ state: { kind: 'PENDING' }, transactions: [] })
  expect(await verdicts(world)).toEqual(['refused'])
  expect(logged).toEqual(['a webhook does not fit our books'])
})

test('given news of a charge that the provider itself does not know, then nothing is paid (threat: payments)', async () => {
  const world = await start()
  const { provider, authorize, payment } = world
  provider.turn({ seed: 1, calls: { resetBeforeCharge: 1 }, webhooks: {}, latencyMs: 0 })
  await authorize()
  await hear(world, bodyFor((await payment())?._id ?? ''))
  expect(await payment()).toMatchObject({ state: { kind: 'PENDING' }, transactions: [] })
  expect(await verdicts(world)).toEqual(['parked'])
})

test.each<[string, (body: string, now: number) => string]>([
  ['another secret', (body, now) => signWebhook('another secret', body, now)],
  ['another body', (_, now) => signWebhook(secret, '{}', now)],
  ['a time 301 s ago', (body, now) => signWebhook(secret, body, now - 301_000)],
  ['a time in 301 s', (body, now) => signWebhook(secret, body, now + 302_000)],
  ['nothing', () => ''],
  ['half a signature', (body, now) => signWebhook(secret, body, now).slice(0, -2)],
  ['two signatures', (body, now) => `${signWebhook(secret, body, now)},v1=${'0'.repeat(64)}`],
])('given news signed with %s, then they are refused and leave no trace (threat: payments)', async (_, sign) => {
  const world = await start()
  const id = (await world.authorize()).payment?._id ?? ''
  const body = bodyFor(id)
  await expect(hear(world, body, sign(body, world.clock.now()))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(await verdicts(world)).toEqual([])
})

test.each(['[]', '{}', '{"id":1}', 'no json', '{"id":"e","type":"t","data":{"payment":{"$ne":null}}}'])(
  'given signed nonsense (%s), then it is refused like one that is not signed',
  async (body) => {
    const world = await start()
    await expect(hear(world, body)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await verdicts(world)).toEqual([])
  },
)

test('given webhooks come twice, late, stale, badly signed or never, then what is not signed changes nothing, and all is made up for (F6)', async () => {
  const world = await start()
  const { provider, authorize, payment, hearing, told, work } = world
  const { url, statuses } = await startReceiver(hearing)
  const faults = { duplicate: 0.4, reorder: 0.5, badSignature: 0.2, stale: 0.2, lost: 0.3 }
  provider.turn({ seed: 20_261_122, calls: {}, webhooks: faults, latencyMs: 0 })
  const orders = Array.from({ length: 20 }, (_, index) => `ord_${index}`)
  for (const order of orders) await authorize('tok_requires_action', order)
  provider.deliverTo(url)
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
  for (const order of orders)
    await fetch(`${provider.url}/charges/${(await payment(order))?.reference}/authenticate`, post)
  // Whatever arrives arrives; then the jobs make up for the rest within the simulated minute.
  await expect.poll(() => statuses.length).toBeGreaterThan(10)
  await work(5)
  for (const order of orders) {
    expect((await payment(order))?.state.kind).toBe('AUTHORIZED')
    expect(await told(order)).toEqual(['PaymentActionRequired', 'PaymentAuthorized'])
  }
  // The last ones may still be on their way.
  await expect.poll(() => new Set(statuses)).toEqual(new Set([200, 400]))
  expect(provider.movements(0, 100)).toHaveLength(20)
}, 20_000)
