import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idKinds, isId, makeIds, parseId } from './id.ts'
import { makeManualClock } from './time.ts'

const bytes = (fill: number) => (length: number) => new Uint8Array(length).fill(fill)

test('given any time and randomness, when an id is made, then it has the shape of its kind and of no other', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...idKinds),
      fc.nat(2 ** 48 - 1),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (kind, now, random) => {
        const id = makeIds({ now: () => now }, () => random).next(kind)
        expect(id).toMatch(/^[a-z]+_[0-9A-HJKMNP-TV-Z]{26}$/)
        expect(idKinds.filter((other) => isId(other, id))).toEqual([kind])
      },
    ),
  )
})

test('given ids made at different times, when they are sorted, then they stand in the order of time whatever the randomness', () => {
  const clock = makeManualClock()
  const [high, low] = [makeIds(clock, bytes(255)), makeIds(clock, bytes(0))]
  const made: string[] = []
  for (const ids of [high, low, high, low]) {
    made.push(ids.next('ord'))
    clock.advance(1)
  }
  expect(made.toSorted()).toEqual(made)
})

test('given one moment, when 10,000 ids are made, then they all differ', () => {
  const ids = makeIds(makeManualClock(), (length) => crypto.getRandomValues(new Uint8Array(length)))
  expect(new Set(Array.from({ length: 10_000 }, () => ids.next('evt'))).size).toBe(10_000)
})

test('given the randomness, when an id is made, then 80 bits of it are used', () => {
  const asked: number[] = []
  const ids = makeIds(makeManualClock(), (length) => {
    asked.push(length)
    return Uint8Array.from({ length }, (_, i) => i)
  })
  expect(ids.next('usr').slice(-16)).toBe('0123456789ABCDEF')
  expect(asked).toEqual([16])
})

test('given an id from a client, when it is not of the kind, then the refusal names the field and cuts the text', () => {
  const good = makeIds(makeManualClock(), bytes(7)).next('cart')
  expect(parseId('cart', good, ['input', 'cartId'])).toBe(good)
  const others = ['', 'cart_', good.toLowerCase(), `${good} `, `${good}\n`, good.replace('cart_', 'cat_'), `${good}A`]
  const hostile = ['{"$gt":""}', '__proto__', 'cart_../../etc/passwd', 'x'.repeat(100_000)]
  for (const text of [...others, ...hostile]) {
    expect(() => parseId('cart', text, ['input', 'cartId'])).toThrow(
      expect.objectContaining({
        problems: [
          {
            code: 'BAD_USER_INPUT',
            field: ['input', 'cartId'],
            message: 'This is not an id of this kind.',
          },
        ],
      }),
    )
  }
})
