import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, get, type TestShop } from '../client.ts'
import { addLine, guest, offer, orderInput, sendOrder, setDestination, signIn } from '../people.ts'
import { startTogether } from '../shop.ts'

const buyers = 10
const devicesEach = 5
const changesEach = 50
const cutsEach = 20

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

/** Numbers from 0 to below `below` that follow from a seed (mulberry32). */
const makeRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Update {
  readonly seq: number
  readonly isReset: boolean
  readonly what: string
}

interface Watched {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly token?: string
  /** The update in an answer of the document. */
  readonly of: (data: Answer) => Update
}

/** A client that is cut off at any moment, without a goodbye, and comes back at once after the last number it has seen. */
const follow = ({ query, variables, token, of }: Watched) => {
  const seen: Update[] = []
  let socket: WebSocket | null = null
  let leave: () => void = () => undefined
  let cuts = 0
  let changed = Promise.withResolvers<void>()
  const tell = (): void => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const failures: unknown[] = []
  class Cuttable extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols)
      socket = this
    }
  }
  const open = (): void => {
    let isCurrent = true
    const client = createClient({
      url: `${shop.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Cuttable,
      connectionParams: token ? { authorization: `Bearer ${token}` } : {},
      retryAttempts: 0,
    })
    leave = () => {
      isCurrent = false
      socket?.terminate()
    }
    client.subscribe<Answer>(
      { query, variables: { ...variables, after: seen.at(-1)?.seq } },
      {
        next: ({ data, errors }) => {
          if (errors) failures.push(errors)
          else if (isCurrent) seen.push(of(data))
          tell()
        },
        error: (error) => {
          if (isCurrent) failures.push(error)
          tell()
        },
        complete: () => undefined,
      },
    )
  }
  open()
  return {
    seen,
    failures,
    cuts: () => cuts,
    /** Has seen the change with this number, or has failed. */
    reaches: async (seq: number): Promise<void> => {
      while (failures.length === 0 && (seen.at(-1)?.seq ?? 0) < seq) await changed.promise
    },
    cut: () => {
      cuts += 1
      leave()
      open()
    },
    stop: () => leave(),
  }
}

type Client = ReturnType<typeof follow>

/** No gap, no inversion; a double is a number that was seen before, and there is none that was not asked for. */
const expectWhole = ({ seen, failures }: Client, last: number): void => {
  expect(failures).toEqual([])
  expect(seen.filter(({ isReset }) => isReset)).toEqual([])
  const first = seen[0]?.seq ?? 0
  const upToLast = seen.map(({ seq }) => seq).filter((seq) => seq <= last)
  expect(upToLast).toEqual(Array.from({ length: last - first + 1 }, (_, n) => first + n))
}

const liveCart = /* GraphQL */ `
  subscription ($after: Int) {
    cartUpdated(after: $after) { seq isReset reason cart { lines { quantity variant { title price { amount { amount } } } } } }
  }
`

test('given 50 clients cut at random 20 times each while 500 changes happen, then each is told every change in order, prices included (L5, R15)', async ({
  annotate,
}) => {
  const seed = Date.now() % 2 ** 31
  await annotate(`seed ${seed}`)
  const random = makeRandom(seed)
  const seller = await signIn(shop, tidewaterGoods)
  const { variantIds } = await offer(shop, seller, { stock: 1_000 })
  const variantId = variantIds[0]!
  const toUpdate = ({ cartUpdated }: Answer): Update => ({ ...cartUpdated, what: cartUpdated.reason })

  const startBuyer = async () => {
    const token = await guest(shop)
    const { cart } = await addLine(shop, token, variantId)
    const clients = Array.from({ length: devicesEach }, () => follow({ query: liveCart, token, of: toUpdate }))
    await Promise.all(clients.map((client) => client.reaches(1)))
    return { token, lineId: cart.lines[0].id as string, clients }
  }
  type Buyer = Awaited<ReturnType<typeof startBuyer>>

  const setQuantity = async ({ token, lineId }: Buyer, quantity: number): Promise<number> => {
    const { updateCartLine } = await get(
      shop,
      'mutation ($input: UpdateCartLineInput!) { updateCartLine(input: $input) { cart { version } userErrors { code } } }',
      { input: { lineId, quantity } },
      token,
    )
    return updateCartLine.cart.version
  }

  const setPrice = (amount: string) =>
    get(
      shop,
      'mutation ($input: SetPricesInput!) { setPrices(input: $input) { userErrors { code } } }',
      { input: { prices: [{ variantId, amount: { amount, currencyCode: 'EUR' } }] } },
      seller,
    )

  const all = await Promise.all(Array.from({ length: buyers }, startBuyer))
  const lanes = all.map(async (buyer, lane) => {
    let version = 0
    for (let change = 0; change < changesEach; change++) {
      version = await setQuantity(buyer, 2 + (change % 2))
      if (lane === 0 && change === 10) await setPrice('12.50')
      for (let cut = 0; cut < (devicesEach * cutsEach) / changesEach; cut++) {
        const client = buyer.clients[random(devicesEach)]!
        // Some are cut before they are back from the last time.
        if (random(4) > 0) await client.reaches(version)
        client.cut()
      }
    }
    return version
  })
  const versions = await Promise.all(lanes)

  for (const [lane, { clients }] of all.entries())
    for (const client of clients) {
      await client.reaches(versions[lane]!)
      expectWhole(client, versions[lane]!)
      const isToldOfPrice = () => client.seen.some(({ what }) => what === 'PRICE_CHANGED')
      await expect.poll(isToldOfPrice, { timeout: 10_000, message: `seed ${seed}` }).toBe(true)
    }
  const clients = all.flatMap((buyer) => buyer.clients)
  await annotate(`${clients.reduce((sum, { seen }) => sum + seen.length, 0)} updates over ${clients.length} clients`)
  expect(clients.reduce((sum, client) => sum + client.cuts(), 0)).toBe(buyers * devicesEach * cutsEach)
  for (const client of clients) client.stop()
}, 120_000)

test('given a guest who follows an order by its signed token only, when the connection is cut at every turn, then each event is told once, in order (L5, I15)', async () => {
  const token = await guest(shop)
  const { variantIds } = await offer(shop, await signIn(shop, tidewaterGoods))
  await addLine(shop, token, variantIds[0]!)
  const total = await setDestination(shop, token)
  const { order, accessToken } = await sendOrder(shop, token, orderInput(total, 'tok_requires_action'))
  const client = follow({
    query: /* GraphQL */ `
      subscription ($id: ID!, $accessToken: String, $after: Int) {
        orderUpdated(id: $id, accessToken: $accessToken, after: $after) { seq isReset event order { status } }
      }
    `,
    variables: { id: order.id, accessToken },
    of: ({ orderUpdated }) => ({ ...orderUpdated, what: orderUpdated.event }),
  })
  await expect.poll(() => client.seen.length, { timeout: 10_000 }).toBe(1)
  client.cut()
  await get(
    shop,
    'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { code } } }',
    { input: { id: order.id, accessToken } },
    token,
  )
  client.cut()
  client.cut()
  await expect.poll(() => client.seen.at(-1)?.what, { timeout: 10_000 }).toBe('OrderCanceled')
  expectWhole(client, client.seen.at(-1)!.seq)
  client.stop()
})
