import { describe, expect, onTestFinished, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { anonymous, type User } from '#platform/auth.ts'
import { makeRedisBus } from '#platform/bus/redis.ts'
import { makeRedisCache } from '#platform/cache/redis.ts'
import { startSubgraph } from '#platform/runningSubgraph.ts'
import { connectRedis, hasRedis, startRedisServer } from '../../tests/redis.ts'
import { askSubgraph, makeTestDeps } from '../../tests/subgraph.ts'
import { buildPricing, pricing } from './index.ts'

const variantId = 'var_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const admin: User = { kind: 'user', id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAD', sessionId: 'ses_1', roles: ['ADMIN'] }
const products = {
  offers: async (ids: readonly string[]) => new Map(ids.map((id) => [id, { sellerId: admin.id, isSold: true }])),
}

/** Two processes of pricing over one database; the clock stands still until it is moved. */
const startTwo = async (withRedis: boolean) => {
  const clock = makeManualClock()
  const deps = await makeTestDeps('pricing', { clock })
  const server = withRedis ? await startRedisServer() : null
  if (server) onTestFinished(() => server.stop())
  const prefix = 'prices_'
  const process = async () => {
    const redis = server ? await connectRedis(server, { prefix }) : null
    const own = redis ? { bus: await makeRedisBus(redis), cache: makeRedisCache(redis, clock) } : {}
    const given = { ...deps, ...own, ...(!redis && { bus: (await makeTestDeps('pricing')).bus }) }
    const running = await startSubgraph({ ...pricing, build: (all) => buildPricing(all, products) }, given)
    onTestFinished(() => running.stop())
    const ask = askSubgraph(running, given)
    return {
      shown: async (): Promise<string | undefined> => {
        const query = `{ _entities(representations: [{ __typename: "ProductVariant", id: "${variantId}" }]) { ... on ProductVariant { price { amount { amount } } } } }`
        const { data } = await ask(anonymous, query)
        return (data as { _entities: [{ price?: { amount: { amount: string } } }] })._entities[0].price?.amount.amount
      },
      set: async (amount: string) => {
        const input = { prices: [{ variantId, amount: { amount, currencyCode: 'EUR' } }] }
        await ask(admin, 'mutation ($input: SetPricesInput!) { setPrices(input: $input) { changed } }', { input })
      },
      quoted: async () => {
        const query = `{ quote(input: { lines: [{ variantId: "${variantId}", quantity: 1 }] }) { subtotal { amount } } }`
        return JSON.stringify((await ask(anonymous, query)).data)
      },
    }
  }
  return { clock, one: await process(), other: await process() }
}

describe('a price that changes in another process', () => {
  test.skipIf(!hasRedis())('given Redis, then browsing there shows it at once', async () => {
    const { one, other } = await startTwo(true)
    for (const amount of ['10.00', '12.00', '9.00']) {
      await one.set(amount)
      expect(await one.shown()).toBe(amount)
      await expect.poll(other.shown).toBe(amount)
    }
  })

  test('given none, then browsing there shows it after a second, and a quote at once', async () => {
    const { clock, one, other } = await startTwo(false)
    await one.set('10.00')
    expect(await other.shown()).toBe('10.00')
    await one.set('12.00')
    expect([await one.shown(), await other.shown()]).toEqual(['12.00', '10.00'])
    expect(await other.quoted()).toContain('12.00')
    clock.advance(1_000)
    expect(await other.shown()).toBe('12.00')
  })
})
