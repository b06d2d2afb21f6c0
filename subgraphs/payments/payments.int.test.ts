import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { anonymous, service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { payments } from './index.ts'
import { secret, startTestProvider } from './testing.ts'

const orders = service('orders')
const buyer: Viewer = { kind: 'user', id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAX', sessionId: 'ses_1', roles: ['BUYER'] }
const stranger: Viewer = { ...buyer, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAY' }
const support: Viewer = { ...buyer, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAZ', roles: ['SUPPORT'] }

interface Told {
  readonly payment: {
    readonly id: string
    readonly status: string
    readonly captured: { readonly amount: string }
    readonly refunded: { readonly amount: string }
    readonly reference: string | null
    readonly declineCode: string | null
    readonly nextAction: { readonly url: string } | null
    readonly transactions: readonly { readonly kind: string; readonly amount: { readonly amount: string } }[]
  } | null
  readonly userErrors: readonly { readonly code: string; readonly message: string; readonly field: string[] | null }[]
}

const payload = `{
  payment { id status captured { amount } refunded { amount } reference declineCode nextAction { url } transactions { kind amount { amount } } }
  userErrors { code message field }
}`

const start = async (config: { providerTimeoutMs?: number } = {}) => {
  const provider = await startTestProvider()
  const line = { providerUrl: provider.url, providerSecret: secret }
  const started = await startTestSubgraph(payments, { config: { providerTimeoutMs: 500, ...line, ...config } })
  const run = async (viewer: Viewer, name: string, type: string, input: object): Promise<Told> => {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) ${payload} }`
    const { data, errors } = await started.ask(viewer, query, { input })
    if (errors) throw new Error(errors[0]?.message)
    return data?.[name] as Told
  }
  const authorize = (token: string, change: object = {}) =>
    run(orders, 'authorizePayment', 'AuthorizePaymentInput', {
      orderId: 'ord_1',
      ownerId: buyer.kind === 'user' ? buyer.id : '',
      amount: { amount: '44.80', currencyCode: 'EUR' },
      provider: 'sandbox',
      token,
      ...change,
    })
  const ofOrder = (name: string, orderId = 'ord_1') => run(orders, name, 'PaymentOfOrderInput', { orderId })
  return {
    ...started,
    run,
    authorize,
    capture: () => ofOrder('capturePayment'),
    cancel: (orderId?: string) => ofOrder('cancelPayment', orderId),
    confirm: (viewer: Viewer, paymentId: string) => run(viewer, 'confirmPayment', 'ConfirmPaymentInput', { paymentId }),
    refund: (viewer: Viewer, paymentId: string, amount: string, idempotencyKey: string, currencyCode = 'EUR') =>
      run(viewer, 'refundPayment', 'RefundPaymentInput', {
        paymentId,
        amount: { amount, currencyCode },
        idempotencyKey,
      }),
    provider,
    /** What the provider has booked: `op amount`. */
    booked: () => provider.movements(0, 1_000).map(({ op, amount }) => `${op} ${amount}`),
  }
}

test('given an order, when it is authorised and captured, each twice, then the money moved once (I8, I9, R2)', async () => {
  const { authorize, capture, booked } = await start()
  expect(await authorize('tok_ok')).toMatchObject({ payment: { status: 'AUTHORIZED' }, userErrors: [] })
  expect(await authorize('tok_ok')).toMatchObject({ payment: { status: 'AUTHORIZED' }, userErrors: [] })
  await capture()
  expect(await capture()).toMatchObject({
    payment: {
      status: 'CAPTURED',
      captured: { amount: '44.80' },
      transactions: [{ kind: 'AUTHORIZE' }, { kind: 'CAPTURE', amount: { amount: '44.80' } }],
    },
    userErrors: [],
  })
  expect(booked()).toEqual(['authorize 4480', 'charge 4480'])
})

test('given 20 calls for one order at once, then there is one payment and one charge (I8)', async () => {
  const { authorize, booked } = await start()
  const told = await Promise.all(Array.from({ length: 20 }, () => authorize('tok_ok')))
  expect(new Set(told.map(({ payment }) => payment?.id)).size).toBe(1)
  expect(told.every(({ payment }) => payment?.status === 'AUTHORIZED')).toBe(true)
  expect(booked()).toEqual(['authorize 4480'])
})

test.each([
  ['tok_declined', 'card_declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_fraud', 'fraud_suspected'],
  ['4111', 'invalid_token'],
])('given the token %s, then the payment is declined with %s, also when asked again', async (token, code) => {
  const { authorize } = await start()
  for (const told of [await authorize(token), await authorize(token)]) {
    expect(told.payment).toMatchObject({ status: 'DECLINED', declineCode: code, transactions: [] })
    expect(told.userErrors).toMatchObject([
      { code: 'PAYMENT_DECLINED', message: expect.stringContaining(code), field: ['input', 'token'] },
    ])
  }
})

test('given the answer is lost after the charge, then the repetition with the same key finds it: authorised once (R3, F4)', async () => {
  const { authorize, booked } = await start({ providerTimeoutMs: 50 })
  expect(await authorize('tok_timeout_after_charge')).toMatchObject({
    payment: { status: 'AUTHORIZED', transactions: [{ kind: 'AUTHORIZE' }] },
    userErrors: [],
  })
  expect(booked()).toEqual(['authorize 4480'])
})

test('given the buyer has to act, when only the buyer confirms, then the payment goes on and tells so once', async () => {
  const { authorize, confirm, capture, deps } = await start()
  const { payment } = await authorize('tok_requires_action')
  expect(payment).toMatchObject({ status: 'REQUIRES_ACTION', nextAction: { url: expect.stringContaining('https://') } })
  const id = payment?.id ?? ''
  expect((await capture()).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  expect((await confirm(stranger, id)).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'paymentId'] }])
  expect((await confirm(anonymous, id)).userErrors).toMatchObject([{ code: 'UNAUTHENTICATED' }])
  expect(await confirm(buyer, id)).toMatchObject({
    payment: { status: 'AUTHORIZED', nextAction: null },
    userErrors: [],
  })
  expect(await confirm(buyer, id)).toMatchObject({ payment: { status: 'AUTHORIZED' }, userErrors: [] })
  const [row] = await deps.database.collection('payments').find({}).toArray()
  expect(row?.outbox.map(({ type }: { type: string }) => type)).toEqual([
    'PaymentActionRequired',
    'ActDone',
    'PaymentAuthorized',
  ])
  expect(row?.outbox[2].payload).toEqual({
    paymentId: id,
    orderId: 'ord_1',
    amount: { amount: '44.80', currencyCode: 'EUR' },
  })
})

test('given a captured payment, when it is refunded in parts at once with repeated keys, then each key counts once (C11)', async () => {
  const { authorize, capture, refund, booked } = await start()
  const id = (await authorize('tok_ok')).payment?.id ?? ''
  await capture()
  const keys = Array.from({ length: 12 }, (_, index) => `key-${index % 6}`)
  const told = await Promise.all(keys.map((key) => refund(support, id, '10.00', key)))
  expect(told.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(8)
  expect(booked().filter((each) => each === 'refund 1000')).toHaveLength(4)
  expect((await refund(support, id, '4.81', 'rest')).userErrors).toMatchObject([
    { code: 'BAD_USER_INPUT', field: ['input', 'amount'], message: expect.stringContaining('4.80') },
  ])
  expect(await refund(support, id, '4.80', 'rest')).toMatchObject({
    payment: { status: 'REFUNDED', refunded: { amount: '44.80' } },
    userErrors: [],
  })
})

test('given a refund that is not allowed, then the field is named and nothing moves', async () => {
  const { authorize, capture, refund, booked } = await start()
  const id = (await authorize('tok_ok')).payment?.id ?? ''
  await capture()
  expect((await refund(support, id, '1.00', 'k', 'USD')).userErrors).toMatchObject([
    { code: 'CURRENCY_MISMATCH', field: ['input', 'amount', 'currencyCode'] },
  ])
  expect((await refund(support, id, '1.00', '')).userErrors).toMatchObject([{ field: ['input', 'idempotencyKey'] }])
  for (const amount of ['0.00', '-1.00', '-0.01'])
    expect((await refund(support, id, amount, 'k')).userErrors).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'amount'] },
    ])
  expect((await refund(support, id, '1.005', 'k')).userErrors).toMatchObject([
    { code: 'BAD_USER_INPUT', field: ['input', 'amount', 'amount'] },
  ])
  expect((await refund(support, id, '1.00', '4111 1111 1111 1111')).userErrors).toMatchObject([
    { code: 'BAD_USER_INPUT', field: ['input', 'idempotencyKey'] },
  ])
  const unknown = `pay_${'0'.repeat(26)}`
  expect((await refund(support, unknown, '1.00', 'k')).userErrors).toMatchObject([
    { code: 'NOT_FOUND', field: ['input', 'paymentId'] },
  ])
  expect((await refund(buyer, id, '1.00', 'k')).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
  expect((await refund(support, 'pay_x', '1.00', 'k')).userErrors).toMatchObject([{ field: ['input', 'paymentId'] }])
  expect(booked()).toEqual(['authorize 4480', 'charge 4480'])
})

test('given an order is canceled, then a reservation is voided, captured money goes back, and again changes nothing (I10)', async () => {
  const { authorize, cancel, capture, booked } = await start()
  await authorize('tok_ok')
  expect(await cancel()).toMatchObject({ payment: { status: 'VOIDED' }, userErrors: [] })
  expect(await cancel()).toMatchObject({ payment: { status: 'VOIDED' }, userErrors: [] })
  expect((await capture()).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  expect(booked()).toEqual(['authorize 4480', 'void 4480'])
})

test('given captured money, when the order is canceled, then the rest goes back', async () => {
  const { authorize, cancel, capture, refund } = await start()
  const id = (await authorize('tok_ok')).payment?.id ?? ''
  await capture()
  await refund(support, id, '4.80', 'part')
  expect(await cancel()).toMatchObject({
    payment: { status: 'REFUNDED', refunded: { amount: '44.80' } },
    userErrors: [],
  })
})

test('given an order was canceled before its payment came, then the late authorisation is refused (I10)', async () => {
  const { authorize, cancel, booked } = await start()
  expect(await cancel()).toMatchObject({ payment: { status: 'VOIDED' }, userErrors: [] })
  expect((await authorize('tok_ok')).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  expect(booked()).toEqual([])
})

test('given wrong demands of the orders service, then they are refused before anything is written', async () => {
  const { authorize, deps } = await start()
  expect((await authorize('tok_ok', { provider: 'stripe' })).userErrors).toMatchObject([
    { code: 'BAD_USER_INPUT', field: ['input', 'provider'] },
  ])
  expect(await deps.database.collection('payments').countDocuments({})).toBe(0)
  await authorize('tok_ok')
  expect((await authorize('tok_ok', { amount: { amount: '1.00', currencyCode: 'EUR' } })).userErrors).toMatchObject([
    { code: 'CONFLICT', field: ['input', 'amount'] },
  ])
})

test('given a key, when it comes again for another payment or amount, then it is refused; to a colleague it is a key of their own (C7)', async () => {
  const { authorize, capture, refund, booked } = await start()
  const id = (await authorize('tok_ok')).payment?.id ?? ''
  await capture()
  const colleague: Viewer = { ...buyer, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FB0', roles: ['SUPPORT'] }
  expect((await refund(support, id, '1.00', 'k')).userErrors).toEqual([])
  expect((await refund(support, id, '2.00', 'k')).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }])
  expect((await refund(support, id, '1.00', 'k')).userErrors).toEqual([])
  expect((await refund(colleague, id, '1.00', 'k')).userErrors).toEqual([])
  expect(booked()).toEqual(['authorize 4480', 'charge 4480', 'refund 100', 'refund 100'])
})

test('given card data where a token belongs, then it is refused, and lies nowhere (threat: card data)', async () => {
  const { authorize, deps, booked } = await start()
  for (const token of ['4111111111111111', '5500 0000 0000 0004', 'cvv 123'])
    expect((await authorize(token)).userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['input', 'token'] }])
  expect(await deps.database.collection('payments').countDocuments({})).toBe(0)
  expect(booked()).toEqual([])
})

test('given a payment is settled, then its token is in no document of ours', async () => {
  const { authorize, deps } = await start()
  await authorize('tok_declined')
  const rows = await deps.database.collection('payments').find({}).toArray()
  expect(JSON.stringify(rows)).not.toContain('tok_')
})

test('given payments, then only their buyer, staff and services see them (R9)', async () => {
  const { authorize, ask } = await start()
  const id = (await authorize('tok_ok')).payment?.id ?? ''
  const one = `{ payment(id: "${id}") { status } }`
  const ofOrder =
    '{ _entities(representations: [{ __typename: "Order", id: "ord_1" }]) { ... on Order { payments { status } } } }'
  const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_2' }
  for (const viewer of [buyer, support]) {
    expect((await ask(viewer, one)).data).toEqual({ payment: { status: 'AUTHORIZED' } })
    expect((await ask(viewer, ofOrder)).data).toEqual({ _entities: [{ payments: [{ status: 'AUTHORIZED' }] }] })
  }
  for (const viewer of [stranger, guest, anonymous]) {
    expect((await ask(viewer, one)).data).toEqual({ payment: null })
    expect((await ask(viewer, ofOrder)).data).toEqual({ _entities: [{ payments: [] }] })
  }
  const asUser = 'mutation { capturePayment(input: { orderId: "ord_1" }) { userErrors { code } } }'
  expect((await ask(support, asUser)).data).toMatchObject({ capturePayment: { userErrors: [{ code: 'FORBIDDEN' }] } })
})

test('given a frozen clock, then the payment tells when it was created', async () => {
  const clock = makeManualClock()
  const { url: providerUrl } = await startTestProvider()
  const { ask } = await startTestSubgraph(payments, { clock, config: { providerUrl, providerSecret: secret } })
  const input =
    '{ orderId: "ord_1", ownerId: "usr_1", amount: { amount: "1.00", currencyCode: "EUR" }, provider: "sandbox", token: "tok_ok" }'
  const query = `mutation { authorizePayment(input: ${input}) { payment { createdAt transactions { at } } } }`
  expect((await ask(orders, query)).data).toEqual({
    authorizePayment: {
      payment: { createdAt: '2040-01-01T00:00:00.000Z', transactions: [{ at: '2040-01-01T00:00:00.000Z' }] },
    },
  })
})
