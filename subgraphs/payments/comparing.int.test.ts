import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { payments } from './index.ts'
import { secret, startTestProvider } from './testing.ts'

const viewer = (...roles: ('BUYER' | 'SUPPORT' | 'ADMIN')[]): Viewer => ({
  kind: 'user',
  id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAX',
  sessionId: 'ses_1',
  roles,
})
const admin = viewer('ADMIN')

const differences = `query ($first: Int!, $after: String, $mended: Boolean! = false) {
  paymentDifferences(first: $first, after: $after, mended: $mended) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id reason provider foundAt mendedAt payment { id } ours { captured { amount } } theirs { captured { amount currencyCode } } }
  }
}`

interface Page {
  readonly pageInfo: { readonly endCursor: string }
  readonly nodes: readonly { readonly id: string; readonly payment: { readonly id: string } }[]
}

interface Answer {
  readonly paymentDifferences: Page
}

/** Payments with captured money, of which the first `broken` have lost a cent in our books. */
const start = async ({ paid, broken }: { paid: number; broken: number }) => {
  const clock = makeManualClock()
  const provider = await startTestProvider()
  const config = { providerUrl: provider.url, providerSecret: secret }
  const started = await startTestSubgraph(payments, { clock, config })
  const run = (name: string, type: string, input: object) =>
    started.ask(service('orders'), `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`, {
      input,
    })
  for (let n = 0; n < paid; n++) {
    const order = { orderId: `ord_${n}`, ownerId: `usr_${n}`, provider: 'sandbox', token: 'tok_ok' }
    const amount = { amount: '10.00', currencyCode: 'EUR' }
    await run('authorizePayment', 'AuthorizePaymentInput', { ...order, amount })
    await run('capturePayment', 'PaymentOfOrderInput', { orderId: order.orderId })
  }
  const rows = started.deps.database.collection('payments')
  const set = async (minor: number) => {
    clock.advance(1)
    const change = { $set: { 'transactions.1.amount.minor': minor, updatedAt: clock.now() } }
    for (let n = 0; n < broken; n++) await rows.updateOne({ orderId: `ord_${n}` }, change)
  }
  return {
    clock,
    ask: async (query: string, variables: Record<string, unknown> = {}, as: Viewer = admin) => {
      const { data, errors } = await started.ask(as, query, variables)
      return (errors?.[0]?.extensions ?? data) as unknown as Answer
    },
    breakBooks: () => set(999),
    mendBooks: () => set(1_000),
    compare: async () => {
      clock.advance(11_000)
      await started.subgraph.parts.jobs?.find(({ name }) => name === 'payments.compareBooks')?.run()
    },
  }
}

test('given books that differ, then an administrator sees what differs and by how much, page by page, and when it was mended (I12)', async () => {
  const { ask, clock, breakBooks, mendBooks, compare } = await start({ paid: 3, broken: 2 })
  await breakBooks()
  await compare()
  const foundAt = new Date(clock.now()).toISOString()
  const { paymentDifferences: first } = await ask(differences, { first: 1 })
  expect(first).toMatchObject({
    totalCount: 2,
    pageInfo: { hasNextPage: true },
    nodes: [
      {
        reason: 'SUMS_DIFFER',
        provider: 'sandbox',
        foundAt,
        mendedAt: null,
        ours: { captured: { amount: '9.99' } },
        theirs: { captured: { amount: '10.00', currencyCode: 'EUR' } },
      },
    ],
  })
  expect(first.nodes[0]?.payment.id).toBe(first.nodes[0]?.id)
  const { paymentDifferences: second } = await ask(differences, { first: 1, after: first.pageInfo.endCursor })
  expect(second).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ reason: 'SUMS_DIFFER' }] })

  await mendBooks()
  await compare()
  expect(await ask(differences, { first: 9 })).toMatchObject({ paymentDifferences: { totalCount: 0, nodes: [] } })
  const { paymentDifferences: mended } = await ask(differences, { first: 9, mended: true })
  const mendedAt = new Date(clock.now()).toISOString()
  expect(mended).toMatchObject({
    totalCount: 2,
    nodes: [
      { foundAt, mendedAt },
      { foundAt, mendedAt },
    ],
  })
})

test('given a round of the comparison, then an administrator sees when it ended and how far it came', async () => {
  const { ask, clock, compare } = await start({ paid: 1, broken: 0 })
  const query = '{ bookComparisons { provider comparedUntil finishedAt } }'
  expect(await ask(query)).toEqual({
    bookComparisons: [{ provider: 'sandbox', comparedUntil: null, finishedAt: null }],
  })
  const paidAt = new Date(clock.now()).toISOString()
  await compare()
  const finishedAt = new Date(clock.now()).toISOString()
  expect(await ask(query)).toEqual({ bookComparisons: [{ provider: 'sandbox', comparedUntil: paidAt, finishedAt }] })
})

test.each([
  ['a buyer', viewer('BUYER')],
  ['support', viewer('SUPPORT')],
  ['a sibling', service('orders')],
])('given %s, then the comparison of the books is refused (R9)', async (_, as) => {
  const { ask } = await start({ paid: 0, broken: 0 })
  expect(await ask(differences, { first: 1 }, as)).toMatchObject({ code: 'FORBIDDEN' })
  expect(await ask('{ bookComparisons { provider } }', {}, as)).toMatchObject({ code: 'FORBIDDEN' })
})

test('given a page that cannot be, then its field is named', async () => {
  const { ask } = await start({ paid: 0, broken: 0 })
  expect(await ask(differences, { first: 0 })).toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(await ask(differences, { first: 1, after: 'junk' })).toMatchObject({ code: 'BAD_USER_INPUT' })
})
