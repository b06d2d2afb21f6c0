import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { sendOrderUntilAnswered } from '../askAgain.ts'
import { type Answer, get, send } from '../client.ts'
import { addLine, guest, offer, orderInput, sendOrder, setDestination, signIn } from '../people.ts'
import { startTogether } from '../shop.ts'
import { settled } from '../verified.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
let seller: string
beforeAll(async () => {
  // The patience of a real shop: here many ask at once, and nothing is broken.
  shop = await startTogether({ PROVIDER_TIMEOUT_MS: '5000' })
  seller = await signIn(shop, lanternHouse)
})
afterAll(() => shop?.stop())

/** People who prepare at once: as many as a browser full of tabs, so that the preparation is no race of its own. */
const atOnce = 20

const inTurns = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += atOnce)
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))))
  return results
}

/** Buyers with one unit in the cart who see its total and have not ordered yet. */
const readyToBuy = (variantId: string, count: number, quantity = 1) =>
  inTurns([...Array(count).keys()], async () => {
    const token = await guest(shop)
    await addLine(shop, token, variantId, quantity)
    return { token, input: orderInput(await setDestination(shop, token)) }
  })

const codeOf = ({ order, userErrors }: Answer): string => userErrors[0]?.code ?? order.status

const tally = (codes: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, same]) => [code, same.length]))

const skuOf = async (variantId: string) => (await settled(shop.snapshot)).skus.find(({ sku }) => sku === variantId)

/** The promise is about 500; every change is tried with fewer. */
const [crowd, units] = inject('thorough') ? [500, 100] : [150, 30]

interface Told {
  readonly code: string
  readonly slowestMs: number
  readonly statuses: readonly number[]
}

