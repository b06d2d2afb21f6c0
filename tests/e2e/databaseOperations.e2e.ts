import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { unitNames } from '../../platform/config.ts'
import { type Provider, startProvider } from '../../provider/server.ts'
import { type Answer, get, type TestShop } from '../client.ts'
import { addLine, offer, orderInput, sendOrder, setDestination, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'

/** What the driver does on its own account. */
const housekeeping = new Set(['hello', 'ping', 'endSessions', 'createIndexes'])

const operations: string[] = []
const providerSecret = 'shared with the provider of this test'

const clock = makeManualClock(Date.now())
let shop: TestShop
let provider: Provider
let offers: { slug: string; productId: string; variantIds: string[] }[]

beforeAll(async () => {
  const prefix = `t${crypto.randomUUID().slice(0, 8)}_`
  provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  shop = await startTogether(
    { DATABASE_PREFIX: prefix, PROVIDER_URL: provider.url, PROVIDER_SECRET: providerSecret },
    {
      // No workers: only what a request asks for is counted. The clock stands still, so that what is cached stays cached.
      units: unitNames.filter((name) => name !== 'workers'),
      attach: true,
      clock,
      onCommand: (command, database) => {
        if (!housekeeping.has(command)) operations.push(`${database.replace(prefix, '')}.${command}`)
      },
    },
  )
  const seller = await signIn(shop, tidewaterGoods)
  offers = []
  for (let count = 0; count < 20; count++) offers.push(await offer(shop, seller, { variants: 6, stock: 50 }))
})
afterAll(async () => {
  await shop?.stop()
  await provider?.stop()
})

/** The operations that a piece of work causes, sorted. */
const operationsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  operations.length = 0
  await work()
  return operations.splice(0).sort()
}

/** The same for somebody who comes when nothing was read for a while. */
const coldOperationsOf = (work: () => Promise<unknown>): Promise<string[]> => {
  clock.advance(2_000)
  return operationsOf(work)
}

const tally = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${all.length} ${name}`).join(', ')

const pageFields = `
  nodes { id slug title tags media { url alt } options { name values } categories { slug name } seller { shopName }
    variants { id sku title selectedOptions { name value }
      price { amount { amount currencyCode } compareAt { amount } tiers { minQuantity } lowestIn30Days { amount } }
      availability { inStock left } } }
  pageInfo { hasNextPage endCursor }`

const page = `query ($filter: ProductFilter) { products(first: 20, filter: $filter) { ${pageFields} } }`

/** A page of products: the products, their stock, their prices, their sellers; however many, however many variants. */
const four = ['pricing.find', 'products.find', 'products.find', 'users.find']

describe('what browsing costs (database operations)', () => {
  test('given a page that somebody has read within the second, then it costs the look at the stock and nothing else', async () => {
    await get(shop, page)
    expect(await operationsOf(() => get(shop, page))).toEqual(['products.find'])
  })

  test('given pages of 20 products with 1 to 3 or with 6 variants each, prices, stock, categories and sellers, then each costs the same 4', async () => {
    for (const [filter, variants] of [
      [null, 20],
      [{ vendor: 'Offers' }, 120],
    ] as const) {
      let count = 0
      const cost = await coldOperationsOf(async () => {
        const { products } = await get(shop, page, { filter })
        expect(products.nodes).toHaveLength(20)
        count = products.nodes.flatMap((product: Answer) => product.variants).length
      })
      expect(count).toBeGreaterThanOrEqual(variants)
      expect(cost).toEqual(four)
    }
  })

  test('given a page that also counts, then one more; given the next page, then no more', async () => {
    const first = await get(shop, '{ products(first: 20) { pageInfo { endCursor } } }')
    const { endCursor: after } = first.products.pageInfo
    expect(
      await coldOperationsOf(() =>
        get(shop, `query ($after: String) { products(first: 20, after: $after) { ${pageFields} } }`, { after }),
      ),
    ).toEqual(four)
    expect(await coldOperationsOf(() => get(shop, `{ products(first: 20) { totalCount ${pageFields} } }`))).toEqual(
      [...four, 'products.aggregate'].toSorted(),
    )
  })

  test('given a product, by slug or by id, then the same 4; given a search, then one more: to rank all matches before the page is read', async () => {
    const detail = pageFields
      .slice(pageFields.indexOf('{') + 1, pageFields.lastIndexOf('pageInfo'))
      .trim()
      .slice(0, -1)
    const { slug, productId } = offers[0]!
    for (const argument of [`slug: "${slug}"`, `id: "${productId}"`]) {
      const cost = await coldOperationsOf(async () =>
        expect((await get(shop, `{ product(${argument}) { ${detail} } }`)).product.variants).toHaveLength(6),
      )
      expect(cost).toEqual(four)
    }
    expect(
      await coldOperationsOf(() => get(shop, `{ search(query: "lamp", first: 20) { totalCount ${pageFields} } }`)),
    ).toEqual([...four, 'products.find'].toSorted())
  })
})

describe('what buying costs (database operations)', () => {
  const cart = `{ cart { id version
    lines { quantity unitPrice { amount } total { amount } variant { sku title product { title } availability { left } } }
    totals { subtotal { amount } shipping { amount } tax { amount } total { amount } rows { label amount { amount } } }
    problems { code } warnings { code } } }`

  const buyerWith = async (lines: number): Promise<string> => {
    const { token } = await signUp(shop)
    for (const { variantIds } of offers.slice(0, lines)) await addLine(shop, token, variantIds[0]!)
    return token
  }

  test('given carts of 1 and of 5 lines with titles, stock, prices and totals, then both cost the same 5', async () => {
    const costs: string[][] = []
    for (const lines of [1, 5]) {
      const token = await buyerWith(lines)
      costs.push(
        await operationsOf(async () => expect((await get(shop, cart, {}, token)).cart.lines).toHaveLength(lines)),
      )
    }
    expect(costs[1]).toEqual(costs[0])
    // The cart's own look at prices, titles and stock, and once more the stock of the answer; its titles were read within the second.
    expect(tally(costs[0]!)).toBe('1 cart.find, 1 pricing.find, 3 products.find')
  })

  test('given orders of 1 and of 5 lines, then placing one is bounded, and a further line costs no more than its own hold and claim', async ({
    annotate,
  }) => {
    const costs: string[][] = []
    for (const lines of [1, 5]) {
      const token = await buyerWith(lines)
      const input = orderInput(await setDestination(shop, token))
      costs.push(
        await operationsOf(async () => expect((await sendOrder(shop, token, input)).order.status).toBe('CONFIRMED')),
      )
    }
    const [one, five] = costs as [string[], string[]]
    await annotate(`placeOrder, 1 line: ${one.length} (${tally(one)})`)
    await annotate(`placeOrder, 5 lines: ${five.length} (${tally(five)})`)
    expect(one.length, tally(one)).toBeLessThanOrEqual(40)
    expect(five.length - one.length, tally(five)).toBeLessThanOrEqual(4 * 2)
  })
})
