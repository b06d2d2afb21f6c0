import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSchema, selectAll } from '../access/schema.ts'
import { connect, get, send, type TestShop } from '../client.ts'
import { addLine, guest, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { hasRedis, type RedisServer, startRedisServer } from '../redis.ts'
import { startTwice } from '../shop.ts'
import { until } from '../until.ts'

const statusOf = async (shop: TestShop, token: string): Promise<number> =>
  (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

const wrongSignIn = async (shop: TestShop, email: string): Promise<string> => {
  const { signIn: payload } = await get(
    shop,
    'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }',
    { input: { email, password: 'a wrong password' } },
  )
  return payload.userErrors[0].code
}

const liveCart = 'subscription { cartUpdated { seq cart { lines { quantity } } } }'

describe.skipIf(!hasRedis())('two gateways and two users units, with Redis', () => {
  let redis: RedisServer
  let shop: Awaited<ReturnType<typeof startTwice>>
  let one: TestShop
  let other: TestShop
  beforeAll(async () => {
    redis = await startRedisServer()
    // The poll is slow, so that what is told at once is told through Redis.
    shop = await startTwice({ REDIS_URL: redis.url, FEED_POLL_MS: '3000' })
    ;[one, other] = shop.gateways
  })
  afterAll(async () => {
    await shop?.stop()
    await redis?.stop()
  })

  /** Both gateways refuse the token of whoever asks so many milliseconds from now, or later. */
  const isOut = (token: string, withinMs: number): Promise<number[]> =>
    until(
      withinMs,
      () => Promise.all([statusOf(one, token), statusOf(other, token)]),
      (statuses) => statuses.every((status) => status === 401),
    )

  /** Signs out at one gateway a token that both know. */
  const signOut = async (): Promise<string> => {
    const person = await signUp(one)
    const token = await signIn(other, person)
    expect([await statusOf(one, token), await statusOf(other, token)]).toEqual([200, 200])
    await get(one, 'mutation { signOut { endedSessions } }', {}, token)
    return token
  }

  /** A guest browses, fills a cart at one gateway while it is watched at the other one, and orders there. */
  const buy = async (): Promise<void> => {
    const token = await guest(one)
    const variant = (await someVariants(one)).find(({ left }) => left > 5)!
    const device = connect(other, token)
    const live = device.watch(liveCart)
    await live.next()
    await addLine(one, token, variant.id, 1)
    const seen = await live.until(({ cartUpdated }) => cartUpdated.cart?.lines.length === 1)
    expect(seen.at(-1).cartUpdated.cart.lines).toEqual([{ quantity: 1 }])
    await device.close()
    const { order, userErrors } = await placeOrder(other, token)
    expect(userErrors).toEqual([])
    expect(order.status).toBe('CONFIRMED')
  }

  /** A guest's cart comes along at sign-up: events have to be delivered for that. */
  const cartComesAlong = async (): Promise<void> => {
    const token = await guest(one)
    const variant = (await someVariants(one)).find(({ left }) => left > 5)!
    await addLine(one, token, variant.id, 2)
    const person = await signUp(other, token)
    const lines = async () => (await get(one, '{ cart { lines { quantity } } }', {}, person.token)).cart?.lines
    await expect.poll(lines, { timeout: 15_000 }).toEqual([{ quantity: 2 }])
  }

  test('given a session, when it is signed out at one, then both refuse it within a second (threat: sessions)', async () => {
    await isOut(await signOut(), 1_000)
  })

  test('given five wrong passwords at two, then the next is refused at both: attempts are counted together', async () => {
    const { email } = await signUp(one)
    const codes: [string[], string[]] = [[], []]
    const haveBothRefused = () => codes.every((heard) => heard.includes('RATE_LIMITED'))
    // Counted apart, all ten would be tried. An attempt that takes longer than the pause before the next one, 1, 2, 4 s, is let through.
    for (let n = 0; n < 10 && !haveBothRefused(); n++)
      codes[n % 2]!.push(await wrongSignIn(n % 2 === 0 ? one : other, email))
    const tried = codes.flat().filter((code) => code !== 'RATE_LIMITED')
    expect(tried).toEqual(Array.from({ length: Math.max(5, tried.length) }, () => 'INVALID_CREDENTIALS'))
    expect(haveBothRefused()).toBe(true)
  }, 40_000)

  test('given two people who ask for everything in turn, at both gateways and with a warm Redis, then each gets the own and nothing of the other (threat: cache)', async () => {
    const schema = readSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'))
    const everything = `{ viewer ${selectAll(schema, 'Viewer')} cart ${selectAll(schema, 'Cart')} sessions ${selectAll(schema, 'DeviceSession')}
      orders(first: 5) { nodes ${selectAll(schema, 'Order', 2)} } products(first: 3) { nodes ${selectAll(schema, 'Product', 2)} } }`
    const variant = (await someVariants(one)).find(({ left }) => left > 20)!
    const someone = async (street: string) => {
      const { token, email } = await signUp(one)
      const shippingAddress = { name: street, line1: street, city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
      await addLine(one, token, variant.id, 1)
      expect((await placeOrder(one, token, { shippingAddress, email })).userErrors).toEqual([])
      await addLine(one, token, variant.id, 2)
      return { token, secrets: [street, email] }
    }
    const people = [await someone('First Street 1'), await someone('Second Street 2')]
    const timeless = (answer: unknown) => JSON.stringify(answer).replace(/"(?:asOf|lastUsedAt)":"[^"]*"/g, '')
    const first = new Map<string, string>()
    for (const gateway of [one, other, one]) {
      for (const { token, secrets } of people) {
        const text = timeless(await get(gateway, everything, {}, token))
        expect(secrets.filter((secret) => !text.includes(secret))).toEqual([])
        for (const each of people.filter((person) => person.token !== token))
          expect(each.secrets.filter((secret) => text.includes(secret))).toEqual([])
        expect(text).toBe(first.get(token) ?? text)
        first.set(token, text)
      }
    }
  }, 40_000)

  test('given all is well, then a cart is watched, ordered, and comes along', async () => {
    await buy()
    await cartComesAlong()
  })

  test('given Redis is emptied, then ended sessions stay ended and everything goes on (F7)', async () => {
    const token = await guest(one)
    await get(one, 'mutation { signOut { endedSessions } }', {}, token)
    await redis.say('FLUSHALL')
    await isOut(token, 0)
    await buy()
    await cartComesAlong()
  })

  test.each([
    ['hangs', () => redis.hang(), async () => redis.goOn()],
    ['is killed and comes back empty', () => redis.kill(), () => redis.startAgain()],
  ])(
    'given Redis %s, then people browse, fill carts and order, ended sessions stay ended, and what was to be delivered is (F7, R12)',
    async (_, breakIt, mendIt) => {
      const waiting = await guest(one)
      const variant = (await someVariants(one)).find(({ left }) => left > 5)!
      await addLine(one, waiting, variant.id, 3)
      const ended = await guest(one)
      await get(one, 'mutation { signOut { endedSessions } }', {}, ended)
      await breakIt()
      try {
        await isOut(ended, 0)
        await isOut(await signOut(), 2_000)
        await buy()
        const { token } = await signUp(other, waiting)
        await mendIt()
        const lines = async () => (await get(one, '{ cart { lines { quantity } } }', {}, token)).cart?.lines
        await expect.poll(lines, { timeout: 15_000 }).toEqual([{ quantity: 3 }])
      } finally {
        await mendIt().catch(() => undefined)
      }
      await cartComesAlong()
    },
    40_000,
  )
})
