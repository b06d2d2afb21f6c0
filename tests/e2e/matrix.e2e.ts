import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { type Answer, ask, connect, get } from '../client.ts'
import { addLine, guest, orderInput, setDestination, signUp, someVariants } from '../people.ts'
import { hasRedis } from '../redis.ts'
import { type Dependency, dependencies, startOnLines } from '../shopOnLines.ts'

/** What people do while something is away, and what they then get to see. */
const rows = ['browse', 'cart edit', 'place order', 'login and refresh', 'order status live'] as const
type Row = (typeof rows)[number]

const [works, refused, pending] = ['works', 'refused', 'pending'] as const
const lastKnown = 'last known, flagged'

/** The resiliency matrix: each cell is a test. */
const matrix: Record<Dependency, readonly [string, string, string, string, string]> = {
  Redis: [works, works, works, works, works],
  MongoDB: [lastKnown, refused, refused, refused, refused],
  'the provider': [works, works, pending, works, 'shown'],
  'the mail server': [works, works, works, works, works],
  users: [lastKnown, works, works, refused, works],
  products: [refused, 'stock not known', refused, works, works],
  cart: [works, refused, refused, works, works],
  pricing: [lastKnown, 'no total', refused, works, works],
  orders: [works, works, refused, works, refused],
  payments: [works, works, pending, works, 'shown'],
}

/** What the units then miss; they stay ready, or a cluster would take all that the matrix promises out of service with them. */
const missing = (away: Dependency | null, unit: string): readonly string[] => {
  if (unit === 'gateway') return away === 'users' ? ['users'] : []
  return away === 'MongoDB' ? ['mongo'] : []
}

/** Seconds are what the promise is about; a busy machine gets twice as many. */
const refusedWithin = inject('thorough') ? 3_000 : 6_000

let shop: Awaited<ReturnType<typeof startOnLines>>
let variantId: string
beforeAll(async () => {
  shop = await startOnLines()
  variantId = (await someVariants(shop)).find(({ left }) => left > 50)!.id
  await untilSaid(null)
})
afterAll(() => shop?.stop())

const page = `{ products(first: 5) { totalCount nodes { id title seller { shopName }
  variants { id sku price { amount { amount } } availability { left } } } } }`

const sessionFields = 'session { accessToken refreshToken } userErrors { code }'

/** People with something to do, made ready while all is well. */
const gather = async () => {
  const person = await signUp(shop)
  const credentials = { email: person.email, password: person.password }
  const signedIn = await signInWith(credentials)
  const token = await guest(shop)
  await addLine(shop, token, variantId)
  const watcher = await guest(shop)
  await addLine(shop, watcher, variantId)
  const input = orderInput(await setDestination(shop, watcher), 'tok_requires_action')
  const { order } = (await place(watcher, input, 'payments { nextAction { url } }')).data.placeOrder
  return {
    credentials,
    refreshToken: signedIn.data.signIn.session.refreshToken as string,
    editor: person.token,
    buyer: { token, input: orderInput(await setDestination(shop, token)) },
    watcher: { token: watcher, id: order.id as string, charge: order.payments[0].nextAction.url.split('/').at(-1) },
    /** What is looked at when all is well again. */
    later: [] as (() => Promise<void>)[],
    before: await get(shop, page),
  }
}
type People = Awaited<ReturnType<typeof gather>>

const signInWith = (input: object) =>
  ask(shop, `mutation ($input: SignInInput!) { signIn(input: $input) { ${sessionFields} } }`, { input })

const place = (token: string, input: object, more = '') =>
  ask(
    shop,
    `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
      order { id status checkout { steps { name status } } ${more} } userErrors { code } } }`,
    { input },
    token,
  )

/** The codes of whatever stands in an answer instead of what was asked for. */
const codesOf = ({ data, errors }: Answer): string[] => [
  ...(errors ?? []).map((error: Answer) => error.extensions.code),
  ...Object.values(data ?? {}).flatMap((payload: Answer) => payload?.userErrors?.map((one: Answer) => one.code) ?? []),
]

/** The order is told as a whole; of its payments, while nobody knows them, that they are not known. */
const expectReadable = async (id: string, token: string, away: Dependency): Promise<void> => {
  const look = 'query ($id: ID!) { order(id: $id) { id email lines { quantity } payments { status } } }'
  const { data, errors = [] } = await ask(shop, look, { id }, token)
  const isUnknown = away === 'payments'
  const payments = isUnknown ? null : [{ status: 'REQUIRES_ACTION' }]
  expect(data.order).toEqual({ id, email: 'ada@example.com', lines: [{ quantity: 1 }], payments })
  const unknown = { path: ['order', 'payments'], extensions: { code: 'UNAVAILABLE' } }
  expect(errors).toMatchObject(isUnknown ? [unknown] : [])
}

/** `refused` when it was, and by nothing but that something is away; else what the look at the data says. */
const outcomeOf = (answer: Answer, look: (data: Answer) => string): string => {
  const codes = codesOf(answer)
  if (codes.length === 0) return look(answer.data)
  return codes.every((code) => code === 'UNAVAILABLE') ? refused : codes.join(', ')
}

