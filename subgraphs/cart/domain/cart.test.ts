import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isShopError, type Problem } from '#kernel/errors.ts'
import { days } from '#kernel/time.ts'
import {
  addLine,
  adopt,
  beginMerge,
  type Cart,
  close,
  endMerge,
  maxChanges,
  maxLines,
  maxQuantity,
  merge,
  newCart,
  removeLine,
  setCurrency,
  setDestination,
  setQuantity,
} from './cart.ts'

const now = Date.UTC(2026, 0, 1)
const guest = { id: 'gst_1', kind: 'guest' } as const
const user = { id: 'usr_1', kind: 'user' } as const
const empty = (owner: Cart['owner'] = guest, afterVersion = 0): Cart =>
  newCart(`cart_of_${owner.id}`, owner, { currency: 'EUR', afterVersion, now })
const withLines = (cart: Cart, ...lines: readonly (readonly [variantId: string, quantity: number])[]): Cart =>
  lines.reduce(
    (each, [variantId, quantity]) => addLine(each, { id: `line_${variantId}`, variantId, quantity }, now),
    cart,
  )
const contents = (cart: Cart) => cart.lines.map(({ variantId, quantity }) => [variantId, quantity])
const address = { name: 'Ada', line1: 'Street 1', city: 'Berlin', countryCode: 'DE' }

const problemsOf = (run: () => unknown): readonly Problem[] => {
  try {
    run()
  } catch (error) {
    if (isShopError(error)) return error.problems
    throw error
  }
  return []
}

describe('addLine', () => {
  test('given an empty cart, when a variant is added, then it is a line and version 1', () => {
    const cart = withLines(empty(), ['A', 2])
    expect(cart).toMatchObject({ version: 1, lines: [{ id: 'line_A', variantId: 'A', quantity: 2 }] })
    expect(cart.changes).toEqual([{ seq: 1, reason: 'LINE_ADDED', at: now }])
  })

  test('given a line, when the same variant is added, then the line is raised and keeps its id', () => {
    const cart = addLine(withLines(empty(), ['A', 2], ['B', 1]), { id: 'line_new', variantId: 'A', quantity: 3 }, now)
    expect(contents(cart)).toEqual([
      ['A', 5],
      ['B', 1],
    ])
    expect(cart.lines[0]?.id).toBe('line_A')
    expect(cart.version).toBe(3)
  })

  test.each([0, -1, 1.5, 1000, Number.NaN, 2 ** 31])(
    'given a quantity of %d, then it is refused and named',
    (quantity) => {
      expect(problemsOf(() => withLines(empty(), ['A', quantity]))).toMatchObject([
        { code: 'BAD_USER_INPUT', field: ['input', 'quantity'] },
      ])
    },
  )

  test('given 998 units, when 2 more are added, then it is refused and nothing changed', () => {
    const cart = withLines(empty(), ['A', 998])
    expect(problemsOf(() => withLines(cart, ['A', 2]))).toMatchObject([
      { code: 'LIMIT_EXCEEDED', field: ['input', 'quantity'] },
    ])
    expect(contents(cart)).toEqual([['A', 998]])
    expect(contents(withLines(cart, ['A', 1]))).toEqual([['A', 999]])
  })

  test('given 100 lines, when another variant is added, then it is refused; the same variant is not', () => {
    const full = withLines(empty(), ...Array.from({ length: maxLines }, (_, i) => [`V${i}`, 1] as const))
    expect(problemsOf(() => withLines(full, ['X', 1]))).toMatchObject([{ code: 'LIMIT_EXCEEDED' }])
    expect(withLines(full, ['V7', 1]).lines[7]?.quantity).toBe(2)
  })
})

