import { setTimeout } from 'node:timers/promises'
import { connect } from '../../client.ts'
import { type Follower, follow } from '../../fleet/followers.ts'
import type { Crowd } from './crowd.ts'

/** A change that somebody watched: how long it took from the answer of the mutation until the other gateway told it; null: it never did. */
export interface Heard {
  readonly what: 'cart' | 'order'
  readonly at: number
  readonly ms: number | null
}

/** After so long a change counts as missed. */
const patienceMs = 10_000
const carts = 8
/** Pauses between two changes of one cart, and between two orders that are watched. */
const changeEveryMs = 2_000
const orderEveryMs = 3_000

const liveOrder = 'subscription ($id: ID!) { told: orderUpdated(id: $id) { seq order { status } } }'

/** Carts and orders that are changed anywhere and watched at the last gateway. */
export const watchViews = async (gateways: readonly string[], crowd: Crowd, began: number) => {
  const url = gateways.at(-1) ?? ''
  const heard: Heard[] = []
  const followers: Follower[] = []
  const closing = new AbortController()
  const rest = (ms: number) => setTimeout(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  const watchCart = async (index: number): Promise<void> => {
    const own = await crowd.cart()
    if (!own) throw new Error('a cart to watch could not be had')
    let newest = 0
    let wake = Promise.withResolvers<void>()
    followers.push(
      follow(url, own.token, (seq) => {
        newest = seq
        wake.resolve()
      }),
    )
    await rest((index * changeEveryMs) / carts)
    for (let quantity = 2; !closing.signal.aborted; quantity = (quantity % 5) + 1) {
      const changed = await crowd.change(own.token, { lineId: own.lineId, quantity })
      const at = performance.now()
      const late = setTimeout(patienceMs, null)
      while (changed && newest < changed.cart.version && performance.now() - at < patienceMs) {
        await Promise.race([wake.promise, late])
        wake = Promise.withResolvers()
      }
      const isHeard = changed && newest >= changed.cart.version
      if (changed) heard.push({ what: 'cart', at: at - began, ms: isHeard ? performance.now() - at : null })
      await rest(changeEveryMs)
    }
  }

  const watchOrder = async (): Promise<void> => {
    const bought = await crowd.buy()
    if (!bought) return
    const device = connect({ url, stop: async () => undefined }, bought.token)
    try {
      const live = device.watch(liveOrder, { id: bought.order })
      await live.next()
      if (!(await crowd.cancel(bought))) return
      const at = performance.now()
      const isTold = await live.until(({ told }) => told.order.status === 'CANCELED').catch(() => null)
      heard.push({ what: 'order', at: at - began, ms: isTold ? performance.now() - at : null })
    } finally {
      await device.close()
    }
  }

  const watchOrders = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      // A subscription that is refused is a view that was not had.
      await watchOrder().catch(() => heard.push({ what: 'order', at: performance.now() - began, ms: null }))
      await rest(orderEveryMs)
    }
  }
  const running = Promise.all([...Array.from({ length: carts }, (_, index) => watchCart(index)), watchOrders()])
  running.catch(() => undefined)
  return {
    heard,
    stop: async (): Promise<void> => {
      closing.abort()
      await running
      await Promise.all(followers.map((follower) => follower.stop()))
    },
  }
}

export type Views = Awaited<ReturnType<typeof watchViews>>
