import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buyer, guest, start } from './testing.ts'

const seeds = Array.from({ length: 10 }, (_, index) => index + 1)
const requests = 24

/** Numbers that a seed gives, the same ones every time. */
const numbersOf = (seed: number, max: number): number[] =>
  fc.sample(fc.integer({ min: 0, max: max - 1 }), { seed, numRuns: requests })

test.each(seeds)(
  'C5, C6, C7: given requests of two buyers with three keys and two inputs in two processes at once (seed %i), then each buyer has one order, sold and charged once, and all others are told of it',
  async (seed) => {
    const shop = await start()
    const processes = [shop, await shop.another()] as const
    shop.shop.fill(guest.id, { var_a: 2 })
    const [keys, inputs, places, buyers] = [1, 2, 3, 4].map((part) => numbersOf(10 * seed + part, part === 1 ? 3 : 2))
    const sent = Array.from({ length: requests }, async (_, n) => {
      const viewer = buyers?.[n] === 0 ? buyer : guest
      const change = { idempotencyKey: `key-${keys?.[n]}`, email: `${inputs?.[n]}@example.test` }
      return { viewer, told: await processes[places?.[n] === 0 ? 0 : 1].order(viewer, change) }
    })
    const answers = await Promise.all(sent)
    const rows = await shop.rows()
    expect(rows.map(({ ownerId }) => ownerId).toSorted()).toEqual([guest.id, buyer.id].toSorted())
    for (const { viewer, told } of answers) {
      const row = rows.find(({ ownerId }) => ownerId === viewer.id)
      const code = told.userErrors[0]?.code ?? told.order?.status
      expect(['CONFIRMED', 'CART_ALREADY_ORDERED', 'IDEMPOTENCY_KEY_REUSED']).toContain(code)
      expect(told.order?.id ?? null).toBe(code === 'IDEMPOTENCY_KEY_REUSED' ? null : row?._id)
    }
    for (const { _id } of rows) expect(shop.shop.payments.rows.get(_id as never)?.charged).toBe(1)
    expect(shop.left()).toBe(6)
  },
)
