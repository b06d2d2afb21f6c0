import { describe, expect, test } from 'vitest'
import { addLine, type Cart, close, maxChanges, newCart, setQuantity } from '../domain/cart.ts'
import { updatesAfter } from './watching.ts'

const now = 0
const owner = { id: 'usr_1', kind: 'user' } as const
const cartAfter = (afterVersion: number): Cart => {
  const empty = newCart(`cart_${afterVersion}`, owner, { currency: 'EUR', afterVersion, now })
  return addLine(empty, { id: 'line_1', variantId: 'A', quantity: 1 }, now)
}
const told = (history: readonly Cart[], after: number | null) =>
  updatesAfter(history, after).map(({ seq, reason, cart }) => [seq, reason, cart?.id ?? null])

describe('updatesAfter', () => {
  const first = close(cartAfter(0), 'ord_1', now)
  const second = cartAfter(first.version)

  test('given no carts, then the present state is that there is none', () => {
    expect(told([], null)).toEqual([[0, 'SNAPSHOT', null]])
    expect(told([], 0)).toEqual([])
  })

  test('given an ordered cart and the next one, then the changes of both follow one another (R15)', () => {
    expect(told([first, second], 0)).toEqual([
      [1, 'LINE_ADDED', 'cart_2'],
      [2, 'ORDERED', 'cart_2'],
      [3, 'LINE_ADDED', 'cart_2'],
    ])
    expect(told([first], 1)).toEqual([[2, 'ORDERED', null]])
    expect(told([first, second], null)).toEqual([[3, 'SNAPSHOT', 'cart_2']])
    expect(told([first, second], 3)).toEqual([])
  })

  test('given more changes than a cart remembers, then the present state replaces the forgotten ones', () => {
    const long = Array.from({ length: maxChanges + 20 }).reduce<Cart>(
      (cart, _, i) => setQuantity(cart, 'line_1', (i % 2) + 2, now),
      cartAfter(0),
    )
    expect(told([long], 5)).toEqual([[121, 'SNAPSHOT', 'cart_0']])
    expect(told([long], 20)).toEqual([[121, 'SNAPSHOT', 'cart_0']])
    expect(told([long], 21)).toHaveLength(100)
  })
})
