import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprint } from './idempotency.ts'

describe('the fingerprint of an input (C7)', () => {
  it('given the same input in another order of keys, then it is the same', () => {
    expect(fingerprint({ a: 1, b: { c: 'x', d: [1, 2] } })).toBe(fingerprint({ b: { d: [1, 2], c: 'x' }, a: 1 }))
  })

  it('given an absent field and a null one, then it is the same', () => {
    expect(fingerprint({ a: 1, b: null })).toBe(fingerprint({ a: 1 }))
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }))
  })

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: '1' }, { a: 1 }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [
      { a: 'x', b: 'y' },
      { a: 'y', b: 'x' },
    ],
    [{ a: '","b":"' }, { a: '', b: '' }],
  ])('tells %j from %j', (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other))
  })

  it('tells any two inputs apart that differ in a text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.dictionary(fc.string(), fc.string()), (one, other) => {
        const isSame = fingerprint(one) === fingerprint(other)
        expect(isSame).toBe(JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort()))
      }),
    )
  })
})
