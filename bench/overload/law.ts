import { percentile } from '../statistics.ts'
import type { Answered } from './openLoop.ts'

const ranked = (values: readonly number[], share: number): number =>
  values.length === 0
    ? 0
    : percentile(
        values.toSorted((a, b) => a - b),
        share,
      )

/** The value that 99 in 100 do not exceed; 0 of nothing. */
export const p99 = (values: readonly number[]): number => ranked(values, 0.99)

/** The value that half of them do not exceed; 0 of nothing. */
export const middle = (values: readonly number[]): number => ranked(values, 0.5)

export const timesOf = (answers: readonly Answered[], outcome: Answered['outcome']): number[] =>
  answers.filter((answer) => answer.outcome === outcome).map(({ ms }) => ms)

/** The share of one kind that got a good answer; 1 when there was none of it. */
export const shareGood = (answers: readonly Answered[], kind: Answered['kind']): number => {
  const all = answers.filter((answer) => answer.kind === kind)
  return all.length === 0 ? 1 : all.filter(({ outcome }) => outcome === 'good').length / all.length
}

export const goodput = (answers: readonly Answered[], seconds: number): number =>
  timesOf(answers, 'good').length / seconds

/** The seconds in which somebody got no good answer, or one in a hundred waited for longer than `normalMs`. */
export const oddSeconds = (answers: readonly Answered[], normalMs: number) =>
  [...Map.groupBy(answers, ({ at }) => Math.floor(at / 1_000))]
    .map(([second, here]) => ({
      second,
      notGood: here.filter(({ outcome }) => outcome !== 'good').length,
      p99: p99(here.map(({ ms }) => ms)),
    }))
    .filter(({ notGood, p99: slowest }) => notGood > 0 || slowest > normalMs)

/** So many seconds in a row say that it is over: single hiccups come at any load. */
const inARow = 5

/** Seconds after which five in a row were as quick as `normalMs`; null when there were none in so many seconds. */
export const secondsUntilNormal = (
  answers: readonly Answered[],
  { normalMs, seconds }: { readonly normalMs: number; readonly seconds: number },
): number | null => {
  const odd = new Set(oddSeconds(answers, normalMs).map(({ second }) => second))
  for (let from = 0; from + inARow <= seconds; from++) {
    const next = Array.from({ length: inARow }, (_, n) => from + n)
    if (next.every((second) => !odd.has(second))) return from
  }
  return null
}
