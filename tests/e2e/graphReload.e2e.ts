import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { makeLog } from '../../platform/log.ts'
import { type Answer, ask, get, type TestShop } from '../client.ts'
import { addLine, guest, someVariants } from '../people.ts'
import { joinSocket } from '../rawSocket.ts'
import { startTogether } from '../shop.ts'

const whole = await readFile('schema/supergraph.graphql', 'utf8')
/** The graph as it was before `vendor` was thought of. */
const earlier = whole.replace(/"""[^"]*"""\n {2}vendor: String @tag\(name: "public"\)\n/, '')
const vendors = '{ products(first: 1) { nodes { id vendor } } }'
const titles = '{ products(first: 2) { nodes { title seller { id } variants { price { amount { amount } } } } } }'

let folder: string
let file: string
let shop: TestShop
const lines: string[] = []

/** Another graph takes the place of the one in the file, whole at once, as a deployment does it. */
const deploy = async (text: string): Promise<void> => {
  await writeFile(`${file}.next`, text)
  await rename(`${file}.next`, file)
}

const knowsVendors = async (): Promise<boolean> => (await ask(shop, vendors)).errors === undefined
const becomes = (known: boolean) => vi.waitUntil(async () => (await knowsVendors()) === known, { timeout: 30_000 })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emporion-graph-'))
  file = join(folder, 'supergraph.graphql')
  await deploy(earlier)
  const log = makeLog('warn', { write: (line) => void lines.push(line) })
  shop = await startTogether({ SUPERGRAPH_FILE: file }, { log })
})
afterEach(async () => {
  await deploy(earlier)
  await becomes(false)
})
afterAll(async () => {
  await shop?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('given people who ask without a pause, when a field is added to the graph, then it is there without a restart, and no request fails', {
  timeout: 60_000,
}, async () => {
  expect((await ask(shop, vendors)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  let over = false
  let answered = 0
  const failures: unknown[] = []
  const asking = Array.from({ length: 4 }, async () => {
    while (!over) {
      const { errors } = await ask(shop, titles).catch((error: unknown) => ({ errors: [error] }))
      if (errors) failures.push(errors)
      answered += 1
    }
  })
  await deploy(whole)
  await becomes(true)
  const before = answered
  await expect.poll(() => answered).toBeGreaterThan(before + 10)
  over = true
  await Promise.all(asking)
  expect(failures).toEqual([])
  expect((await get(shop, vendors)).products.nodes).toHaveLength(1)
})

test('given a stock client that watches its cart, when the graph is replaced, then its socket is closed with 1012, it comes back by itself and misses nothing', {
  timeout: 60_000,
}, async () => {
  const [token, [variant]] = [await guest(shop), await someVariants(shop)]
  await addLine(shop, token, variant!.id)
  const seen: Answer[] = []
  const closed: { code: number; reason: string }[] = []
  const client = createClient({
    url: `${shop.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryWait: async () => undefined,
    on: { closed: (event) => void closed.push(event as (typeof closed)[number]) },
  })
  client.subscribe<Answer>(
    { query: 'subscription { cartUpdated { cart { lines { quantity } } } }' },
    { next: ({ data }) => void seen.push(data.cartUpdated.cart.lines[0]?.quantity), error: vi.fn(), complete: vi.fn() },
  )
  await expect.poll(() => seen).not.toEqual([])
  await deploy(whole)
  await expect.poll(() => closed).not.toEqual([])
  expect(closed[0]).toMatchObject({ code: 1012, reason: 'The schema has changed' })
  await addLine(shop, token, variant!.id)
  await expect.poll(() => seen.at(-1)).toBe(2)
  await client.dispose()
})

test.each([
  ['a broken file', (text: string) => text.slice(0, text.length / 2)],
  ['a graph with a subgraph that nobody knows', (text: string) => text.replace('name: "cart"', 'name: "carts"')],
  ['a graph that contradicts itself', (text: string) => text.replace('type Product\n', 'type Produkt\n')],
  ['cost directives that cannot be read', (text: string) => text.replace('assumedSize: 3', 'assumedSize: "many"')],
])(
  'given %s, when it takes the place of the graph, then one line says so and nothing has changed',
  async (_, spoil) => {
    const { socket } = await joinSocket(shop, await guest(shop))
    lines.splice(0)
    await deploy(spoil(whole))
    // A slow machine has other warnings to give.
    const refusals = () => lines.filter((line) => line.includes('the new graph cannot be used'))
    await expect.poll(refusals).not.toEqual([])
    expect(await knowsVendors()).toBe(false)
    expect((await ask(shop, titles)).errors).toBeUndefined()
    expect(socket.readyState).toBe(WebSocket.OPEN)
    expect(refusals()).toHaveLength(1)
    socket.close()
  },
)
