import { expect, test } from 'vitest'
import { seconds } from '#kernel/time.ts'
import type { CallFault } from '../../provider/adversary.ts'
import { startTestProvider, startWorld, ten } from './testing.ts'

const start = async () => {
  const provider = await startTestProvider()
  const world = await startWorld({ provider, timeoutMs: 150 })
  const turn = (fault: CallFault | null, share = 1) =>
    provider.turn({ seed: 1, calls: fault ? { [fault]: share } : {}, webhooks: {}, latencyMs: 0 })
  const ops = () => provider.movements(0, 100).map(({ op }) => op)
  return { ...world, provider, turn, ops }
}

test.each<CallFault>(['timeoutAfterCharge', 'resetAfterCharge', 'errorAfterCharge'])(
  'given answers are lost after the charge (%s), then the look-up finds it at once: authorised once (R3, R20, F4)',
  async (fault) => {
    const { authorize, turn, payment, ops } = await start()
    turn(fault)
    expect((await authorize()).userErrors).toEqual([])
    expect(await payment()).toMatchObject({ state: { kind: 'AUTHORIZED' }, transactions: [{ kind: 'AUTHORIZE' }] })
    expect(ops()).toEqual(['authorize'])
  },
)

test('given calls are lost before the charge, then it stays pending, and the job settles it once the line is back (R3, I11)', async () => {
  const { clock, authorize, turn, settling, payment, ops } = await start()
  turn('resetBeforeCharge')
  expect((await authorize()).userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
  turn(null)
  await settling.settleDue()
  expect((await payment())?.state.kind).toBe('PENDING')
  clock.advance(seconds(3))
  await settling.settleDue()
  expect(await payment()).toMatchObject({
    state: { kind: 'AUTHORIZED' },
    transactions: [{ kind: 'AUTHORIZE' }],
    token: '',
  })
  expect(ops()).toEqual(['authorize'])
})

test.each<CallFault>(['tooManyRequests', 'unavailable'])(
  'given the provider turns calls away unread (%s), then nothing was charged, the buyer hears so, and a cancellation forgets it',
  async (fault) => {
    const { authorize, turn, paying, payment, ops } = await start()
    turn(fault)
    expect((await authorize()).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }])
    expect((await payment())?.state.kind).toBe('PENDING')
    expect((await paying.cancel('ord_1')).userErrors).toEqual([])
    expect(await payment()).toMatchObject({ state: { kind: 'VOIDED' }, token: '' })
    expect(ops()).toEqual([])
  },
)

test('given nobody listens, then it is told at once that nothing was charged, and the order can be paid later (F5)', async () => {
  const provider = await startTestProvider()
  await provider.stop()
  const { authorize, payment } = await startWorld({ provider })
  expect((await authorize()).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }])
  expect(await payment()).toMatchObject({ operations: [{ state: 'pending', holder: null, unsure: false }] })
})

test('given an authorisation of unknown outcome, when the order is canceled, then what was reserved is set free (I10)', async () => {
  const { clock, authorize, turn, paying, settling, payment, ops } = await start()
  turn('resetBeforeCharge')
  await authorize()
  expect((await paying.cancel('ord_1')).userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
  turn(null)
  clock.advance(seconds(11))
  await settling.settleDue()
  expect((await payment())?.state.kind).toBe('VOIDED')
  expect(ops()).toEqual(['authorize', 'void'])
  expect((await paying.cancel('ord_1')).userErrors).toEqual([])
})

test('given a capture of unknown outcome, when it is asked again, then it is captured once (I9)', async () => {
  const { authorize, turn, paying, ops } = await start()
  await authorize()
  turn('resetBeforeCharge')
  expect((await paying.capture('ord_1')).userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
  turn(null)
  expect((await paying.capture('ord_1')).payment?.state.kind).toBe('CAPTURED')
  expect(ops()).toEqual(['authorize', 'charge'])
})

test('given a part is captured and the rest set free, then the books say so on both sides (I9, I12)', async () => {
  const { authorize, paying, payment, sandbox, ops } = await start()
  await authorize()
  const part = { orderId: 'ord_1', amount: { amount: '3.00', currencyCode: 'EUR' }, idempotencyKey: 'first' }
  expect((await paying.capturePart(part)).payment?.state.kind).toBe('PARTIALLY_CAPTURED')
  expect((await paying.capturePart(part)).userErrors).toEqual([])
  expect((await paying.release('ord_1')).payment?.state.kind).toBe('CAPTURED')
  expect(ops()).toEqual(['authorize', 'charge', 'void'])
  const reference = (await payment())?.reference ?? ''
  expect(await sandbox.totals(reference)).toMatchObject({
    authorized: 1_000,
    captured: 300,
    released: 700,
    refunded: 0,
  })
})

test('given a key that no header may hold, then it travels all the same, and the provider knows it again', async () => {
  const { sandbox } = await start()
  const call = { key: 'k\u00e4se\n\u{1f9c0}', amount: ten, token: 'tok_ok', paymentId: 'pay_1', orderId: 'ord_1' }
  const first = await sandbox.authorize(call)
  expect(await sandbox.authorize(call)).toEqual(first)
  expect(await sandbox.lookup(call.key)).toEqual(first)
  expect(await sandbox.lookup('another')).toBeNull()
})

test('given two processes that open a payment for one order, then the second is told that there is one (I8)', async () => {
  const { authorize, payment, payments } = await start()
  await authorize()
  const first = await payment()
  expect(await payments.insert({ ...first!, _id: 'pay_of_another_process' })).toBe(false)
  expect(await payments.byOrderIds(['ord_1'], 'all')).toHaveLength(1)
})
