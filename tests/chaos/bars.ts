import type { Bar } from '../../bench/bars.ts'
import type { Operation } from './history.ts'

/** 0 when there is nothing to measure. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`

export const slowest = (operations: readonly Operation[]): number =>
  Math.max(0, ...operations.map(({ tookMs }) => tookMs))

/** A number that must not be above its limit. */
export const barOf = (
  what: string,
  value: number,
  { limit, show }: { readonly limit: number; readonly show: (value: number) => string },
): Bar => ({ what, measured: show(value), bar: `<= ${show(limit)}`, holds: value <= limit })

/** The tries of each operation: those with one key that ask for the same. */
export const operationsOf = (history: readonly Operation[]): Operation[][] => [
  ...Map.groupBy(history, ({ what, key }) => `${what} ${key}`).values(),
]

/** How many operations came to a known outcome, in percent. */
export const knownShare = ({ history }: { readonly history: readonly Operation[] }): number => {
  const all = operationsOf(history)
  const ended = all.filter((tries) => tries.some(({ outcome }) => outcome !== 'unknown'))
  return all.length === 0 ? 0 : (100 * ended.length) / all.length
}
