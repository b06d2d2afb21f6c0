import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { armCrashPoint, type CrashPoint, crashPoints } from '../../platform/crashPoint.ts'
import { type Answer, ask, type TestShop } from '../client.ts'
import { startMortal } from '../mortalShop.ts'
import { address, offer, orderInput, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'
import { settled } from '../verified.ts'

/**
 * Proved where they can be brought about: webhooks that are first, a difference between the books (`subgraphs/payments`), several locations (`subgraphs/products`), mails, for which no
 * story waits (`workers/emails/`, `mails.e2e.ts`).
 */
const elsewhere: ReadonlySet<CrashPoint> = new Set([
  'payments.webhookStored',
  'payments.webhookApplied',
  'payments.differenceFound',
  'products.partTaken',
  'products.locationWritten',
  'mails.written',
  'mails.delivered',
])
const points = Object.keys(crashPoints).filter((name): name is CrashPoint => !elsewhere.has(name as CrashPoint))

/** People and goods of one shop. */
interface Stage {
  readonly shop: TestShop
  readonly support: string
  /** Two that there are, and one that is sold out. */
  readonly variantIds: readonly string[]
  /** Settles while the shop works: nobody asks one that is known to be dead. */
  readonly whenOpen: () => Promise<void>
}

const setTheStage = async (
  shop: TestShop & { callAs: (name: string) => (...args: Answer[]) => Promise<Answer> },
  whenOpen: Stage['whenOpen'] = async () => undefined,
): Promise<Stage> => {
  await whenOpen()
  const seller = await signIn(shop, lanternHouse)
  const some = await offer(shop, seller, { stock: 100_000, variants: 2 })
  const none = await offer(shop, seller, { stock: 0 })
  const person = await signUp(shop)
  const query = 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { userErrors { code } } }'
  await shop.callAs('admin')('users', { query, variables: { input: { email: person.email } } })
  return { shop, support: await signIn(shop, person), variantIds: [...some.variantIds, ...none.variantIds], whenOpen }
}

const patienceMs = 60_000

interface Asked {
  readonly variables?: object
  readonly token?: string
  readonly until: (told: Answer) => boolean
}

/** Asks the same again until the answer is the one that is awaited, as a client with a key does. */
const persist = async (
  { shop, whenOpen }: Stage,
  query: string,
  { variables, token, until }: Asked,
): Promise<Answer> => {
  // Time in which nobody is there to be asked does not count.
  let left = patienceMs
  let last: unknown = null
  while (left > 0) {
    await whenOpen()
    const began = performance.now()
    last = await ask(shop, query, variables, token).catch(String)
    const told = (last as Answer)?.data?.told
    if (told && until(told)) return told
    await setTimeout(100)
    left -= performance.now() - began
  }
  throw new Error(`${query}: still ${JSON.stringify(last)}`)
}

const insist = (
  stage: Stage,
  [mutation, type, selection]: readonly [string, string, string],
  { input, ...asked }: { input: object } & Omit<Asked, 'variables'>,
): Promise<Answer> =>
  persist(
    stage,
    `mutation ($input: ${type}!) { told: ${mutation}(input: $input) { ${selection} userErrors { code } } }`,
    { variables: { input }, ...asked },
  )

const order = 'order { id status payments { id } }'
const isDone = ({ userErrors }: Answer): boolean => userErrors.length === 0
const has = (status: string) => (told: Answer) => told.order?.status === status

/** A cart with these, and the input to order it with. */
const fill = async (stage: Stage, variantIds: readonly string[], card: string) => {
  const guests = 'mutation { told: continueAsGuest { session { accessToken } userErrors { code } } }'
  const token: string = (await persist(stage, guests, { until: isDone })).session.accessToken
  for (const variantId of variantIds)
    await insist(stage, ['addCartLine', 'AddCartLineInput', ''], {
      input: { variantId, quantity: 1 },
      token,
      until: isDone,
    })
  const { cart } = await insist(
    stage,
    ['setCartDestination', 'SetCartDestinationInput', 'cart { totals { total { amount currencyCode } } }'],
    {
      input: { shippingAddress: address },
      token,
      until: ({ cart: filled }) => filled?.totals?.total,
    },
  )
  return { token, input: orderInput(cart.totals.total, card) }
}

const place = (stage: Stage, { token, input }: { token: string; input: object }, until: (told: Answer) => boolean) =>
  insist(stage, ['placeOrder', 'PlaceOrderInput', order], { input, token, until })

