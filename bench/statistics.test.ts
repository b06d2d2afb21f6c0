import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentile, type Sample, summarise } from './statistics.ts'

const sample = (began: number, ended: number, failure: string | null = null): Sample => ({ began, ended, failure })

describe('percentile', () => {
  test('given one to a hundred, then each percentile is its own number', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1)
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share))).toEqual([50, 95, 99, 100])
  })

  test('given few values, then it is one of them and never an average', () => {
    expect(percentile([10, 20, 30, 40], 0.5)).toBe(20)
    expect(percentile([10, 20, 30, 40], 0.99)).toBe(40)
    expect(percentile([7], 0.5)).toBe(7)
    expect(percentile([7, 8], 0)).toBe(7)
  })

  test('given any values, then at least the share lies at or below it, and less than the share strictly below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1),
        (values, share) => {
          const found = percentile(
            values.toSorted((a, b) => a - b),
            share,
          )
          expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(values.length * share)
          expect(values.filter((value) => value < found).length).toBeLessThan(values.length * share)
        },
      ),
    )
  })
})

describe('summarise', () => {
  const window = { from: 1_000, to: 3_000 }

  test('given samples around the window, then throughput counts ends and latency counts beginnings', () => {
    const samples = [
      sample(0, 500),
      sample(900, 1_400),
      sample(1_500, 1_600),
      sample(2_900, 3_500),
      sample(3_000, 3_001),
    ]
    expect(summarise(samples, window)).toEqual({
      done: 2,
      perSecond: 1,
      latency: { p50: 100, p95: 600, p99: 600, max: 600 },
      errors: 0,
      firstError: null,
    })
  })

  test('given failures, then they count as errors and neither as throughput nor as latency', () => {
    const samples = [
      sample(100, 200, 'in the warm-up'),
      sample(1_000, 1_001, 'first'),
      sample(1_100, 1_101, 'second'),
      sample(1_200, 1_240),
    ]
    expect(summarise(samples, window)).toMatchObject({ done: 1, errors: 2, firstError: 'first', latency: { max: 40 } })
  })

  test('given nothing, then there is no latency, not a zero', () => {
    expect(summarise([], window)).toEqual({ done: 0, perSecond: 0, latency: null, errors: 0, firstError: null })
    expect(summarise([sample(1, 2)], { from: 5, to: 5 }).perSecond).toBe(0)
  })
})
