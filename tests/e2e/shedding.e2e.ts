import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, connect, get, type RawAnswer, send } from '../client.ts'
import { addLine, guest, placeOrder, someVariants } from '../people.ts'
import { startBehindProxies } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startBehindProxies>>
beforeAll(async () => {
  // Six may browse at once, seven may be anything but a checkout.
  shop = await startBehindProxies({ SHEDDING: 'on', SHED_ABOVE: '10', SUBGRAPH_TIMEOUT_MS: '20000' })
})
afterAll(() => shop?.stop())

const browse = '{ products(first: 1) { totalCount } }'

test('given people who wait for a part that hangs, when there are too many, then those who browse hear 503 at once with the time to come back, over a socket too, while somebody else buys; and all is well when they are told (L1, F9)', async () => {
  const token = await guest(shop)
  const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
  await addLine(shop, token, variant!.id)
  shop.proxies.users.become('hanging')
  // A machine that is late has fewer places for a while: whoever is sent away comes again, and takes each that is free.
  const waiting = Array.from({ length: 6 }, async (_, n): Promise<Answer> => {
    for (;;) {
      const answer = await ask(shop, `{ products(first: ${n + 1}) { nodes { seller { shopName } } } }`)
      if (answer.errors?.[0]?.extensions.code !== 'OVERLOADED') return answer
      await pause(100)
    }
  })
  await expect.poll(() => shop.proxies.users.waiting(), { interval: 5 }).toBeGreaterThan(0)
  const answers: RawAnswer[] = []
  const status = async (): Promise<number> => {
    answers.push(await send(shop, { query: browse }))
    return answers.at(-1)!.status
  }
  await expect.poll(status, { interval: 50 }).toBe(503)

  const { headers, text } = answers.at(-1)!
  expect(headers.get('retry-after')).toBe('1')
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: 'The shop has too much to do; come back in a moment.',
        extensions: { code: 'OVERLOADED', retryable: true, retryAfter: 1 },
      },
    ],
  })
  const socket = connect(shop)
  const heard = () =>
    socket
      .watch(browse)
      .next()
      .then(String, ({ code }) => code)
  await expect.poll(heard, { interval: 50 }).toBe('OVERLOADED')
  await socket.close()
  expect((await placeOrder(shop, token)).order.status).toBe('CONFIRMED')

  // The line is cut: whoever waited is told, and gives the place back.
  shop.proxies.users.become('down')
  const told = (await Promise.all(waiting)).map(({ errors }) => errors?.[0]?.extensions.code)
  expect(told).toEqual(Array.from({ length: 6 }, () => 'UNAVAILABLE'))
  await expect.poll(async () => (await send(shop, { query: browse })).status, { interval: 50 }).toBe(200)
  expect((await get(shop, browse)).products.totalCount).toBeGreaterThan(0)
}, 40_000)
