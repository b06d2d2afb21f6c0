import { describe, expect, test } from 'vitest'
import { minutes } from '#kernel/time.ts'
import { addLine, type Cart, close, newCart } from './cart.ts'
import { hear, type News, type VariantNews } from './news.ts'

const added = minutes(10)
const later = minutes(20)
const cart = ['A', 'B'].reduce<Cart>(
  (each, variantId) => addLine(each, { id: `line_${variantId}`, variantId, quantity: 1 }, added),
  newCart('cart_1', { id: 'usr_1', kind: 'user' }, { currency: 'EUR', afterVersion: 0, now: 0 }),
)
const at = (time: number): News => ({ at: time, changedAt: time })
const price = (variantId: string, time: number, currency = 'EUR'): VariantNews => ({
  variantId,
  prices: { [currency]: at(time) },
  availability: null,
})
const told = (before: Cart, ...news: VariantNews[]): string[] =>
  hear(before, news, later)
    .changes.slice(before.changes.length)
    .map(({ seq, reason }) => `${seq} ${reason}`)

describe('hear', () => {
  test('given a price that was set after its line was added, then the cart moves on once, with its reason', () => {
    expect(told(cart, price('A', later))).toEqual(['3 PRICE_CHANGED'])
    const heard = hear(cart, [price('A', later)], later)
    expect(hear(heard, [price('A', later)], later)).toBe(heard)
    expect(told(heard, price('A', later + 1))).toEqual(['4 PRICE_CHANGED'])
  })

  test('given news of several lines, then it is one change for each kind', () => {
    const both: VariantNews = { ...price('B', later), availability: at(later) }
    expect(told(cart, price('A', later), both)).toEqual(['3 PRICE_CHANGED', '4 AVAILABILITY_CHANGED'])
  })

  test.each([
    ['in another currency', [price('A', later, 'USD')]],
    ['of a variant that is not in it', [price('C', later)]],
    ['from before the line was added', [price('A', added - minutes(1))]],
    ['of nothing', []],
  ])('given news %s, then the same cart', (_, news) => {
    expect(hear(cart, news, later)).toBe(cart)
  })

  test('given news from the moment when the line was added, then it is told: clocks differ a little', () => {
    expect(told(cart, price('A', added - 1_000))).toEqual(['3 PRICE_CHANGED'])
  })

  test('given a cart that is no longer open, then it hears nothing; given an open one, then it does not live longer for it', () => {
    const ordered = close(cart, 'ord_1', added)
    expect(hear(ordered, [price('A', later)], later)).toBe(ordered)
    expect(hear(cart, [price('A', later)], later)).toMatchObject({
      updatedAt: cart.updatedAt,
      expiresAt: cart.expiresAt,
      version: 3,
    })
  })
})
