import { describe, expect, test } from 'vitest'
import { logScale, spread, ticksAround } from './scale.ts'

describe('logScale', () => {
  const place = logScale({ min: 1, max: 100 }, 200, 0)

  test('given powers of ten, then they are equally far apart', () => {
    expect([1, 10, 100].map(place)).toEqual([200, 100, 0])
  })

  test('given values outside of the range, then they lie at its ends', () => {
    expect([0.1, 5_000].map(place)).toEqual([200, 0])
  })
})

describe('ticksAround', () => {
  test('given values, then the ticks enclose them tightly', () => {
    expect(ticksAround([3, 40])).toEqual([2, 5, 10, 20, 50])
    expect(ticksAround([0.3, 0.9])).toEqual([0.2, 0.5, 1])
    expect(ticksAround([1, 1_000])).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
  })

  test('given one value or none, then there are still two ticks', () => {
    expect(ticksAround([5])).toEqual([5, 10])
    expect(ticksAround([])).toEqual([1, 2, 5, 10])
    expect(ticksAround([0, 3])).toEqual([2, 5])
  })
})

describe('spread', () => {
  test('given places far apart, then they stay', () => {
    expect(spread([10, 100, 50], 12)).toEqual([10, 100, 50])
  })

  test('given places on one spot, then they part evenly and keep their order', () => {
    const [a = 0, b = 0, c = 0] = spread([50, 51, 52], 12)
    expect(b - a).toBeCloseTo(12, 0)
    expect(c - b).toBeCloseTo(12, 0)
    expect(b).toBeCloseTo(51, 0)
  })
})
