import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask, get, send } from '../client.ts'
import { addLine, guest, placeOrder, signUp, someVariants } from '../people.ts'
import { startProxy } from '../proxy.ts'
import { startTogether } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

let line: Awaited<ReturnType<typeof startProxy>>
let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  const server = new URL(inject('mongoUrl'))
  line = await startProxy(Number(server.port))
  const url = `mongodb://${new URL(line.url).host}/?directConnection=true`
  shop = await startTogether({ MONGODB_URL: url, DATABASE_PREFIX: freshPrefix(), LOG_LEVEL: 'silent' })
})
afterAll(async () => {
  await shop?.stop()
  await line?.stop()
})

const add =
  'mutation ($id: ID!) { addCartLine(input: { variantId: $id, quantity: 1 }) { cart { id } userErrors { code } } }'

/** Seconds are what the promise is about; a busy machine gets twice as many. */
const within = { refused: 6_000, healthy: 20_000 }

describe.each([
  ['down', [1]],
  // What was on its way when it froze may be done late: wholly, or not at all.
  ['frozen', [1, 2]],
] as const)('given a database that is %s', (weather, outcomes: readonly number[]) => {
  test('then a mutation is refused in time as UNAVAILABLE, the probe says why, and when it is back all is as before, without half an effect (F8)', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const visitor = await guest(shop)
    const probe = async () => (await send(shop, undefined, {}, { method: 'GET', path: '/health/live' })).status

    line.become(weather)
    const began = performance.now()
    const { errors } = await ask(shop, add, { id: variant!.id }, token)
    expect(performance.now() - began).toBeLessThan(within.refused)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    expect(await probe()).toBe(200)

    line.become('fair')
    await expect
      .poll(() => ask(shop, '{ cart { lines { quantity } } }', {}, token), {
        timeout: within.healthy,
        interval: 100,
      })
      .toMatchObject({
        data: { cart: { lines: [{ quantity: expect.toSatisfy((found) => outcomes.includes(found)) }] } },
      })
    expect((await get(shop, '{ viewer { kind } }', {}, visitor)).viewer.kind).toBe('GUEST')
    expect((await placeOrder(shop, token)).order.status).toBe('CONFIRMED')
  }, 60_000)
})
