import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { startProvider } from '../../provider/server.ts'
import { type Answer, ask, get } from '../client.ts'
import { addLine, guest, offer, orderFields, orderInput, setDestination, signIn, unitsLeft } from '../people.ts'
import { freePorts } from '../ports.ts'
import { providerSecret, startTogether } from '../shop.ts'

/** The promise is about 60 s and 10 checkouts a second; every change is tried with a moment of it. */
const [crowd, perSecond] = inject('thorough') ? [600, 10] : [8, 10]

let shop: Awaited<ReturnType<typeof startTogether>>
let provider: Awaited<ReturnType<typeof startProvider>>
let comeBack: () => ReturnType<typeof startProvider>
let books: string
beforeAll(async () => {
  books = await mkdtemp(join(tmpdir(), 'provider-'))
  const [port] = await freePorts(1)
  comeBack = () => startProvider({ host: '127.0.0.1', port: port!, secret: providerSecret, file: join(books, 'books') })
  provider = await comeBack()
  const env = { PROVIDER_URL: provider.url, PROVIDER_SECRET: providerSecret, PROVIDER_TIMEOUT_MS: '5000' }
  shop = await startTogether(env)
})
afterAll(async () => {
  await shop?.stop()
  await provider?.stop()
  await rm(books, { recursive: true, force: true })
})

interface Buyer {
  readonly token: string
  readonly input: object
}

const place = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { ${orderFields} } userErrors { code } } }`

/** Orders, and how long the answer took. */
const order = async ({ token, input }: Buyer): Promise<Answer> => {
  const began = performance.now()
  const { data, errors } = await ask(shop, place, { input }, token)
  if (errors) throw new Error(JSON.stringify(errors))
  return { ...data.placeOrder, tookMs: performance.now() - began }
}

const cancel =
  'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }'

test(`given the provider is away, when ${crowd} buyers order, then each is told so within 6 s and sees it at the order; when it is back, all is paid once within 30 s (F5, I8, I9)`, async () => {
  const product = await offer(shop, await signIn(shop, lanternHouse), { stock: crowd })
  const buyers: Buyer[] = []
  for (let n = 0; n < crowd; n++) {
    const token = await guest(shop)
    await addLine(shop, token, product.variantIds[0]!)
    buyers.push({ token, input: orderInput(await setDestination(shop, token)) })
  }
  await provider.stop()

  const told = await Promise.all(
    buyers.map(async (buyer, index) => {
      await setTimeout((1_000 / perSecond) * index)
      return order(buyer)
    }),
  )
  expect(Math.max(...told.map(({ tookMs }) => tookMs))).toBeLessThan(6_000)
  for (const { order, userErrors } of told) {
    expect(userErrors).toEqual([{ code: 'PAYMENT_UNAVAILABLE' }])
    expect(order.status).toBe('AWAITING_PAYMENT')
    const step = { name: 'AUTHORIZE_PAYMENT', status: 'RUNNING', reason: 'PAYMENT_UNAVAILABLE' }
    expect(order.checkout.steps).toContainEqual(step)
  }
  const [fickle] = buyers
  const { cancelOrder } = await get(shop, cancel, { input: { id: told[0].order.id } }, fickle!.token)
  expect(cancelOrder).toEqual({ order: { status: 'CANCELED' }, userErrors: [] })

  provider = await comeBack()
  const backAt = performance.now()
  const others = buyers.slice(1).map(({ token }, index) => ({ token, id: told[index + 1].order.id as string }))
  await expect
    .poll(() => unsettled(others), { timeout: 30_000 - (performance.now() - backAt), interval: 500 })
    .toEqual([])
  const moved = Map.groupBy(provider.movements(0, 10_000), ({ reference }) => reference)
  expect([...moved.keys()].toSorted()).toEqual(others.map(({ id }) => id).toSorted())
  for (const movements of moved.values()) expect(movements.map(({ op }) => op)).toEqual(['authorize', 'charge'])
  expect(await unitsLeft(shop, product.slug)).toBe(1)
}, 180_000)

/** The ids of those orders that are not confirmed yet. */
const unsettled = async (orders: readonly { token: string; id: string }[]): Promise<string[]> => {
  const open: string[] = []
  for (const { token, id } of orders) {
    const { order: found } = await get(shop, 'query ($id: ID!) { order(id: $id) { status } }', { id }, token)
    if (found.status !== 'CONFIRMED') open.push(id)
  }
  return open
}
