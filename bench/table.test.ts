import { describe, expect, test } from 'vitest'
import type { Row } from './results.ts'
import { layOut, renderTable, short } from './table.ts'

const row = (change: Partial<Row> = {}): Row => ({
  series: 'list',
  concurrency: 16,
  perSecond: 123.4,
  done: 617,
  latency: { p50: 9.876, p95: 45.67, p99: 99.99, max: 1_234.5 },
  errors: 0,
  firstError: null,
  processes: {},
  ...change,
})

describe('numbers', () => {
  test('given any size, then about three digits', () => {
    expect([0, 0.456, 9.876, 45.67, 123.4, 1_234.5].map(short)).toEqual(['0.00', '0.46', '9.88', '45.7', '123', '1235'])
  })

  test('given none, then a dash and never a made-up zero', () => {
    expect([null, undefined, Number.NaN].map(short)).toEqual(['-', '-', '-'])
  })
})

describe('the table', () => {
  test('given cells of all lengths, then columns line up', () => {
    expect(
      layOut([
        ['', 'n'],
        ['long name', '1'],
        ['a', '1000'],
      ]),
    ).toBe('              n\nlong name     1\na          1000')
  })

  test('given rows, then each has its figures', () => {
    const processes = { shop: { cpuSecondsPer1000: 3.456, rssBeforeMb: 199.6, rssAfterMb: 250 } }
    const [head, first, second] = renderTable([row({ processes }), row({ series: 'part', latency: null })]).split('\n')
    expect(head?.trim().split(/ {2,}/)).toEqual([
      'users',
      'per s',
      'p50 ms',
      'p95',
      'p99',
      'max',
      'errors',
      'shop cpu s/1k',
      'MB',
    ])
    expect(first?.split(/ {2,}/)).toEqual(['list', '16', '123', '9.88', '45.7', '100', '1235', '0', '3.46', '200-250'])
    expect(second?.split(/ {2,}/)).toEqual(['part', '16', '123', '-', '-', '-', '-', '0'])
  })

  test('given errors, then the first one is spelt out below', () => {
    expect(renderTable([row({ errors: 3, firstError: 'UNAVAILABLE: try again' })])).toContain(
      '\n  list at 16: 3 errors, the first: UNAVAILABLE: try again',
    )
  })
})
