import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeManualClock, seconds } from '../../platform/kernel/time.ts'
import { type Answer, ask, get } from '../client.ts'
import { addLine, orderInput, sendOrder, setDestination, signIn, signUp, someVariants } from '../people.ts'
import { startBehindProxies } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startBehindProxies>>
const clock = makeManualClock()
/** A shop of their own for the tests of a group. `SUBGRAPH_TIMEOUT_MS`: what hangs costs so much of each test, and what does not must not reach it. */
const openShop = (SUBGRAPH_TIMEOUT_MS: string): void => {
  beforeAll(async () => {
    shop = await startBehindProxies({ SUBGRAPH_TIMEOUT_MS }, clock)
  })
  afterAll(() => shop?.stop())
}

const fair = async (): Promise<void> => {
  for (const proxy of Object.values(shop.proxies)) proxy.become('fair')
  await mended()
}
afterEach(fair)

/** Breakers forget, and who was away is found again. */
const mended = async (): Promise<void> => {
  clock.advance(seconds(10))
  let inARow = 0
  await expect
    .poll(async () => {
      const isWell = !isAmiss(await ask(shop, wide))
      if (!isWell) clock.advance(seconds(10))
      inARow = isWell ? inARow + 1 : 0
      return inARow
    })
    .toBe(2)
}

const isAmiss = ({ errors, extensions }: Answer): boolean => errors !== undefined || extensions?.stale !== undefined

const mixed = '{ products(first: 2) { nodes { title variants { id price { amount { amount } } } } } }'
const wide = '{ products(first: 2) { nodes { seller { shopName } variants { price { amount { amount } } } } } }'
/** Prices that nobody has asked for under this name. */
const neverSeen = (name: string): string => mixed.replace('price {', `price { ${name}: `)
const light = '{ products(first: 2) { nodes { title } } }'

describe('a subgraph that is away', () => {
  openShop('2500')

  test.each(['down', 'hanging', 'losing replies'] as const)(
    'given pricing that is %s, then prices that were seen are shown as they were, and flagged; others are missing with an error at each, which tells nothing of the inside (F9)',
    async (weather) => {
      const before = await get(shop, mixed)
      shop.proxies.pricing.become(weather)
      // Both at once: each waits until it is late.
      const [seen, { data, errors }]: Answer[] = await Promise.all([
        ask(shop, mixed),
        ask(shop, neverSeen(weather.replace(' ', ''))),
      ])
      expect([seen.data, seen.errors]).toEqual([before, undefined])
      expect(Date.parse(seen.extensions.stale.since)).toBeLessThanOrEqual(clock.now())
      for (const product of data.products.nodes) {
        expect(product.title).toEqual(expect.any(String))
        for (const variant of product.variants) expect(variant).toEqual({ id: expect.any(String), price: null })
      }
      expect(errors?.length).toBeGreaterThan(0)
      for (const error of errors ?? []) {
        expect(error).toEqual({
          message: 'A part of the shop does not answer; try again.',
          path: expect.arrayContaining(['products', 'nodes']),
          extensions: { code: 'UNAVAILABLE', retryable: true, retryAfter: expect.any(Number) },
        })
      }
    },
  )

  test('given a subgraph that hangs, when its breaker has opened, then nobody waits for it any more, and it is asked again later (F9, R11)', async () => {
    shop.proxies.pricing.become('hanging')
    // Different ones: equal fetches at once would be one call.
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => ask(shop, neverSeen(name))))
    shop.proxies.pricing.forwarded()
    shop.proxies.pricing.become('fair')
    expect(isAmiss(await ask(shop, mixed))).toBe(true)
    expect(shop.proxies.pricing.forwarded()).toBe('')
    clock.advance(seconds(10))
    expect(isAmiss(await ask(shop, mixed))).toBe(false)
  })

  test('given a subgraph that hangs under load, then the answers of others take no longer than under the same load before (F9)', async () => {
    let load: Promise<unknown>[] = []
    /** Milliseconds for a hundred answers, one after the other: a few that wait for what hangs show, a moment of this machine hardly does. */
    const hundred = async (): Promise<number> => {
      load = []
      const timer = setInterval(() => load.push(ask(shop, mixed)), 20)
      const began = performance.now()
      for (let count = 0; count < 100; count += 1) await get(shop, light)
      clearInterval(timer)
      return performance.now() - began
    }
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
    const [before, hanging]: [number[], number[]] = [[], []]
    const growth = (): number => median(hanging) / median(before)
    // What is asked for the first time takes longer.
    await hundred()
    await Promise.all(load)
    // This machine does other things as well: in turn, until the medians tell.
    const until = performance.now() + 40_000
    do {
      before.push(await hundred())
      await Promise.all(load)
      shop.proxies.pricing.become('hanging')
      hanging.push(await hundred())
      shop.proxies.pricing.become('fair')
      // Who waits for what was swallowed is told now.
      shop.proxies.pricing.cut()
      await Promise.all(load)
      await fair()
    } while (growth() > 1.2 && performance.now() < until)
    expect(growth()).toBeLessThanOrEqual(1.2)
  }, 90_000)
})

