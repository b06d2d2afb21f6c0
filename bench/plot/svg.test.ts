import { describe, expect, test } from 'vitest'
import type { Results, Row } from '../results.ts'
import { drawPlot } from './svg.ts'

const row = (series: string, concurrency: number, change: Partial<Row> = {}): Row => ({
  series,
  concurrency,
  perSecond: 100,
  done: 500,
  latency: { p50: concurrency, p95: concurrency * 2, p99: concurrency * 3, max: concurrency * 9 },
  errors: 0,
  firstError: null,
  processes: {},
  ...change,
})

const results = (rows: readonly Row[]): Results => ({
  date: '2026-11-22T11:40:00.000Z',
  commit: 'abc1234',
  machine: {
    cores: 2,
    cpu: 'Some <fast> & cool one',
    memoryGb: 8,
    system: 'linux 6',
    node: 'v24.0.0',
    loadAverage: [0.1, 0.2, 0.3],
  },
  seconds: 5,
  runIn: 8,
  rows,
})

const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length

describe('the plot', () => {
  test('given series at levels, then each has a panel with three curves through all levels', () => {
    const svg = drawPlot(results([1, 16, 64].flatMap((users) => [row('list', users), row('checkout', users)])))
    expect(count(svg, /<g /g)).toBe(2)
    expect(count(svg, /<polyline/g)).toBe(6)
    expect(count(svg, /<circle/g)).toBe(18)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('given names of machines, then they are escaped', () => {
    expect(drawPlot(results([row('list', 1)]))).toContain('Some &lt;fast&gt; &amp; cool one')
  })

  test('given a promise for a level, then it is drawn there and nowhere else', () => {
    expect(drawPlot(results([row('addToCart', 1), row('addToCart', 16)]))).toContain('p95 bar 50 ms')
    expect(drawPlot(results([row('addToCart', 1)]))).not.toContain('p95 bar')
    expect(drawPlot(results([row('list', 16)]))).not.toContain('p95 bar')
  })

  test('given errors, then they are shown, also when nothing else is', () => {
    const svg = drawPlot(results([row('list', 1, { errors: 3 }), row('detail', 1, { errors: 9, latency: null })]))
    expect(svg).toContain('3 errors')
    expect(svg).toContain('nothing but errors')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})
