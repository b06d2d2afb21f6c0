import { setTimeout } from 'node:timers/promises'
import { type Answer, ask } from '../../client.ts'
import { address, orderInput } from '../../people.ts'
import type { Operation } from '../history.ts'
import type { Random } from '../random.ts'

/** One request, sent once: nobody asks again. */
export interface Asked {
  readonly kind: 'browse' | 'cart' | 'checkout'
  /** Milliseconds since the run began, and until the answer came. */
  readonly at: number
  readonly ms: number
  /** `ok`, or what it was told instead. */
  readonly told: string
}

export interface CrowdOptions {
  readonly gateways: readonly string[]
  readonly random: Random
  readonly variantIds: readonly string[]
  /** Epoch of the run, of `performance.now()`. */
  readonly began: number
  /** Checkouts that begin in a second; six times as many browse. */
  readonly rate: number
}

const noStop = async (): Promise<void> => undefined
const browse =
  '{ told: products(first: 10) { nodes { title variants { price { amount { amount } } availability { left } } } } }'
const guest = 'mutation { told: continueAsGuest { session { accessToken } userErrors { code } } }'
const line =
  'mutation ($input: AddCartLineInput!) { told: addCartLine(input: $input) { cart { version lines { id } } userErrors { code } } }'
const change =
  'mutation ($input: UpdateCartLineInput!) { told: updateCartLine(input: $input) { cart { version } userErrors { code } } }'
const destination =
  'mutation ($input: SetCartDestinationInput!) { told: setCartDestination(input: $input) { cart { totals { total { amount currencyCode } } } userErrors { code } } }'
const place =
  'mutation ($input: PlaceOrderInput!) { told: placeOrder(input: $input) { order { id status } accessToken userErrors { code } } }'
const cancel =
  'mutation ($input: CancelOrderInput!) { told: cancelOrder(input: $input) { order { id status } userErrors { code } } }'

/** People of all kinds. Each request goes to the next gateway. */
export const makeCrowd = ({ gateways, random, variantIds, began, rate }: CrowdOptions) => {
  const asked: Asked[] = []
  const history: Operation[] = []
  let turn = 0

  /** What was told; null when it was no good answer, and written down in any case. */
  const send = async (kind: Asked['kind'], query: string, variables: object, token?: string): Promise<Answer> => {
    const url = gateways[turn++ % gateways.length] ?? ''
    const at = performance.now()
    const note = (told: string) => asked.push({ kind, at: at - began, ms: performance.now() - at, told })
    try {
      const { data, errors } = await ask({ url, stop: noStop }, query, variables, token)
      const told = errors?.[0]?.extensions?.code ?? data?.told?.userErrors?.[0]?.code ?? 'ok'
      note(told)
      return told === 'ok' ? data.told : null
    } catch {
      note('no answer')
      return null
    }
  }

  const cart = async () => {
    const token: string | undefined = (await send('cart', guest, {}))?.session.accessToken
    if (!token) return null
    const added = await send('cart', line, { input: { variantId: random.pick(variantIds), quantity: 1 } }, token)
    return added && { token, lineId: added.cart.lines[0].id as string }
  }

  const buy = async () => {
    const token = (await cart())?.token
    const stated = token && (await send('cart', destination, { input: { shippingAddress: address } }, token))
    if (!token || !stated) return null
    const input = orderInput(stated.cart.totals.total)
    const at = performance.now()
    const placed = await send('checkout', place, { input }, token)
    const told: string = placed?.order?.status ?? 'no order'
    const isConfirmed = told === 'CONFIRMED'
    const times = { beganAt: at - began, tookMs: performance.now() - at }
    const order: string | null = placed?.order?.id ?? null
    const outcome = isConfirmed ? 'ok' : 'unknown'
    history.push({ what: 'place', key: input.idempotencyKey, ...times, outcome, order, told })
    return order && { token, order, key: input.idempotencyKey }
  }

  const open = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const every = async (perSecond: number, work: () => Promise<unknown>): Promise<void> => {
    const from = performance.now()
    for (let n = 0; !closing.signal.aborted; n++) {
      const one: Promise<unknown> = work().finally(() => open.delete(one))
      open.add(one)
      await setTimeout(Math.max(0, from + ((n + 1) * 1_000) / perSecond - performance.now()))
    }
  }
  let running: Promise<unknown> = Promise.resolve()

  return {
    asked,
    history,
    /** A guest with something in the cart; null when that was refused. */
    cart,
    buy,
    change: (token: string, input: object) => send('cart', change, { input }, token),
    cancel: async ({ token, order, key }: { readonly token: string; readonly order: string; readonly key: string }) => {
      const at = performance.now()
      const told = (await send('cart', cancel, { input: { id: order } }, token))?.order?.status ?? 'no answer'
      const times = { beganAt: at - began, tookMs: performance.now() - at }
      history.push({ what: 'cancel', key, ...times, outcome: told === 'CANCELED' ? 'ok' : 'unknown', order, told })
      return told === 'CANCELED'
    },
    begin: (): void => {
      running = Promise.all([every(rate * 6, () => send('browse', browse, {})), every(rate, buy)])
    },
    /** No more come; waits for those who are there. */
    close: async (): Promise<void> => {
      closing.abort()
      await running
      await Promise.all(open)
    },
  }
}

export type Crowd = ReturnType<typeof makeCrowd>