describe('replies that get lost', () => {
  openShop('10000')

  /** A value of the type that passes validation; what it is about does not exist. */
  const sample = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return sample(type.ofType)
    if (isListType(type)) return [sample(type.ofType)]
    if (isEnumType(type)) return type.getValues()[0]!.name
    if (isInputObjectType(type)) {
      const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type))
      return Object.fromEntries(needed.map((field) => [field.name, sample(field.type)]))
    }
    const samples: Record<string, unknown> = { Int: 1, Boolean: true, Decimal: '1.00', CurrencyCode: 'EUR' }
    return samples[type.name] ?? (type.name === 'DateTime' ? '2040-02-01T09:30:00.000Z' : 'x')
  }

  const lose = (weather: 'losing replies' | 'fair'): void => {
    for (const proxy of Object.values(shop.proxies)) proxy.become(weather)
  }

  /** How many calls of the mutation have arrived at subgraphs since this was asked last. */
  const callsOf = (name: string): number => {
    const texts = Object.values(shop.proxies).map((proxy) => proxy.forwarded())
    return [...texts.join('').matchAll(new RegExp(`"query":"mutation[^"]*\\b${name}\\b`, 'g'))].length
  }

  test('given every mutation of the graph, when its reply gets lost, then the gateway says so and has sent it once (F15, R20)', async () => {
    const schema = buildSchema(await readFile(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'))
    const person = await signUp(shop)
    const admin = 'mutation ($email: String!) { makeAdmin(input: { email: $email }) { accountId } }'
    await shop.callAs('admin')('users', { query: admin, variables: { email: person.email } })
    const mutations = Object.values(schema.getMutationType()!.getFields())
    expect(mutations.length).toBeGreaterThan(30)
    for (const { name, args } of mutations) {
      const definitions = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
      const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      const variables = Object.fromEntries(args.map((arg) => [arg.name, sample(arg.type)]))
      const document = `mutation ${definitions && `(${definitions})`} { ${name}${passed && `(${passed})`} { __typename } }`
      const token = await signIn(shop, person)
      await get(shop, '{ viewer { kind } }', {}, token)
      callsOf(name)
      lose('losing replies')
      const { errors } = await ask(shop, document, variables, token)
      expect([name, callsOf(name), errors?.[0]?.extensions.code]).toEqual([name, 1, 'UNAVAILABLE'])
      lose('fair')
      await mended()
    }
  }, 120_000)

  test('given an order whose reply gets lost, when the buyer sends it again with its key, then there is one order and one charge (F15, I14)', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const input = orderInput(await setDestination(shop, token))
    shop.proxies.orders.become('losing replies')
    await expect(sendOrder(shop, token, input)).rejects.toThrow('UNAVAILABLE')
    shop.proxies.orders.become('fair')
    const { order, userErrors } = await sendOrder(shop, token, input)
    expect([order.status, userErrors]).toEqual(['CONFIRMED', []])
    const { orders } = await get(shop, '{ orders(first: 5) { nodes { id payments { status } } } }', {}, token)
    expect(orders.nodes).toEqual([{ id: order.id, payments: [{ status: 'CAPTURED' }] }])
  })
})
