import fc from 'fast-check'
import { expect, inject, test } from 'vitest'

test('given a property, then its input follows from the seed of the run', () => {
  const tried = (seed?: number): number[] => {
    const inputs: number[] = []
    const ran = fc.check(
      fc.property(fc.nat(), (input) => void inputs.push(input)),
      { numRuns: 20, ...(seed !== undefined && { seed }) },
    )
    expect(ran.seed).toBe(seed ?? inject('seed'))
    return inputs
  }
  expect(tried()).toEqual(tried(inject('seed')))
  expect(tried()).not.toEqual(tried(inject('seed') + 1))
})
