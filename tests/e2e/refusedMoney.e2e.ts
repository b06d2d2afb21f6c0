import { afterAll, beforeAll, expect, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { signatureHeader, signWebhook } from '../../provider/webhooks.ts'
import { type Answer, ask, send } from '../client.ts'
import { addLine, guest, offer, orderInput, placeOrder, setDestination, signIn, signUp } from '../people.ts'
import { type Facts, goodOnce, refunded, refusals } from '../refusedMoney.ts'
import { providerSecret, startTogether } from '../shop.ts'
import { settled } from '../verified.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
let facts: Facts
beforeAll(async () => {
  // The webhooks that do not fit our books are told as errors, which is what they are.
  shop = await startTogether({ PROVIDER_SECRET: providerSecret, LOG_LEVEL: 'silent' })
  facts = await prepare()
})
afterAll(() => shop?.stop())

const run = (mutation: string, [input, token]: readonly [object, string]) => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { userErrors { code field } } }`
  return ask(shop, query, { input }, token)
}

const prepare = async (): Promise<Facts> => {
  const person = await signUp(shop)
  const makeAdmin = 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { userErrors { code } } }'
  await shop.callAs('admin')('users', { query: makeAdmin, variables: { input: { email: person.email } } })
  const [support, seller] = [await signIn(shop, person), await signIn(shop, lanternHouse)]
  const [buyer, other] = [await guest(shop), await guest(shop)]
  const { productId, variantIds } = await offer(shop, seller, { stock: 50 })
  const variantId = variantIds[0]!
  const closed = (await addLine(shop, buyer, variantId)).cart.lines[0].id as string
  const key = 'the key of the order'
  const { order } = await placeOrder(shop, buyer, { idempotencyKey: key })
  const paymentId = order.payments[0].id as string
  await run('refundPayment', [{ paymentId, amount: refunded, idempotencyKey: 'refund' }, support])
  await run('adjustStock', [{ variantId, delta: 5, reason: 'found', idempotencyKey: 'stock' }, seller])
  const open = (await addLine(shop, other, variantId)).cart.lines[0].id as string
  const good = orderInput(await setDestination(shop, other))
  const things = { productId, variantId, orderId: order.id as string, paymentId, key, closed, open, good }
  return { support, seller, buyer, other, ...things }
}

/** All that shop and provider have on record at rest, apart from when it was read. */
const onRecord = async () => ({ ...(await settled(shop.snapshot)), takenAt: 0 })

const told = ({ data, errors }: Answer): string[][] =>
  data
    ? data.done.userErrors.map(({ code, field }: Answer) => [code, field?.join('.')])
    : errors.map(({ extensions }: Answer) => [extensions.code, undefined])

test('given what cannot be bought, paid, given back or counted, then each refusal has its code and names the field, and nothing on record has changed', async () => {
  // The last that the preparation leads to are the mails about the order and its refund.
  await expect.poll(async () => (await onRecord()).effects.length, { timeout: 10_000, interval: 100 }).toBe(2)
  const before = await onRecord()
  const answers: unknown[] = []
  for (const [name, mutation, make] of refusals) answers.push([name, told(await run(mutation, make(facts)))])
  expect(answers).toEqual(refusals.map(([name, , , code, field]) => [name, [[code, field]]]))
  expect(await onRecord()).toEqual(before)
})

test.each([
  ['another amount', { amount: 1, currency: 'EUR' }],
  ['another currency', { amount: 1_500, currency: 'USD' }],
  ['no amount of money', { amount: -0.5, currency: 'EUR' }],
])(
  'given a signed webhook with %s, then it is taken in, and nothing on record has changed (threat: payments)',
  async (name, change) => {
    const { paymentId } = facts
    const before = await onRecord()
    const data = { payment: paymentId, key: `${paymentId}:capture`, ...change }
    const body = JSON.stringify({ id: `evt_${name}`, type: 'charge.captured', data })
    const headers = { [signatureHeader]: signWebhook(providerSecret, body, Date.now()) }
    const { status } = await send(shop, body, headers, { path: '/webhooks/payments/sandbox' })
    expect(status).toBe(200)
    expect(await onRecord()).toEqual(before)
  },
)

test.each(Object.keys(goodOnce))(
  'given %s, when it is sent again, then nothing on record has changed by that (I14, I22)',
  async (name) => {
    const input = goodOnce[name]!(facts)
    expect(told(await run(name, input))).toEqual([])
    const once = await onRecord()
    await run(name, input)
    const [known, twice] = [new Set(once.skus.map(({ sku }) => sku)), await onRecord()]
    // A product that is refused has left stock of variants that are in no product, which nobody can ever buy.
    expect({ ...twice, skus: twice.skus.filter(({ sku }) => known.has(sku)) }).toEqual(once)
  },
)
