import { ask, connect, get, type TestShop } from './client.ts'
import { addLine, guest, placeOrder, someVariants } from './people.ts'
import { seriesOf } from './series.ts'

/** What a process holds on to: each of it is the same again once nobody asks for anything (L7). */
export interface Held {
  readonly descriptors: number
  readonly timers: number
}

/** What a process says that it holds; `output`: what it has printed, with the address of its metrics. */
export const heldBy = async (output: string): Promise<Held> => {
  const [url = ''] = /http:\S+\/metrics/.exec(output) ?? []
  const text = await (await fetch(url)).text()
  return {
    descriptors: seriesOf(text, 'process_open_fds'),
    timers: seriesOf(text, 'nodejs_active_resources{type="Timeout"}'),
  }
}

/** Somebody looks around, fills a cart and watches it; on the way things are refused. */
const visit = async (shop: TestShop, variantId: string, buys: boolean): Promise<void> => {
  const token = await guest(shop)
  const socket = connect(shop, token)
  const cart = socket.watch('subscription { cartUpdated { seq cart { lines { variant { title } } } } }')
  const stock = socket.watch('subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { variant { sku } } }', {
    ids: [variantId],
  })
  await Promise.all([cart.next(), stock.next()])
  // Without sellers: who has seen them goes on seeing them while users is away.
  await get(shop, '{ products(first: 5) { nodes { title variants { price { amount { amount } } } } } }')
  await addLine(shop, token, variantId)
  await addLine(shop, token, 'var_unknown')
  await ask(shop, '{ nothing }')
  if (buys) {
    const { order } = await placeOrder(shop, token)
    await socket.watch('subscription ($id: ID!) { orderUpdated(id: $id) { event } }', { id: order.id }).next()
  }
  await socket.close()
}

/** So many visits, five at a time; every third one ends with an order. */
export const visits = async (shop: TestShop, count: number): Promise<void> => {
  const [variant] = (await someVariants(shop)).toSorted((a, b) => b.left - a.left)
  let begun = 0
  const visitor = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      await visit(shop, variant!.id, begun % 3 === 0)
    }
  }
  await Promise.all(Array.from({ length: 5 }, visitor))
}