/** Buys two things, gets a part of the money back, cancels; then a card that is declined, and a cart of which one thing is sold out. */
const story = async (stage: Stage): Promise<void> => {
  const [first = '', second = '', none = ''] = stage.variantIds
  const cart = await fill(stage, [first, second], 'tok_ok')
  const bought = await place(stage, cart, has('CONFIRMED'))
  const again = await place(stage, cart, has('CONFIRMED'))
  expect(again.order.id).toBe(bought.order.id)
  const { support: token } = stage
  const amount = { amount: '1.00', currencyCode: 'EUR' }
  const input = { paymentId: bought.order.payments[0].id, amount, idempotencyKey: crypto.randomUUID() }
  await insist(stage, ['refundPayment', 'RefundPaymentInput', ''], { input, token, until: isDone })
  const cancel = { input: { id: bought.order.id }, token, until: has('CANCELED') }
  await insist(stage, ['cancelOrder', 'CancelOrderInput', order], cancel)
  await place(stage, await fill(stage, [first], 'tok_declined'), has('PAYMENT_FAILED'))
  const isSoldOut = ({ userErrors }: Answer) => userErrors[0]?.code === 'OUT_OF_STOCK'
  await place(stage, await fill(stage, [first, second, none], 'tok_ok'), isSoldOut)
}

describe('in one process', () => {
  let shop: Awaited<ReturnType<typeof startTogether>>
  let stage: Stage
  beforeAll(async () => {
    shop = await startTogether({ LOG_LEVEL: 'silent' }, { here: 'it arms crash points in its process' })
    stage = await setTheStage(shop)
  })
  afterAll(() => shop?.stop())

  test.each(points.flatMap((point) => [[point, 'throw'] as const, [point, 'hang'] as const]))(
    'given %s, where a %s happens, when the client asks again with its key, then there is the one order (F1, I14)',
    async (point, way) => {
      const armed = armCrashPoint({ point, nth: 1, way })
      const told = story(stage)
      told.catch(() => undefined)
      try {
        const isReached = await Promise.race([armed.reached.then(() => true), told.then(() => false)])
        expect(isReached).toBe(true)
        // Long enough for others to come and find what hangs.
        if (way === 'hang') await setTimeout(200)
      } finally {
        armed.disarm()
      }
      await told
    },
    patienceMs,
  )

  test('given all these crashes, when the shop has come to rest, then every promise holds (F1, I1-I23)', async () => {
    const { orders } = await settled(shop.snapshot)
    expect(orders.length).toBeGreaterThan(points.length)
  }, 90_000)
})

/** A start of the whole shop for each takes a while: by `THOROUGH=1` all of them, otherwise one in each part of the shop. */
const fatal = inject('thorough')
  ? points
  : points.filter((point, index) => index === points.findIndex((other) => other.split('.')[0] === point.split('.')[0]))

/** Lives that follow each other without a rest: in more of them a client would not get through between two deaths. */
const livesInARow = 5
const rows = Array.from({ length: Math.ceil(fatal.length / livesInARow) }, (_, row) =>
  fatal.slice(row * livesInARow, (row + 1) * livesInARow),
)

describe('in a process that dies', () => {
  let shop: Awaited<ReturnType<typeof startMortal>>
  let stage: Stage
  beforeAll(async () => {
    shop = await startMortal()
    stage = await setTheStage(shop, shop.whenOpen)
  })
  afterAll(() => shop?.stop())

  test.each(rows.map((row) => [row.join(', '), row] as const))(
    'given the shop is killed at %s in turn, then clients with their keys get the one order (F1, F2)',
    async (_, row) => {
      const stories: Promise<void>[] = []
      for (const point of row) {
        const { died } = await shop.doom(point)
        const told = story(stage)
        told.catch(() => undefined)
        stories.push(told)
        // Any of the stories may be the one that gets there.
        const all = Promise.allSettled(stories).then(
          (ends) => `nobody came to ${point}: ${ends.map((end) => (end.status === 'rejected' ? end.reason : 'done'))}`,
        )
        expect(await Promise.race([died, all])).toBe('SIGKILL')
      }
      await shop.doom(null)
      await Promise.all(stories)
    },
    300_000,
  )

  test('given all these deaths, when the shop has come to rest, then every promise holds (F1, I1-I23)', async () => {
    const { orders } = await settled(shop.snapshot)
    expect(orders.length).toBeGreaterThanOrEqual(3 * fatal.length)
  }, 90_000)
})