describe('setQuantity and removeLine', () => {
  const cart = withLines(empty(), ['A', 2], ['B', 1])

  test('given a line, when its quantity is set, then it is so', () => {
    const next = setQuantity(cart, 'line_A', 7, now)
    expect(contents(next)[0]).toEqual(['A', 7])
    expect(next.changes.at(-1)?.reason).toBe('LINE_CHANGED')
  })

  test('given the same quantity, then nothing changes', () => {
    expect(setQuantity(cart, 'line_A', 2, now)).toBe(cart)
  })

  test('given quantity 0, then the line is removed', () => {
    const next = setQuantity(cart, 'line_A', 0, now)
    expect(contents(next)).toEqual([['B', 1]])
    expect(next.changes.at(-1)?.reason).toBe('LINE_REMOVED')
  })

  test('given an unknown line or a wrong quantity, then it is refused and named', () => {
    expect(problemsOf(() => setQuantity(cart, 'line_X', 1, now))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'lineId'] },
    ])
    expect(problemsOf(() => setQuantity(cart, 'line_A', -1, now))).toMatchObject([{ code: 'BAD_USER_INPUT' }])
  })

  test('given a removed line, when it is removed again, then nothing changes', () => {
    const next = removeLine(cart, 'line_A', now)
    expect(contents(next)).toEqual([['B', 1]])
    expect(removeLine(next, 'line_A', now)).toBe(next)
  })
})

describe('setDestination and setCurrency', () => {
  const cart = withLines(empty(), ['A', 1])

  test('given an address, when only the method is set, then the address stays', () => {
    const there = setDestination(cart, { shippingAddress: address }, now)
    const express = setDestination(there, { shippingMethodId: 'express' }, now)
    expect(express).toMatchObject({ shippingAddress: { city: 'Berlin' }, shippingMethodId: 'express', version: 3 })
    expect(setDestination(express, { shippingAddress: null, shippingMethodId: null }, now)).toMatchObject({
      shippingAddress: null,
      shippingMethodId: null,
    })
  })

  test('given the same destination, then nothing changes', () => {
    const there = setDestination(cart, { shippingAddress: address }, now)
    expect(setDestination(there, { shippingAddress: { ...address, phone: '' } }, now)).toBe(there)
  })

  test('given a wrong address and method, then all parts are named', () => {
    const wrong = { shippingAddress: { ...address, city: '', countryCode: 'X' }, shippingMethodId: 'a b' }
    expect(problemsOf(() => setDestination(cart, wrong, now)).map(({ field }) => field?.at(-1))).toEqual([
      'city',
      'countryCode',
      'shippingMethodId',
    ])
  })

  test('given another currency, then it is switched; an unknown one is refused', () => {
    expect(setCurrency(cart, 'JPY', now)).toMatchObject({ currency: 'JPY', version: 2 })
    expect(setCurrency(cart, 'EUR', now)).toBe(cart)
    expect(problemsOf(() => setCurrency(cart, 'euro', now))).toMatchObject([{ field: ['input', 'currency'] }])
  })
})

describe('close', () => {
  const cart = withLines(empty(), ['A', 1])

  test('given an order, then the cart is ordered once; another order is refused', () => {
    const closed = close(cart, 'ord_1', now)
    expect(closed).toMatchObject({ state: 'ordered', orderId: 'ord_1', version: 2 })
    expect(closed.changes.at(-1)?.reason).toBe('ORDERED')
    expect(close(closed, 'ord_1', now + 1)).toBe(closed)
    expect(problemsOf(() => close(closed, 'ord_2', now))).toMatchObject([{ code: 'CART_ALREADY_ORDERED' }])
  })

  test('given a closed cart, then every change is refused', () => {
    const closed = close(cart, 'ord_1', now)
    const changes = [
      () => withLines(closed, ['A', 1]),
      () => setQuantity(closed, 'line_A', 0, now),
      () => removeLine(closed, 'line_A', now),
      () => setDestination(closed, {}, now),
      () => setCurrency(closed, 'JPY', now),
      () => merge(closed, empty(), now),
    ]
    for (const change of changes) expect(problemsOf(change)).toMatchObject([{ code: 'CART_ALREADY_ORDERED' }])
  })

  test('given a closed cart, when the next one begins, then its versions go on', () => {
    const next = withLines(empty(guest, close(cart, 'ord_1', now).version), ['B', 1])
    expect(next.version).toBe(3)
    expect(next.changes).toEqual([{ seq: 3, reason: 'LINE_ADDED', at: now }])
  })
})

