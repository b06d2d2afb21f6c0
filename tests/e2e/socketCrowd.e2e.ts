import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, makeClient } from '../../bench/client.ts'
import { makeStockChange } from '../../bench/sockets/changes.ts'
import { type Crowd, gather, makeCrowd } from '../../bench/sockets/crowd.ts'
import { measureBroadcast, measureTargeted, spreadOf } from '../../bench/sockets/measures.ts'
import { measureStorm } from '../../bench/sockets/storm.ts'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { offer, signIn } from '../people.ts'
import { startTogether } from '../shop.ts'

/** The crowd of `npm run bench:sockets`, twenty times smaller; the bars are those of ten thousand. */
const size = 500

let shop: Awaited<ReturnType<typeof startTogether>>
let client: Client
let crowd: Crowd
let variantId: string
let change: () => Promise<void>

beforeAll(async () => {
  shop = await startTogether({ SOCKETS_PER_ADDRESS: String(size), COST_BUCKET: '1000000000' })
  client = makeClient(shop.url, 8)
  const token = await signIn(shop, lanternHouse)
  const { variantIds } = await offer(shop, token, { stock: 10_000 })
  variantId = variantIds[0]!
  change = makeStockChange(client.ask, { variantId, token })
  crowd = await makeCrowd({ url: shop.url, ask: client.ask, size, variantId })
  await gather(crowd)
})
afterAll(async () => {
  for (const watcher of crowd?.all ?? []) watcher.cut()
  await client?.close()
  await shop?.stop()
})

test('given 500 subscribers, when one cart changes, then its owner hears of it at once; when the stock changes, then all who watch it do (L3)', async () => {
  const targeted = await measureTargeted(crowd, { ask: client.ask, variantId, samples: 20 })
  expect(targeted.p50).toBeLessThan(500)
  const told = spreadOf(await measureBroadcast(crowd, { change, rounds: 3, audience: crowd.stocks }))
  expect(told.count).toBe(3 * crowd.stocks.length)
  expect(told.p50).toBeLessThan(2_000)
})

test('given all are cut at once, while carts and stock change, when they come back, then all are served, and nobody has missed a state (L4)', async () => {
  const stormy = { ask: client.ask, variantId, changeStock: change, random: Math.random, jitterMs: 1_000 }
  const storm = await measureStorm(crowd, stormy)
  expect(storm.missed).toBe(0)
  expect(storm.back.count).toBe(size)
  expect(storm.back.max).toBeLessThan(20_000)
})

test('given one in a hundred stops reading, when the stock changes, then all others hear of it (L6)', async () => {
  const stuck = crowd.stocks.slice(0, 5)
  for (const watcher of stuck) watcher.stopReading()
  const audience = crowd.stocks.slice(stuck.length)
  const told = await measureBroadcast(crowd, { change, rounds: 5, audience })
  expect(told).toHaveLength(5 * audience.length)
})
