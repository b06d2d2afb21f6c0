import { describe, expect, test } from 'vitest'
import { addLine, adopt, type Cart, close, maxChanges, newCart, setQuantity } from './cart.ts'
import { updatesAfter } from './updates.ts'

const now = 0
const owner = { id: 'usr_1', kind: 'user' } as const
const cartAfter = (afterVersion: number): Cart => {
  const empty = newCart(`cart_${afterVersion}`, owner, { currency: 'EUR', afterVersion, now })
  return addLine(empty, { id: 'line_1', variantId: 'A', quantity: 1 }, now)
}
const told = (history: readonly Cart[], after: number | null) =>
  updatesAfter(history, after).map(({ seq, reason, cart, isReset }) => [
    seq,
    reason,
    cart?.id ?? null,
    ...(isReset ? ['reset'] : []),
  ])

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
    for (const after of [0, 5, 20]) expect(told([long], after)).toEqual([[121, 'SNAPSHOT', 'cart_0', 'reset']])
    expect(told([long], 21)).toHaveLength(100)
    expect(told([long], null)).toEqual([[121, 'SNAPSHOT', 'cart_0']])
  })

  test('given a number that the owner never had, then the present state is told as a reset', () => {
    expect(told([first, second], 4)).toEqual([[3, 'SNAPSHOT', 'cart_2', 'reset']])
    expect(told([], 4)).toEqual([[0, 'GONE', null, 'reset']])
    const third = cartAfter(9)
    expect(told([first, third], 7)).toEqual([[10, 'SNAPSHOT', 'cart_9', 'reset']])
  })

  test('given an older cart that is not in the history any more, then what it told is not left out silently', () => {
    expect(told([second, cartAfter(3)], 1)).toEqual([[4, 'SNAPSHOT', 'cart_3', 'reset']])
  })

  test('given a cart that a guest brought, then a user without one is told of it, and the guest goes on as user', () => {
    const adopted = adopt(setQuantity(cartAfter(0), 'line_1', 5, now), 'usr_2', 0, now)
    expect(told([adopted], 0)).toEqual([[3, 'MERGED', 'cart_0']])
    expect(told([adopted], 2)).toEqual([[3, 'MERGED', 'cart_0']])
    expect(told([adopted], 1)).toEqual([[3, 'SNAPSHOT', 'cart_0', 'reset']])
  })
})
