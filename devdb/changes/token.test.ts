import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../bson/values.ts'
import { highWater, type Position, positionOf, tokenOf } from './token.ts'

const moment = fc.tuple(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 21 - 1 }))
const position: fc.Arbitrary<Position> = fc.record({
  time: moment.map(([t, i]) => t * 2 ** 21 + i),
  index: fc.nat(100_000),
  kind: fc.constantFrom('event', 'invalidate'),
})

const textOf = (of: Position): string => String(tokenOf(of)._data)

describe('a resume token', () => {
  it('given any position, when written and read, then it is the same', () => {
    fc.assert(
      fc.property(position, (given) => {
        expect(positionOf(tokenOf(given))).toEqual(given)
      }),
    )
  })

  it('given two positions, then their texts are ordered as they are', () => {
    const rank = ({ time, index, kind }: Position) => [time, index, kind === 'event' ? 0 : 1]
    const isBefore = (a: Position, b: Position): boolean => {
      const [left, right] = [rank(a), rank(b)]
      const at = left.findIndex((part, place) => part !== right[place])
      return at >= 0 && left[at]! < right[at]!
    }
    fc.assert(fc.property(position, position, (a, b) => textOf(a) < textOf(b) === isBefore(a, b)))
    expect(textOf(highWater(5)) > textOf({ time: 5, index: 100, kind: 'event' })).toBe(true)
    expect(textOf(highWater(5)) < textOf({ time: 6, index: 0, kind: 'event' })).toBe(true)
  })

  it.each<[string, Value, number]>([
    ['no document', 'x', 40649],
    ['no _data', {}, 40647],
    ['_data of another type', { _data: 5 }, 40647],
    ['no hex', { _data: 'xyz' }, 9],
    ['an odd number of digits', { _data: '826' }, 9],
    ['a token of another server', { _data: '8265A1B2C3000000012B042C0100296E5A1004' }, 260],
    ['an empty text', { _data: '' }, 260],
  ])('given %s, then it is refused', (_name, token, code) => {
    expect(() => positionOf(token)).toThrow(expect.objectContaining({ code }))
  })
})
