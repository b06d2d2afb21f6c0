import { describe, expect, test } from 'vitest'
import { type CartFacts, findingsOf } from './problems.ts'

const line = (variantId: string, quantity: number, id = `line_${variantId}`) => ({ id, variantId, quantity })
const facts = (changes: Partial<CartFacts> = {}): CartFacts => ({
  lines: [line('A', 2), line('B', 1)],
  variants: new Map([
    ['A', { isSold: true, left: 2, maxPerOrder: null }],
    ['B', { isSold: true, left: 9, maxPerOrder: null }],
  ]),
  pricing: { unpriced: new Set(), refusal: null },
  ...changes,
})
const problems = (changes: Partial<CartFacts>) =>
  findingsOf(facts(changes)).problems.map(({ code, lineId }) => [code, lineId])

describe('findingsOf', () => {
  test('given enough stock and prices, then nothing stands against ordering', () => {
    expect(findingsOf(facts())).toEqual({ problems: [], warnings: [] })
  })

  test('given too few units, then OUT_OF_STOCK', () => {
    expect(problems({ lines: [line('A', 3), line('B', 1)] })).toEqual([['OUT_OF_STOCK', 'line_A']])
  })

  test('given one variant on two lines, then their demand is summed (C4)', () => {
    expect(problems({ lines: [line('A', 2, 'line_1'), line('A', 1, 'line_2')] })).toEqual([
      ['OUT_OF_STOCK', 'line_1'],
      ['OUT_OF_STOCK', 'line_2'],
    ])
  })

  test('given a variant that is unpublished or gone, then NOT_SOLD whatever its stock', () => {
    expect(problems({ variants: new Map([['A', { isSold: false, left: 0, maxPerOrder: null }]]) })).toEqual([
      ['NOT_SOLD', 'line_A'],
      ['NOT_SOLD', 'line_B'],
    ])
  })

  test('given a line without price, then NOT_PRICED', () => {
    expect(problems({ pricing: { unpriced: new Set(['B']), refusal: null } })).toEqual([['NOT_PRICED', 'line_B']])
  })

  test('given no delivery in the currency, then NOT_PRICED of the whole cart', () => {
    expect(problems({ pricing: { unpriced: new Set(), refusal: 'No way of delivery' } })).toEqual([
      ['NOT_PRICED', null],
    ])
  })

  test('given that pricing is away, then the cart cannot be ordered', () => {
    expect(problems({ pricing: null })).toEqual([['UNAVAILABLE', null]])
  })

  test('given that products is away, then it is a warning', () => {
    const findings = findingsOf(facts({ variants: null }))
    expect(findings.problems).toEqual([])
    expect(findings.warnings).toMatchObject([{ code: 'UNAVAILABLE', lineId: null }])
  })

  test('given no lines, then nobody is asked and nothing found', () => {
    expect(findingsOf(facts({ lines: [], variants: null, pricing: null }))).toEqual({ problems: [], warnings: [] })
  })
})
