import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, ask, send, type TestShop } from '../client.ts'
import { addLine, guest, offer, orderInput, placeOrder, setDestination, signIn, unitsLeft } from '../people.ts'
import { startProxy } from '../proxy.ts'
import { soonTired, startTogether } from '../shop.ts'
import { startStrictDoor } from '../strictDoor.ts'

/** The promise is about 30 s; every change is tried with a moment of it. */
const awayMs = inject('thorough') ? 30_000 : 0
/** Seconds are what the promise is about; a busy machine gets twice as many. */
const within = inject('thorough') ? { refused: 3_000, well: 10_000 } : { refused: 6_000, well: 20_000 }

let line: Awaited<ReturnType<typeof startProxy>>
let together: Awaited<ReturnType<typeof startTogether>>
let door: Awaited<ReturnType<typeof startStrictDoor>>
let shop: TestShop
let seller: string
beforeAll(async () => {
  line = await startProxy(Number(new URL(inject('mongoUrl')).port))
  // Straight to the line: the database would tell its own address.
  const url = `mongodb://${new URL(line.url).host}/?directConnection=true`
  together = await startTogether({ ...soonTired, MONGODB_URL: url, LOG_LEVEL: 'silent', ACCESS_TOKEN_SECONDS: '600' })
  door = await startStrictDoor(together.url)
  shop = { ...together, url: door.url }
  seller = await signIn(shop, tidewaterGoods)
})
afterAll(async () => {
  line?.become('fair')
  await door?.stop()
  await together?.stop()
  await line?.stop()
})

const page = `{ products(first: 5) { totalCount nodes { id title seller { shopName }
  variants { id sku price { amount { amount } } availability { left asOf } } } } }`

const isWell = ({ errors, extensions }: Answer): boolean => errors === undefined && extensions.stale === undefined

/** What is shown, without the times at which it was read. */
const shown = ({ data }: Answer): string => JSON.stringify(data).replace(/"asOf":"[^"]*"/g, '')

const codesOf = ({ data, errors }: Answer): string[] => [
  ...(errors ?? []).map((error: Answer) => error.extensions.code),
  ...Object.values(data ?? {}).flatMap(
    (payload: Answer) => payload?.userErrors?.map((each: Answer) => each.code) ?? [],
  ),
]

interface Change {
  readonly name: string
  readonly input?: readonly [type: string, value: object]
  readonly token?: string
}

const change = ({ name, input, token }: Change): Promise<Answer> =>
  input
    ? ask(
        shop,
        `mutation ($input: ${input[0]}!) { ${name}(input: $input) { userErrors { code } } }`,
        { input: input[1] },
        token,
      )
    : ask(shop, `mutation { ${name} { userErrors { code } } }`)

const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const began = performance.now()
  return [await work, performance.now() - began]
}

describe.each([
  ['is killed', 'down', [1]],
  // What was on its way when it froze may be done late: wholly, or not at all.
  ['hangs', 'frozen', [1, 2, 3]],
] as const)('given the database %s (F8)', (_, weather, quantities: readonly number[]) => {
  test('then what was read is shown as it was, and says so; what changes something is refused within 3 s as UNAVAILABLE, the first of it too; all is well within 10 s after, without half an effect', async () => {
    const product = await offer(shop, seller, { stock: 5 })
    const [variantId = ''] = product.variantIds
    const buyer = await guest(shop)
    await addLine(shop, buyer, variantId)
    const total = await setDestination(shop, buyer)
    const changes: readonly Change[] = [
      { name: 'addCartLine', input: ['AddCartLineInput', { variantId, quantity: 1 }], token: buyer },
      { name: 'continueAsGuest' },
      {
        name: 'adjustStock',
        input: ['AdjustStockInput', { variantId, delta: 1, reason: 'r', idempotencyKey: `away ${weather}` }],
        token: seller,
      },
      { name: 'placeOrder', input: ['PlaceOrderInput', orderInput(total)], token: await guest(shop) },
    ]
    // In a fleet each process keeps what it has read itself: all of them are asked, two gateways and two of each subgraph in turn.
    const looks: Answer[] = []
    for (let n = 0; n < 8; n++) looks.push(await ask(shop, page))
    expect(looks.every(isWell)).toBe(true)
    const [before] = looks
    const readAt = Date.now()

    line.become(weather)
    const until = performance.now() + awayMs
    let slowest = 0
    do {
      const refused = await Promise.all(changes.map((one) => timed(change(one))))
      expect(refused.map(([answer]) => codesOf(answer))).toEqual(changes.map(() => ['UNAVAILABLE']))
      slowest = Math.max(slowest, ...refused.map(([, ms]) => ms))
      const answer: Answer = await ask(shop, page)
      expect([answer.errors, shown(answer)]).toEqual([undefined, shown(before)])
      expect(Date.parse(answer.extensions.stale.since)).toBeLessThanOrEqual(readAt)
      for (const { variants } of answer.data.products.nodes)
        for (const { availability } of variants) expect(Date.parse(availability.asOf)).toBeLessThanOrEqual(readAt)
      await setTimeout(awayMs / 60)
    } while (performance.now() < until)
    expect(slowest).toBeLessThan(within.refused)
    const kept = await send(
      shop,
      undefined,
      { 'apollo-require-preflight': 'yes' },
      { path: `/graphql?query=${encodeURIComponent(page)}`, method: 'GET' },
    )
    expect(kept.headers.get('cache-control')).toBe('no-store')
    for (const path of ['/health/live', '/health/ready'])
      expect((await send(shop, undefined, {}, { method: 'GET', path })).status).toBe(200)
    expect(codesOf(await ask(shop, '{ product(slug: "never-read") { id } }'))).toEqual(['UNAVAILABLE'])

    line.become('fair')
    const backAt = performance.now()
    const lines = () => ask(shop, '{ cart { lines { quantity } } }', {}, buyer)
    const all = async () =>
      isWell(await ask(shop, page)) &&
      isWell(await lines()) &&
      codesOf(await change({ name: 'continueAsGuest' })).length === 0
    await expect.poll(all, { timeout: within.well, interval: 100 }).toBe(true)
    const wellAfter = performance.now() - backAt
    if (inject('thorough'))
      process.stdout.write(
        `F8, ${weather} for ${awayMs} ms: slowest refusal ${slowest.toFixed(0)} ms, all well after ${wellAfter.toFixed(0)} ms\n`,
      )
    const { data } = await lines()
    expect(data.cart.lines).toEqual([{ quantity: expect.toSatisfy((found) => quantities.includes(found)) }])
    const { order, userErrors } = await placeOrder(shop, buyer)
    expect([order?.status, userErrors]).toEqual(['CONFIRMED', []])
    // The adjustment may be one of those that were done late.
    const left = 5 - data.cart.lines[0].quantity
    expect(weather === 'frozen' ? [left, left + 1] : [left]).toContain(await unitsLeft(shop, product.slug))
  }, 120_000)
})
