import { expect, test } from 'vitest'
import { money } from '#kernel/money.ts'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { ensureIndexes } from '#platform/mongo.ts'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { makeChargeModel } from './model/charges.ts'
import { makePaymentModel } from './model/payments.ts'
import type { PaymentProvider, ProviderAnswer, ProviderCall } from './provider.ts'
import { makeSandbox } from './sandbox.ts'
import { makePaying } from './service/paying.ts'
import { makeSettling } from './service/settling.ts'

type Weather = 'fine' | 'lostBefore' | 'lostAfter'

/** A line to a provider that breaks before or after the provider has booked. */
const overWeather = (provider: PaymentProvider, weather: () => Weather, keys: string[]): PaymentProvider => {
  const through =
    <Call extends ProviderCall>(call: (of: Call) => Promise<ProviderAnswer>) =>
    async (of: Call): Promise<ProviderAnswer> => {
      keys.push(of.key)
      if (weather() === 'lostBefore') throw new Error('connection refused')
      const answer = await call(of)
      if (weather() === 'lostAfter') throw new Error('connection reset')
      return answer
    }
  return {
    name: provider.name,
    authorize: through(provider.authorize),
    confirm: through(provider.confirm),
    capture: through(provider.capture),
    void: through(provider.void),
    refund: through(provider.refund),
    lookup: async (key) => {
      if (weather() === 'fine') return provider.lookup(key)
      throw new Error('connection refused')
    },
  }
}

const start = async () => {
  const clock = makeManualClock()
  const deps = await makeTestDeps('payments', { clock })
  const payments = makePaymentModel(deps.database, deps)
  const charges = makeChargeModel(deps.database, deps)
  await ensureIndexes([payments.model, charges.model] as never)
  let weather: Weather = 'fine'
  const sandbox = makeSandbox({ charges, clock, ids: deps.ids, pause: async (ms) => clock.advance(ms) })
  const keys: string[] = []
  const provider = overWeather(sandbox, () => weather, keys)
  const settling = makeSettling({
    payments,
    providers: new Map([[provider.name, provider]]),
    clock,
    ids: deps.ids,
    log: deps.log,
    timeoutMs: 1_000,
    repeatTimeoutMs: 1_000,
  })
  const paying = makePaying({ payments, settling, clock, ids: deps.ids })
  const authorize = (token = 'tok_ok') =>
    paying.authorize({
      orderId: 'ord_1',
      ownerId: 'usr_1',
      amount: { amount: '10.00', currencyCode: 'EUR' },
      provider: 'sandbox',
      token,
    })
  return {
    clock,
    paying,
    settling,
    sandbox,
    authorize,
    keys,
    turn: (to: Weather) => {
      weather = to
    },
    payment: async () => (await payments.byOrderIds(['ord_1'], 'all'))[0],
    charge: async () => (await charges.model.find({}).lean())[0],
  }
}

test.each(['lostBefore', 'lostAfter'] as const)(
  'given the line is down (%s), then the payment stays pending, and the job settles it once the line is back (R3, I11)',
  async (weather) => {
    const { clock, authorize, turn, settling, payment, charge } = await start()
    turn(weather)
    const { userErrors } = await authorize()
    expect(userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
    expect((await payment())?.state.kind).toBe('PENDING')
    turn('fine')
    await settling.settleOpen(seconds(10))
    expect((await payment())?.state.kind).toBe('PENDING')
    clock.advance(seconds(11))
    await settling.settleOpen(seconds(10))
    expect(await payment()).toMatchObject({ state: { kind: 'AUTHORIZED' }, transactions: [{ kind: 'AUTHORIZE' }] })
    expect((await charge())?.movements).toHaveLength(1)
  },
)

test('given no answer, then the call is repeated once, with the same key (R3, R20)', async () => {
  const { authorize, turn, keys, payment } = await start()
  turn('lostBefore')
  await authorize()
  const key = `${(await payment())?._id}:authorize`
  expect(keys).toEqual([key, key])
})

test('given an authorisation of unknown outcome, when the order is canceled, then what was reserved is set free (I10)', async () => {
  const { clock, authorize, turn, paying, settling, payment, charge } = await start()
  turn('lostAfter')
  await authorize()
  expect((await paying.cancel('ord_1')).userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
  turn('fine')
  clock.advance(seconds(11))
  await settling.settleOpen(seconds(10))
  expect((await payment())?.state.kind).toBe('VOIDED')
  expect(await charge()).toMatchObject({ state: 'voided' })
  expect((await paying.cancel('ord_1')).userErrors).toEqual([])
})

test('given a capture of unknown outcome, when it is asked again, then it is captured once (I9)', async () => {
  const { authorize, turn, paying, charge } = await start()
  await authorize()
  turn('lostAfter')
  expect((await paying.capture('ord_1')).userErrors).toMatchObject([{ code: 'PAYMENT_PENDING' }])
  turn('fine')
  expect((await paying.capture('ord_1')).payment.state.kind).toBe('CAPTURED')
  expect((await charge())?.movements.map(({ kind }) => kind)).toEqual(['AUTHORIZE', 'CAPTURE'])
})

test('given a slow answer, then it takes two seconds the first time and none when repeated', async () => {
  const { clock, sandbox } = await start()
  const before = clock.now()
  const call = { key: 'pay_1:authorize', amount: money(1_000, 'EUR'), token: 'tok_slow' }
  const first = await sandbox.authorize(call)
  expect(clock.now() - before).toBe(seconds(2))
  expect(await sandbox.authorize(call)).toEqual(first)
  expect(clock.now() - before).toBe(seconds(2))
  expect(await sandbox.lookup(call.key)).toEqual(first)
  expect(await sandbox.lookup('another')).toBeNull()
})