const act: Readonly<Record<Row, (people: People, away: Dependency) => Promise<string>>> = {
  browse: async ({ before }) => {
    const answer: Answer = await ask(shop, page)
    return outcomeOf(answer, (data) => {
      if (answer.extensions?.stale === undefined) return works
      expect(JSON.stringify(data)).toBe(JSON.stringify(before))
      return lastKnown
    })
  },
  'cart edit': async ({ editor }) => {
    const add = `mutation ($variantId: ID!) { addCartLine(input: { variantId: $variantId, quantity: 2 }) {
      cart { lines { quantity } totals { total { amount } } problems { code } warnings { code } } userErrors { code } } }`
    return outcomeOf(await ask(shop, add, { variantId }, editor), ({ addCartLine: { cart } }) => {
      expect(cart.lines).toEqual([{ quantity: 2 }])
      const said = [...cart.problems, ...cart.warnings].map(({ code }: Answer) => code)
      if (said.length === 0) return cart.totals === null ? 'no total, and nothing said' : works
      expect(said).toEqual(['UNAVAILABLE'])
      return cart.totals === null ? 'no total' : 'stock not known'
    })
  },
  'place order': async ({ buyer }) => {
    const answer: Answer = await place(buyer.token, buyer.input)
    const order = answer.data?.placeOrder?.order
    if (order?.status === 'CONFIRMED' && codesOf(answer).length === 0) return works
    if (order?.status !== 'AWAITING_PAYMENT') return outcomeOf(answer, () => `${order?.status}`)
    const waiting = order.checkout.steps.find(({ status }: Answer) => status === 'RUNNING')?.name
    return waiting === 'AUTHORIZE_PAYMENT' ? pending : `waits in ${waiting}: ${codesOf(answer)}`
  },
  'login and refresh': async ({ credentials, refreshToken }) => {
    const again = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${sessionFields} } }`
    const answers = await Promise.all([signInWith(credentials), ask(shop, again, { input: { refreshToken } })])
    const outcomes = answers.map((answer) =>
      outcomeOf(answer, (data) => (Object.values<Answer>(data)[0].session ? works : 'no session')),
    )
    return [...new Set(outcomes)].join(', ')
  },
  'order status live': async ({ watcher: { token, id, charge }, later }, away) => {
    const socket = connect(shop, token)
    const live = socket.watch('subscription ($id: ID!) { orderUpdated(id: $id) { event } }', { id })
    const toldOf = async (change: () => Promise<unknown>): Promise<string> => {
      await change()
      return (await live.next()).orderUpdated.event
    }
    const cancel = () =>
      ask(shop, 'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code } } }', { id }, token)
    const authenticate = () =>
      fetch(`${shop.provider}/charges/${charge}/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
    try {
      expect((await live.next()).orderUpdated.event).toBe('Snapshot')
      if (away === 'the provider' || away === 'payments') {
        await expectReadable(id, token, away)
        // Nothing can happen to this order now; when it can, the same view tells it.
        later.push(async () => {
          expect(await toldOf(cancel)).toBe('OrderCanceled')
          await socket.close()
        })
        return 'shown'
      }
      // Without products nothing is canceled, but the buyer can act at the provider.
      const [change, told] = away === 'products' ? [authenticate, 'PaymentAuthorized'] : [cancel, 'OrderCanceled']
      const event = await toldOf(change)
      return event === told ? works : event
    } catch (error) {
      return (error as Answer).code === 'UNAVAILABLE' ? refused : String(error)
    } finally {
      if (later.length === 0) await socket.close()
    }
  },
}

interface Cell {
  readonly outcome: string
  readonly ms: number
}

/** Until each unit has noticed what is away; tells what they say at last. */
const untilSaid = async (away: Dependency | null): Promise<Record<string, Answer>> => {
  let said: Record<string, Answer> = {}
  const areNamed = async (): Promise<void> => {
    said = await shop.health()
    for (const [unit, { failing }] of Object.entries(said)) expect([unit, failing]).toEqual([unit, missing(away, unit)])
  }
  await vi.waitFor(areNamed, { timeout: 10_000, interval: 100 })
  return said
}

/** All does again what it should, and has for a moment. */
const untilWell = async (): Promise<void> => {
  const isWell = async (): Promise<boolean> => {
    const answers: Answer[] = [
      await ask(shop, page),
      await ask(shop, 'mutation { continueAsGuest { session { accessToken } } }'),
    ]
    const token = answers[1].data?.continueAsGuest?.session?.accessToken
    if (!token) return false
    answers.push(
      await ask(
        shop,
        '{ cart { id totals { total { amount } } } orders(first: 1) { nodes { id payments { id } } } }',
        {},
        token,
      ),
    )
    return answers.every(({ errors, extensions }) => errors === undefined && extensions?.stale === undefined)
  }
  await vi.waitFor(async () => expect(await isWell()).toBe(true), { timeout: 20_000, interval: 100 })
}

describe.each(dependencies)('without %s', (away) => {
  const cells = new Map<Row, Cell>()
  let said: Record<string, Answer> = {}
  beforeAll(async () => {
    if (away === 'Redis' && !hasRedis()) return
    const people = await gather()
    await shop.switches[away].off()
    try {
      // Whoever would take them out of service for it has done so now.
      said = await untilSaid(away)
      const walks = rows.map(async (row) => {
        const began = performance.now()
        const outcome = await act[row](people, away)
        cells.set(row, { outcome, ms: performance.now() - began })
      })
      await Promise.all(walks)
    } finally {
      await shop.switches[away].on()
    }
    await untilWell()
    for (const follow of people.later) await follow()
  })

  test.skipIf(away === 'Redis' && !hasRedis())(`matrix: without ${away} every unit stays ready, and names it`, () => {
    expect(Object.keys(said)).toHaveLength(8)
    for (const [unit, health] of Object.entries(said))
      expect([unit, health]).toEqual([unit, { ready: true, failing: missing(away, unit) }])
  })

  test.skipIf(away === 'Redis' && !hasRedis()).each(rows.map((row, index) => [row, matrix[away][index]!] as const))(
    `matrix: %s without ${away}: %s`,
    (row, expected) => {
      const { outcome, ms } = cells.get(row)!
      expect(outcome).toBe(expected)
      if (outcome === refused) expect(ms).toBeLessThan(refusedWithin)
    },
  )
})
