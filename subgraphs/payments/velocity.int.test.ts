import { expect, test } from 'vitest'
import { hours, minutes } from '#kernel/time.ts'
import { startTestProvider, startWorld, type WorldOptions } from './testing.ts'

interface Try {
  readonly buyer?: string
  readonly token?: string
  readonly address?: string | null
}

const start = async (options: Pick<WorldOptions, 'pause'> = {}) => {
  const world = await startWorld({ provider: await startTestProvider(), timeoutMs: 5_000, ...options })
  let orders = 0
  /** `provider`: it was asked, so there is a payment. */
  const attempt = async ({ buyer, token, address }: Try) => {
    orders += 1
    const { payment, userErrors } = await world.paying.authorize({
      orderId: `ord_${orders}`,
      ownerId: buyer ?? `gst_${orders}`,
      amount: { amount: '10.00', currencyCode: 'EUR' },
      provider: 'sandbox',
      token: token ?? `tok_stolen_${orders}`,
      clientAddress: address === undefined ? `203.0.${Math.floor(orders / 250)}.${orders % 250}` : address,
    })
    return { provider: payment !== null, codes: userErrors.map(({ code }) => code) }
  }
  const hundred = (of: Try) => Array.from({ length: 100 }, () => () => attempt(of))
  const inRow = async (attempts: readonly (() => ReturnType<typeof attempt>)[]) => {
    const results = []
    for (const each of attempts) results.push(await each())
    return results
  }
  return { ...world, attempt, hundred, inRow }
}

const tried = (results: readonly { provider: boolean }[]) => results.filter(({ provider }) => provider).length

test.each<[string, Try, number]>([
  ['buyer', { buyer: 'usr_1' }, 5],
  ['network, with a new guest each', { address: '198.51.100.7' }, 10],
  ['IPv6 network, with a new guest each', { address: '2001:db8:1:2::7' }, 10],
  ['card, by many from everywhere', { token: 'tok_declined' }, 10],
])(
  'given 100 refused cards of one %s, then at most 10 reach the provider, and all are told PAYMENT_DECLINED (threat: card testing)',
  async (_, of, most) => {
    const { hundred, inRow } = await start()
    const results = await inRow(hundred(of))
    expect(tried(results)).toBe(most)
    expect(new Set(results.flatMap(({ codes }) => codes))).toEqual(new Set(['PAYMENT_DECLINED']))
  },
)

test('given 100 refused cards of one network at once, then at most 10 reach the provider as well (threat: card testing)', async () => {
  // Who waits looks again when an attempt has ended, however long the provider takes: nobody goes in because the half second is over.
  let ended = Promise.withResolvers<void>()
  const { hundred } = await start({ pause: () => ended.promise })
  const tryOne = async (attempt: ReturnType<typeof hundred>[number]) => {
    const result = await attempt()
    if (result.provider) {
      ended.resolve()
      ended = Promise.withResolvers()
    }
    return result
  }
  const results = await Promise.all(hundred({ address: '198.51.100.7' }).map(tryOne))
  expect(tried(results)).toBe(10)
})

test('given a shop with all its buyers behind one address, then good cards pass, all at once, and pay for some refused ones', async () => {
  const { attempt } = await start()
  const address = '198.51.100.7'
  const good = () => attempt({ address, token: 'tok_ok' })
  expect(tried(await Promise.all(Array.from({ length: 100 }, good)))).toBe(100)
  for (let round = 0; round < 30; round++) {
    expect((await attempt({ address, token: `tok_typo_${round}` })).provider).toBe(true)
    expect((await good()).codes).toEqual([])
  }
})

test('given a network that is slowed down, then others go on, and after an hour so does it', async () => {
  const { attempt, hundred, inRow, clock } = await start()
  await inRow(hundred({ address: '198.51.100.7' }))
  expect((await attempt({ address: '198.51.100.8', token: 'tok_ok' })).codes).toEqual([])
  expect((await attempt({ address: null, token: 'tok_ok' })).codes).toEqual([])
  expect((await attempt({ address: '198.51.100.7', token: 'tok_ok' })).provider).toBe(false)
  clock.advance(minutes(6) + 1)
  expect(tried(await inRow(hundred({ address: '198.51.100.7' })))).toBe(1)
  clock.advance(hours(1))
  expect((await attempt({ address: '198.51.100.7', token: 'tok_ok' })).codes).toEqual([])
})

test('given a buyer who was refused five times, then a good card waits for the pause, and ends the row', async () => {
  const { attempt, clock } = await start()
  const buyer = 'usr_1'
  for (let round = 0; round < 5; round++) await attempt({ buyer })
  expect((await attempt({ buyer, token: 'tok_ok' })).provider).toBe(false)
  clock.advance(20_001)
  expect((await attempt({ buyer, token: 'tok_ok' })).codes).toEqual([])
  for (let round = 0; round < 4; round++) expect((await attempt({ buyer })).provider).toBe(true)
})
