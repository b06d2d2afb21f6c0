import type { Bar } from '../bars.ts'
import { percentile } from '../statistics.ts'

/** One look at the shop under load. */
export interface Look {
  /** Minutes since the load began. */
  readonly minute: number
  readonly shopMb: number
  readonly databaseMb: number
  /** What is in use of the shop's heap, garbage included. */
  readonly heapMb: number
  /** Open file descriptors of the shop. */
  readonly descriptors: number
  /** Timers of the shop that wait. */
  readonly timers: number
}

/** One answer: when it was asked for, in minutes since the load began, and how long it took in milliseconds. */
export interface Timed {
  readonly minute: number
  readonly ms: number
}

/** The slope of the line through these points that fits best (least squares). */
export const slopeOf = (points: readonly (readonly [number, number])[]): number => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return below === 0 ? 0 : above / below
}

const p99 = (times: readonly Timed[]): number =>
  percentile(
    times.map(({ ms }) => ms).toSorted((a, b) => a - b),
    0.99,
  )

const between = <T extends { readonly minute: number }>(items: readonly T[], from: number, until: number): T[] =>
  items.filter(({ minute }) => minute >= from && minute < until)

const lowest = (looks: readonly Look[]): number => Math.min(...looks.map(({ heapMb }) => heapMb))

/** What is flat swings around one level: its mean of the last third is at most a tenth, or a few, above that of the first. */
const flat = (what: string, early: readonly number[], late: readonly number[]): Bar => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const [before, after] = [mean(early), mean(late)]
  const holds = after <= before * 1.1 + 5
  return { what, measured: `${before.toFixed(0)}, at the end ${after.toFixed(0)}`, bar: 'flat', holds }
}

export interface Soaked {
  readonly looks: readonly Look[]
  readonly times: readonly Timed[]
  readonly failed: number
  /** Turns that were not begun because too many were open. */
  readonly skipped: number
  /** Rows that broke an invariant at the end. */
  readonly violations: number
}

/**
 * The bars of L7 over what was seen from minute `settled` on: memory, descriptors and timers flat, the p99 of the last third within
 * a fifth of that of the first, nothing broken.
 */
export const judge = ({ looks, times, failed, skipped, violations }: Soaked, settled: number): Bar[] => {
  const end = looks.at(-1)?.minute ?? 0
  const third = (end - settled) / 3
  const steady = between(looks, settled, Number.POSITIVE_INFINITY)
  const [early, late] = [
    between(looks, settled, settled + third),
    between(looks, end - third, Number.POSITIVE_INFINITY),
  ]
  const growth = slopeOf(steady.map(({ minute, shopMb }) => [minute, shopMb]))
  const [first, last] = [
    p99(between(times, settled, settled + third)),
    p99(between(times, end - third, Number.POSITIVE_INFINITY)),
  ]
  return [
    { what: 'answers', measured: `${times.length}`, bar: '', holds: null },
    {
      what: 'turns that failed, or were not begun',
      measured: `${failed}, ${skipped}`,
      bar: '0',
      holds: failed + skipped === 0,
    },
    { what: 'memory of the shop', measured: `${growth.toFixed(2)} MB a minute`, bar: '<= 1', holds: growth <= 1 },
    {
      what: 'memory of the database',
      measured: `${slopeOf(steady.map(({ minute, databaseMb }) => [minute, databaseMb])).toFixed(2)} MB a minute`,
      bar: '',
      holds: null,
    },
    {
      // Right after a collection there is the least: what grows then is kept and not garbage.
      what: 'heap of the shop at its lowest',
      measured: `${lowest(early).toFixed(1)} MB, at the end ${lowest(late).toFixed(1)} MB`,
      bar: '',
      holds: null,
    },
    flat(
      'file descriptors',
      early.map(({ descriptors }) => descriptors),
      late.map(({ descriptors }) => descriptors),
    ),
    flat(
      'timers',
      early.map(({ timers }) => timers),
      late.map(({ timers }) => timers),
    ),
    {
      what: 'p99 of the last third',
      measured: `${last.toFixed(0)} ms after ${first.toFixed(0)} ms`,
      bar: '+20 %',
      holds: last <= first * 1.2,
    },
    { what: 'violations of invariants', measured: `${violations}`, bar: '0', holds: violations === 0 },
  ]
}
