import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, type TestShop } from '../client.ts'
import { isLeftOut } from '../fleet/shop.ts'
import { signUp } from '../people.ts'
import { startTogether } from '../shop.ts'
import { overPost, type Transport, transports } from '../transports.ts'

const bucket = 2_000

let shop: TestShop
beforeAll(async () => {
  // Next to nothing comes back while a story runs.
  shop = await startTogether({
    COST_BUCKET: String(bucket),
    COST_PER_SECOND_NETWORK: '1',
    COST_PER_SECOND_USER: '1',
    ATTEMPTS_PER_ADDRESS: '1000000',
  })
})
afterAll(() => shop?.stop())

const page =
  '{ products(first: 50) { nodes { id variants { id price { amount { amount } } availability { left } } } } }'
/** 1 + 50 products with 4 variants of 3 objects each: itself, price and availability. */
const pageCost = 1 + 50 * (1 + 4 * 3)

/** Here what is paid depends on which gateway answers. */
const isUnsteady = isLeftOut('each gateway lets pay for the planning of what is new to it')

/** Pages until nothing is left; what was answered, and the refusal. */
const spendAll = async (ask: Transport, token?: string) => {
  for (let pages = 0; pages < 500; pages++) {
    const told = await ask(shop, { query: page, token })
    if (told.errors) return { pages, told }
  }
  throw new Error('there was no end to the budget')
}

describe('what an operation costs', () => {
  test.skipIf(isUnsteady).each(transports)(
    'over %s: the answer says what was asked for, what it came to and what is left',
    async (_, ask) => {
      const { token } = await signUp(shop)
      await overPost(shop, { query: page })
      const { data, extensions } = await ask(shop, { query: page, token })
      const { requested, actual, remaining } = extensions.cost
      const objects =
        1 +
        data.products.nodes.length +
        3 * data.products.nodes.flatMap((node: { variants: [] }) => node.variants).length
      expect(requested).toBe(pageCost)
      expect(actual).toBe(objects)
      expect(actual).toBeLessThan(requested)
      expect(remaining).toBeLessThanOrEqual(bucket - actual + 5)
      expect(remaining).toBeGreaterThanOrEqual(bucket - actual - 5)
    },
  )

  test.each(transports)('over %s: one that may cost more than 1,000 is refused, and costs nothing', async (_, ask) => {
    const { token } = await signUp(shop)
    const { data, errors } = await ask(shop, { query: page.replace('50', '100'), token })
    expect(data).toBeUndefined()
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'DOCUMENT_TOO_COMPLEX', limit: 'cost', max: 1_000, actual: 1_301 },
    ])
    const { extensions } = await overPost(shop, { query: '{ viewer { id } }', token })
    expect(extensions.cost.remaining).toBeGreaterThanOrEqual(bucket - 2)
  })
})

describe('budgets', () => {
  test.skipIf(isUnsteady)(
    'given ever new documents that answer with nothing, then each pays for its planning, so that they come to an end (threat: GraphQL)',
    async () => {
      const { token } = await signUp(shop)
      const heavy = (n: number) =>
        `query Q${n} { ${Array.from({ length: 10 }, (_, i) => `a${i}: product(id: "x") { id title slug seller { id shopName } variants { id sku price { amount { amount } } availability { left } } }`).join(' ')} }`
      const first = await overPost(shop, { query: heavy(0), token })
      expect(first.extensions.cost.actual).toBe(1 + Math.ceil((10 * 15) / 5))
      const again = await overPost(shop, { query: heavy(0), token })
      expect(again.extensions.cost.actual).toBe(1)
      for (let n = 1; n < 100; n++) {
        const { status } = await overPost(shop, { query: heavy(n), token })
        if (status === 429) return
      }
      throw new Error('there was no end')
    },
  )

  test.each(transports)(
    'over %s: given an account that has spent all, then it hears when to come back, and nobody else does',
    async (name, ask) => {
      const [{ token }, other] = [await signUp(shop), await signUp(shop)]
      const { pages, told } = await spendAll(ask, token)
      expect(pages).toBeGreaterThan(1)
      const [refusal] = told.errors ?? []
      expect(refusal?.extensions).toEqual({ code: 'RATE_LIMITED', retryable: true, retryAfter: expect.any(Number) })
      const retryAfter = refusal?.extensions.retryAfter as number
      expect(retryAfter).toBeGreaterThan(0)
      expect(retryAfter).toBeLessThanOrEqual(pageCost)
      if (name !== 'WebSocket') expect([told.status, told.retryAfter]).toEqual([429, String(retryAfter)])
      expect((await overPost(shop, { query: page, token: other.token })).errors).toBeUndefined()
    },
  )

  test('given documents that are refused, then they cost as well, so that a flood of them ends (threat: GraphQL)', async () => {
    const { token } = await signUp(shop)
    const answers = new Map<unknown, number>()
    for (let n = 0; n < bucket / 10 + 50; n++) {
      const { errors = [] } = await overPost(shop, { query: `{ nothing${n} }`, token })
      const code = errors[0]?.extensions.code
      answers.set(code, (answers.get(code) ?? 0) + 1)
    }
    expect([...answers.keys()]).toEqual(['GRAPHQL_VALIDATION_FAILED', 'RATE_LIMITED'])
    expect(answers.get('RATE_LIMITED')).toBeGreaterThan(10)
  })

  test('given people without an account, then they share the budget of their network, guests included', async () => {
    const guest = await overPost(shop, { query: 'mutation { continueAsGuest { session { accessToken } } }' })
    const token = guest.data.continueAsGuest.session.accessToken
    const { told } = await spendAll(overPost, token)
    expect(told.status).toBe(429)
    const origin = 'http://localhost:3000'
    const { status, headers } = await send(shop, { query: page }, { origin })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([429, origin])
  })
})