/** Orders until the answer is for good, as clients do that are told `retryable`: with the same key. */
const insist = async ({ token, input }: { token: string; input: object }): Promise<Told> => {
  const query = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { status } userErrors { code } } }`
  const [times, statuses]: [number[], number[]] = [[], []]
  for (let left = 10; left > 0; left--) {
    const began = performance.now()
    const { status, text } = await send(shop, { query, variables: { input } }, { authorization: `Bearer ${token}` })
    times.push(performance.now() - began)
    statuses.push(status)
    const { data, errors } = JSON.parse(text)
    if (data?.placeOrder) return { code: codeOf(data.placeOrder), slowestMs: Math.max(...times), statuses }
    if (!errors[0].extensions.retryable) throw new Error(text)
  }
  throw new Error('ten tries were not enough')
}

test(`C1: given ${units} units and ${crowd} buyers at once, then exactly the units are paid, all others are told OUT_OF_STOCK, each request is answered within 10 s, and nothing stays held (I1-I5)`, async () => {
  const { variantIds } = await offer(shop, seller, { stock: units })
  const told = await Promise.all((await readyToBuy(variantIds[0]!, crowd)).map(insist))
  expect(tally(told.map(({ code }) => code))).toEqual({ CONFIRMED: units, OUT_OF_STOCK: crowd - units })
  expect(told.flatMap(({ statuses }) => statuses).filter((status) => status >= 500)).toEqual([])
  expect(Math.max(...told.map(({ slowestMs }) => slowestMs))).toBeLessThan(10_000)
  expect(await skuOf(variantIds[0]!)).toMatchObject({ onHand: 0, reserved: 0, sold: units })
}, 180_000)

test('C2: given 10 units and 60 buyers of 1 to 3 at once, then at most 10 are sold and none is left that somebody was refused', async () => {
  const { variantIds } = await offer(shop, seller, { stock: 10 })
  const variantId = variantIds[0]!
  const buyers = await inTurns(
    [...Array(60).keys()],
    async (index) => (await readyToBuy(variantId, 1, 1 + (index % 3)))[0]!,
  )
  const answers = await Promise.all(buyers.map(async ({ token, input }) => codeOf(await sendOrder(shop, token, input))))
  expect(new Set(answers)).toEqual(new Set(['CONFIRMED', 'OUT_OF_STOCK']))
  expect(await skuOf(variantId)).toMatchObject({ onHand: 0, reserved: 0, sold: 10 })
}, 60_000)

test('C3: given carts that share five variants in any order, when all are ordered at once, then each is confirmed (I2)', async () => {
  const { variantIds } = await offer(shop, seller, { stock: 50, variants: 5 })
  const buyers = await inTurns([...Array(30).keys()], async (index) => {
    const token = await guest(shop)
    const turned = [...variantIds.slice(index % 5), ...variantIds.slice(0, index % 5)]
    for (const id of index % 2 ? turned : turned.toReversed()) await addLine(shop, token, id)
    return { token, input: orderInput(await setDestination(shop, token)) }
  })
  const answers = await Promise.all(buyers.map(async ({ token, input }) => codeOf(await sendOrder(shop, token, input))))
  expect(tally(answers)).toEqual({ CONFIRMED: 30 })
  const { skus } = await settled(shop.snapshot)
  for (const id of variantIds) expect(skus.find(({ sku }) => sku === id)).toMatchObject({ onHand: 20, sold: 30 })
}, 60_000)

test('C5: given one cart, when it is ordered 100 times at once with one key, then one order, one charge, 100 equal answers (I8, I14)', async () => {
  const { variantIds } = await offer(shop, seller)
  const [{ token, input }] = (await readyToBuy(variantIds[0]!, 1)) as [{ token: string; input: object }]
  const answers: Answer[] = await Promise.all(
    Array.from({ length: 100 }, () => sendOrderUntilAnswered(shop, token, input)),
  )
  expect(new Set(answers.map(({ order }) => `${order.id} ${order.number} ${order.status}`)).size).toBe(1)
  expect(tally(answers.map(codeOf))).toEqual({ CONFIRMED: 100 })
  const { psp } = await settled(shop.snapshot)
  const moved = psp.movements.filter(({ reference }) => reference === answers[0].order.id).map(({ op }) => op)
  expect(moved).toEqual(['authorize', 'charge'])
}, 60_000)

test('C6: given one cart, when it is ordered with 20 keys at once, then one order, and the others are told of it', async () => {
  const { variantIds } = await offer(shop, seller)
  const [{ token, input }] = (await readyToBuy(variantIds[0]!, 1)) as [{ token: string; input: object }]
  const answers: Answer[] = await Promise.all(
    Array.from({ length: 20 }, () => sendOrder(shop, token, { ...input, idempotencyKey: crypto.randomUUID() })),
  )
  expect(tally(answers.map(codeOf))).toEqual({ CONFIRMED: 1, CART_ALREADY_ORDERED: 19 })
  expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1)
  expect(await skuOf(variantIds[0]!)).toMatchObject({ sold: 1, reserved: 0 })
}, 60_000)

/** The same things in the order that a seed gives. */
const shuffled = <Item>(items: readonly Item[], seed: number): Item[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed, numRuns: 1 })[0]!

const price = (amount: string, variantId: string) =>
  get(
    shop,
    'mutation ($input: SetPricesInput!) { setPrices(input: $input) { userErrors { code } } }',
    { input: { prices: [{ variantId, amount: { amount, currencyCode: 'EUR' } }] } },
    seller,
  )

const setUnits = (quantity: number, lineId: string, token: string) =>
  get(
    shop,
    'mutation ($input: UpdateCartLineInput!) { updateCartLine(input: $input) { userErrors { code } } }',
    { input: { lineId, quantity } },
    token,
  )

test('C8: given a buyer who orders at the total seen while prices and the cart change (seeds 1 to 10), then the order costs that total, or PRICE_CHANGED says what it has become; never a third amount (I6, I7)', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const variantId = (await offer(shop, seller)).variantIds[0]!
    const token = await guest(shop)
    const { cart } = await addLine(shop, token, variantId)
    const seen = await setDestination(shop, token)
    const order = () => sendOrder(shop, token, orderInput(seen))
    const change = [() => price('12.00', variantId), () => price('8.00', variantId)]
    const acts = [order, order, ...change, () => setUnits(2, cart.lines[0].id, token)]
    const told: Answer[] = await Promise.all(shuffled(acts, seed).map((act) => act()))
    for (const { order: placed, priceChange, userErrors } of told.filter((answer) => 'priceChange' in answer)) {
      if (placed) expect(placed.totals.total, `seed ${seed}`).toEqual(seen)
      else expect([userErrors[0].code, priceChange.acknowledged], `seed ${seed}`).toEqual(['PRICE_CHANGED', seen])
      if (priceChange) expect(priceChange.total, `seed ${seed}`).not.toEqual(seen)
    }
  }
  await settled(shop.snapshot)
}, 60_000)
