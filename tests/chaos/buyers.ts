import { setTimeout } from 'node:timers/promises'
import { type Answer, ask } from '../client.ts'
import { address, orderInput } from '../people.ts'
import type { Operation } from './history.ts'
import type { Random } from './random.ts'

export interface Buying {
  readonly url: string
  readonly random: Random
  readonly variantIds: readonly string[]
  readonly history: Operation[]
  /** What was answered instead of a cart, as `addCartLine UNAVAILABLE`. */
  readonly stumbles: string[]
  /** Epoch of the run, for times in the history. */
  readonly began: number
  /** The sandbox token that a buyer pays with. */
  readonly means: (random: Random) => string
  /** The buyer does what the provider asks for, on this page. */
  readonly act: (page: string) => Promise<void>
}

/** Tries of one operation: the first and three with the same key (F2). */
const tries = 4
/** 1 s, 3 s, 9 s, with jitter: as long as a part of the shop may need to come back. */
const firstPauseMs = 1_000

/** Declined, out of stock and the like: an answer that will not change. */
const isFinal = (code: string | undefined): boolean =>
  code !== undefined &&
  ![
    'UNAVAILABLE',
    'IN_PROGRESS',
    'CONFLICT',
    'INTERNAL_SERVER_ERROR',
    'PAYMENT_PENDING',
    'PAYMENT_UNAVAILABLE',
    'RATE_LIMITED',
    'OVERLOADED',
  ].includes(code)

/** Most buyers pay, a tenth is declined, and the answer to some comes late. */
export const usualMeans = (random: Random): string => {
  if (random.chance(0.1)) return 'tok_declined'
  return random.chance(0.05) ? 'tok_timeout_after_charge' : 'tok_ok'
}

const noStop = async (): Promise<void> => undefined

/** One request; null when no answer came. */
const request = async ({ url }: Buying, query: string, variables: object, token?: string): Promise<Answer> => {
  try {
    return await ask({ url, stop: noStop }, query, variables, token)
  } catch {
    return null
  }
}

/** The refusal of an answer, or that there was none. */
const codeOf = (answer: Answer): string =>
  answer?.data?.told?.userErrors[0]?.code ?? answer?.errors?.[0]?.extensions?.code ?? 'no answer'

const fields = 'order { id status } userErrors { code }'

const documents = {
  guest: 'mutation { told: continueAsGuest { session { accessToken } userErrors { code } } }',
  line: 'mutation ($input: AddCartLineInput!) { told: addCartLine(input: $input) { userErrors { code } } }',
  destination:
    'mutation ($input: SetCartDestinationInput!) { told: setCartDestination(input: $input) { cart { totals { total { amount currencyCode } } } userErrors { code } } }',
  place: `mutation ($input: PlaceOrderInput!) { told: placeOrder(input: $input) { ${fields} } }`,
  cancel: `mutation ($input: CancelOrderInput!) { told: cancelOrder(input: $input) { ${fields} } }`,
}

/** Not before the answer says, and random, so that not everybody comes back at one moment (gateway/PROTOCOL.md, "Repeating"). */
const pauseAfter = (answer: Answer, least: number, random: Random): number => {
  const asked = 1_000 * (answer?.errors?.[0]?.extensions?.retryAfter ?? 0)
  return Math.max(asked, least) * random.between(1, 1.3)
}

/** What a buyer does before ordering: repeated until it works or patience ends. */
const insist = async (
  buying: Buying,
  what: 'guest' | 'line' | 'destination',
  variables: object,
  token?: string,
): Promise<Answer> => {
  for (let turn = 0; turn < 2 * tries; turn++) {
    const answer = await request(buying, documents[what], variables, token)
    const told = answer?.data?.told
    if (told && told.userErrors.length === 0) return told
    buying.stumbles.push(`${what} ${codeOf(answer)}`)
    await setTimeout(pauseAfter(answer, 200 * (turn + 1), buying.random))
  }
  return null
}

const readAnswer = (answer: Answer): Pick<Operation, 'outcome' | 'order' | 'told' | 'code'> => {
  const told = answer?.data?.told
  const code: string | undefined = told?.userErrors[0]?.code ?? answer?.errors?.[0]?.extensions?.code
  const order: string | null = told?.order?.id ?? null
  if (told && code === undefined && order) return { outcome: 'ok', order, told: told.order.status }
  if (isFinal(code)) return { outcome: 'fail', order, told: told?.order?.status ?? code ?? '', code }
  return { outcome: 'unknown', order, told: code ?? 'no answer', code }
}

/** Asks again with the same key until the outcome is known; every try is written down. */
const persist = async (buying: Buying, what: 'place' | 'cancel', key: string, input: object, token: string) => {
  for (let turn = 0; turn < tries; turn++) {
    const beganAt = performance.now()
    const answer = await request(buying, documents[what], { input }, token)
    const read = readAnswer(answer)
    buying.history.push({ what, key, beganAt: beganAt - buying.began, tookMs: performance.now() - beganAt, ...read })
    if (read.outcome !== 'unknown') return read
    if (turn + 1 < tries) await setTimeout(pauseAfter(answer, firstPauseMs * 3 ** turn, buying.random))
  }
  return null
}

/** Longest wait for an order after its buyer has acted (F6: lost webhooks are made up for). */
const actedMs = 90_000

const look = 'query ($id: ID!) { told: order(id: $id) { status payments { nextAction { url } } } }'

/** Does what the provider asks for, and waits for the order to hear of it: by a webhook, or without one. */
const actOn = async (buying: Buying, { order, key, token }: Record<'order' | 'key' | 'token', string>) => {
  const read = async (): Promise<Answer> => (await request(buying, look, { id: order }, token))?.data?.told
  const page: string | undefined = (await read())?.payments?.[0]?.nextAction?.url
  if (!page) return
  await buying.act(page)
  const began = performance.now()
  let told = ''
  while (told !== 'CONFIRMED' && performance.now() - began < actedMs) {
    await setTimeout(500)
    told = (await read())?.status ?? told
  }
  const outcome = told === 'CONFIRMED' ? 'ok' : 'unknown'
  const times = { beganAt: began - buying.began, tookMs: performance.now() - began }
  buying.history.push({ what: 'act', key, ...times, outcome, order, told })
}

/** One buyer: a cart, an order with some means of payment, sometimes a change of mind. @returns false when it never came to an order. */
export const buy = async (buying: Buying): Promise<boolean> => {
  const { random, variantIds } = buying
  const [means, wish, isFickle] = [buying.means(random), random.pick(variantIds), random.chance(0.1)]
  const token: string | undefined = (await insist(buying, 'guest', {}))?.session.accessToken
  if (!token) return false
  // Retried without a key: a second line would be another unit, and the total says so.
  if (!(await insist(buying, 'line', { input: { variantId: wish, quantity: 1 } }, token))) return false
  const stated = await insist(buying, 'destination', { input: { shippingAddress: address } }, token)
  const total = stated?.cart?.totals?.total
  if (!total) return false
  const input = orderInput(total, means)
  const placed = await persist(buying, 'place', input.idempotencyKey, input, token)
  if (placed?.outcome === 'ok' && placed.told === 'AWAITING_PAYMENT' && placed.order)
    await actOn(buying, { order: placed.order, key: input.idempotencyKey, token })
  if (placed?.outcome === 'ok' && placed.told === 'CONFIRMED' && isFickle)
    await persist(buying, 'cancel', input.idempotencyKey, { id: placed.order }, token)
  return true
}
