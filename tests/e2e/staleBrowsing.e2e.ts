import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, ask, get, send } from '../client.ts'
import { addLine, guest, offer, signIn } from '../people.ts'
import { startProxy } from '../proxy.ts'
import { startTogether } from '../shop.ts'

let line: Awaited<ReturnType<typeof startProxy>>
let shop: Awaited<ReturnType<typeof startTogether>>
let seller: string
let buyer: string
let variantId: string

beforeAll(async () => {
  line = await startProxy(Number(new URL(inject('mongoUrl')).port))
  // Straight to the line: the database would tell its own address.
  const url = `mongodb://${new URL(line.url).host}/?directConnection=true`
  shop = await startTogether({ MONGODB_URL: url })
  seller = await signIn(shop, tidewaterGoods)
  variantId = (await offer(shop, seller, { stock: 5 })).variantIds[0]!
  buyer = await guest(shop)
  await addLine(shop, buyer, variantId)
})
afterAll(async () => {
  line?.become('fair')
  await shop?.stop()
  await line?.stop()
})

const page = `{ products(first: 5) { totalCount nodes { id title seller { shopName }
  variants { id sku price { amount { amount } } availability { left asOf } } } } }`

const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const began = performance.now()
  return [await work, performance.now() - began]
}

const isWell = ({ errors, extensions }: Answer): boolean => errors === undefined && extensions.stale === undefined

const until = async (look: () => Promise<Answer>, isDone: (answer: Answer) => boolean): Promise<Answer> => {
  let last: Answer = null
  const done = async () => {
    last = await look()
    return isDone(last)
  }
  await expect.poll(done, { timeout: 20_000, interval: 200 }).toBe(true)
  return last
}

/** What is shown, without the times at which it was read. */
const shown = ({ data }: Answer): string => JSON.stringify(data).replace(/"asOf":"[^"]*"/g, '')

const mutations: readonly (readonly [string, string, () => object, () => string | undefined])[] = [
  ['addCartLine', 'AddCartLineInput', () => ({ variantId, quantity: 1 }), () => buyer],
  ['continueAsGuest', '', () => ({}), () => undefined],
  [
    'adjustStock',
    'AdjustStockInput',
    () => ({ variantId, delta: 1, reason: 'r', idempotencyKey: 'away' }),
    () => seller,
  ],
]

const codesOf = ({ data, errors }: Answer): string[] => [
  ...(errors ?? []).map((error: Answer) => error.extensions.code),
  ...Object.values(data ?? {}).flatMap(
    (payload: Answer) => payload?.userErrors?.map((each: Answer) => each.code) ?? [],
  ),
]

const change = (name: string, type: string, input: object, token?: string): Promise<Answer> =>
  type === ''
    ? ask(shop, `mutation { ${name} { userErrors { code } } }`, {}, token)
    : ask(shop, `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`, { input }, token)

describe.each([
  ['is killed', 'down'],
  ['hangs', 'frozen'],
] as const)('given the database %s (F8)', (_, weather) => {
  test('then what was read is shown as it was, and says so; what changes something is refused within 3 s and has no effect; all is well within 10 s after', async () => {
    const before: Answer = await until(() => ask(shop, page), isWell)
    const left = async () => await get(shop, `{ products(first: 1) { nodes { variants { availability { left } } } } }`)
    const cart = async () => (await get(shop, '{ cart { version } }', {}, buyer)).cart.version
    const [version, units] = [await cart(), await left()]
    const others = await Promise.all([guest(shop), guest(shop), guest(shop)])
    const readAt = Date.now()
    line.become(weather)
    try {
      for (const turn of [1, 2]) {
        const [answer, ms] = await timed<Answer>(ask(shop, page))
        expect([turn, answer.errors]).toEqual([turn, undefined])
        expect(shown(answer)).toBe(shown(before))
        expect(Date.parse(answer.extensions.stale.since)).toBeLessThanOrEqual(readAt)
        for (const { variants } of answer.data.products.nodes)
          for (const { availability } of variants) expect(Date.parse(availability.asOf)).toBeLessThanOrEqual(readAt)
        expect(ms).toBeLessThan(3_500)
      }
      const kept = await send(
        shop,
        undefined,
        { 'apollo-require-preflight': 'yes' },
        {
          path: `/graphql?query=${encodeURIComponent(page)}`,
          method: 'GET',
        },
      )
      expect(kept.headers.get('cache-control')).toBe('no-store')
      // Whoever is first finds out, which takes a little longer.
      await Promise.all([1, 2, 3].map(() => ask(shop, '{ viewer { id } }', {}, others.pop())))
      const refused = await Promise.all(
        mutations.map(([name, type, input, token]) => timed(change(name, type, input(), token()))),
      )
      expect(refused.map(([answer]) => codesOf(answer))).toEqual(mutations.map(() => ['UNAVAILABLE']))
      for (const [, ms] of refused) expect(ms).toBeLessThan(4_000)
      expect(codesOf(await ask(shop, '{ product(slug: "never-read") { id } }'))).toEqual(['UNAVAILABLE'])
    } finally {
      line.become('fair')
      // What was swallowed is never answered: the driver finds out by itself only after 10 s.
    }
    await until(() => ask(shop, page), isWell)
    expect(await left()).toEqual(units)
    expect(await cart()).toBe(version)
  }, 40_000)
})
