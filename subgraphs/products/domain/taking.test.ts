import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byVariant, unitsLeft } from './stock.ts'
import { nextStep, type OwnPlace, type OwnStock, sharesBack, sharesFor } from './taking.ts'
import { placeOf } from './testing.ts'

const now = 1_000
const later = 2_000

const stockOf = (...places: OwnPlace[]): OwnStock => byVariant(places)[0] ?? { variantId: 'var_a', v: 0, places: [] }
const shown = (shares: readonly { place: { location: string }; quantity: number }[] | null) =>
  shares?.map(({ place, quantity }) => [place.location, quantity]) ?? null
const demand = { orderId: 'ord_a', quantity: 4 }
const step = (...places: OwnPlace[]) => {
  const next = nextStep(stockOf(...places), demand, now)
  return 'shares' in next ? [next.kind, shown(next.shares)] : next.kind
}
const held = (quantity: number, orderId = 'ord_a', of = 4) => ({
  holds: [{ orderId, quantity, expiresAt: later, of }],
  reserved: quantity,
})

describe('from where units are taken', () => {
  test('given locations by priority, then it is the first that has all of them, else several in their order (I1)', () => {
    const near = placeOf('near', { priority: 1, available: 2 })
    const far = placeOf('far', { priority: 2, available: 3 })
    const { places } = stockOf(far, near)
    expect([1, 2, 3, 4, 5].map((quantity) => shown(sharesFor(places, quantity, now)))).toEqual([
      [['near', 1]],
      [['near', 2]],
      [['far', 3]],
      [
        ['near', 2],
        ['far', 2],
      ],
      [
        ['near', 2],
        ['far', 3],
      ],
    ])
    expect(sharesFor(places, 6, now)).toBeNull()
  })

  test('given any locations, then exactly what is wanted is taken, never more than a location sells, and refused only what is not there (I1, C2)', () => {
    const place = fc.record({
      available: fc.nat(5),
      isActive: fc.boolean(),
      priority: fc.nat(3),
      ended: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), fc.integer({ min: 1, max: 12 }), (given, quantity) => {
        const stock = stockOf(
          ...given.map(({ ended, ...rest }, index) =>
            placeOf(`l${index}`, { ...rest, holds: [{ orderId: 'ord_b', quantity: ended, expiresAt: now }] }),
          ),
        )
        const shares = sharesFor(stock.places, quantity, now)
        expect(shares === null).toBe(unitsLeft(stock, now) < quantity)
        for (const share of shares ?? [])
          expect(share.quantity).toBeLessThanOrEqual(unitsLeft({ places: [share.place] }, now))
        if (shares) expect(shares.reduce((sum, share) => sum + share.quantity, 0)).toBe(quantity)
      }),
    )
  })
})

describe('the next step of an order that wants 4', () => {
  test('given nothing is taken yet, then it takes, or there is too little', () => {
    expect(step(placeOf('main', { available: 4 }))).toEqual(['take', [['main', 4]]])
    expect(step(placeOf('main', { available: 3 }))).toBe('short')
    expect(nextStep(stockOf(), demand, now)).toEqual({ kind: 'short', mayChange: false })
  })

  test('given it has all of them, held or sold, at one place or at several, then it is settled', () => {
    expect(step(placeOf('main', held(4)))).toBe('settled')
    expect(step(placeOf('main', held(3)), placeOf('north', held(1)))).toBe('settled')
    expect(step(placeOf('main', held(3)), placeOf('north', { claims: [{ orderId: 'ord_a', quantity: 1 }] }))).toBe(
      'settled',
    )
    expect(step(placeOf('main', { claims: [{ orderId: 'ord_a' }] }))).toBe('settled')
  })

  test('given an attempt that broke off with a part, then the rest is taken elsewhere', () => {
    expect(step(placeOf('main', held(3)), placeOf('north', { available: 9 }))).toEqual(['take', [['north', 1]]])
  })

  test('given two attempts that took from different places, then what is too much goes back, the first place keeps', () => {
    const [near, far] = [placeOf('near', { priority: 1, ...held(4) }), placeOf('far', { priority: 2, ...held(4) })]
    expect(step(far, near)).toEqual(['giveBack', [['far', 4]]])
  })

  test('given it is over at one of its places, then nothing is taken any more at any (R8)', () => {
    for (const end of [{ ended: ['ord_a'] }, { restocks: ['ord_a'] }])
      expect(step(placeOf('main', { available: 9 }), placeOf('north', { available: 9, ...end }))).toBe('over')
  })

  test('given too little, then it may change only while somebody else has a part and not the rest (C2)', () => {
    const mayChange = (...places: OwnPlace[]) => nextStep(stockOf(...places), demand, now)
    expect(mayChange(placeOf('main', held(2, 'ord_b', 5)))).toEqual({ kind: 'short', mayChange: true })
    expect(mayChange(placeOf('main', held(2, 'ord_b', 5)), placeOf('north', held(3, 'ord_b', 5)))).toEqual({
      kind: 'short',
      mayChange: false,
    })
    const left = {
      ...placeOf('main', held(2, 'ord_b', 5)),
      holds: [{ orderId: 'ord_b', quantity: 2, expiresAt: now, of: 5 }],
    }
    expect(mayChange(left)).toEqual({ kind: 'short', mayChange: false })
  })
})

describe('where the units of a canceled order go back to', () => {
  const back = (...places: OwnPlace[]) => shown(sharesBack(stockOf(...places), demand))
  const sold = (quantity?: number) => ({ claims: [{ orderId: 'ord_a', ...(quantity && { quantity }) }] })

  test('given they came from several locations, then each gets its own back (I2)', () => {
    expect(back(placeOf('main', sold(1)), placeOf('north', sold(3)))).toEqual([
      ['main', 1],
      ['north', 3],
    ])
  })

  test('given a claim without its number, from before there were locations, then it is all of them', () => {
    expect(back(placeOf('main', sold()))).toEqual([['main', 4]])
  })

  test('given a location that has forgotten, then the main one gets what is missing', () => {
    expect(back(placeOf('main'), placeOf('north', sold(3)))).toEqual([
      ['north', 3],
      ['main', 1],
    ])
    expect(back(placeOf('main', sold(3)), placeOf('north'))).toEqual([['main', 4]])
    expect(back()).toEqual([])
  })
})