describe('merge', () => {
  const mine = withLines(empty(user), ['A', 2], ['B', 998])
  const theirs = withLines(empty(guest), ['B', 5], ['C', 1])

  test('given a guest cart, then quantities add up to at most 999 and new lines follow', () => {
    const merged = merge(mine, theirs, now)
    expect(contents(merged)).toEqual([
      ['A', 2],
      ['B', maxQuantity],
      ['C', 1],
    ])
    expect(merged).toMatchObject({ version: mine.version + 1, owner: user, mergedFrom: [theirs.id] })
  })

  test('given the same guest cart twice, then it counts once', () => {
    const merged = merge(mine, theirs, now)
    expect(merge(merged, theirs, now)).toBe(merged)
  })

  test('given more than 100 lines together, then the own lines and the first others are kept', () => {
    const many = (owner: Cart['owner'], prefix: string) =>
      withLines(empty(owner), ...Array.from({ length: 60 }, (_, i) => [`${prefix}${i}`, 1] as const))
    const merged = merge(many(user, 'U'), many(guest, 'G'), now)
    expect(merged.lines).toHaveLength(maxLines)
    expect(merged.lines[59]?.variantId).toBe('U59')
    expect(merged.lines[99]?.variantId).toBe('G39')
  })

  test('given a frozen guest cart, then it takes no more lines and ends merged', () => {
    const frozen = beginMerge(theirs, user.id, now)
    expect(frozen).toMatchObject({ state: 'merging', mergedInto: user.id })
    expect(problemsOf(() => withLines(frozen, ['A', 1]))).toMatchObject([{ code: 'ILLEGAL_STATE' }])
    expect(beginMerge(frozen, user.id, now)).toBe(frozen)
    expect(endMerge(frozen).state).toBe('merged')
    expect(endMerge(mine)).toBe(mine)
    expect(close(frozen, 'ord_1', now)).toBe(frozen)
  })

  test('given a user without a cart, then the guest cart becomes the user cart and its version rises for both', () => {
    const adopted = adopt(theirs, user.id, 40, now)
    expect(adopted).toMatchObject({ owner: user, state: 'active', version: 41, expiresAt: now + days(180) })
    expect(adopted.changes).toEqual([{ seq: 41, reason: 'MERGED', at: now }])
    expect(adopt(theirs, user.id, 0, now).version).toBe(theirs.version + 1)
  })
})

describe('any history of a cart', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), v: fc.nat(120), q: fc.integer({ min: -1, max: 400 }) }),
    fc.record({ do: fc.constant('set' as const), v: fc.nat(120), q: fc.integer({ min: -1, max: 1_001 }) }),
    fc.record({ do: fc.constant('remove' as const), v: fc.nat(120), q: fc.constant(0) }),
  )
  const apply = (cart: Cart, { do: what, v, q }: { do: 'add' | 'set' | 'remove'; v: number; q: number }): Cart => {
    if (what === 'add') return addLine(cart, { id: `line_${v}`, variantId: `V${v}`, quantity: q }, now)
    return what === 'set' ? setQuantity(cart, `line_${v}`, q, now) : removeLine(cart, `line_${v}`, now)
  }

  test('given any commands, then bounds hold, refusals change nothing and changes are numbered without a gap', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        let cart = empty()
        for (const each of steps) {
          const before = cart
          problemsOf(() => {
            cart = apply(cart, each)
          })
          expect(cart === before || cart.version === before.version + 1).toBe(true)
        }
        expect(cart.lines.length).toBeLessThanOrEqual(maxLines)
        expect(cart.lines.every(({ quantity }) => quantity >= 1 && quantity <= maxQuantity)).toBe(true)
        expect(new Set(cart.lines.map(({ variantId }) => variantId)).size).toBe(cart.lines.length)
        expect(cart.changes.length).toBe(Math.min(cart.version, maxChanges))
        expect(cart.changes.every(({ seq }, i) => seq === cart.version - cart.changes.length + 1 + i)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
