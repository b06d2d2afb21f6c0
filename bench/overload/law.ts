import type { Answered } from './openLoop.ts'

/** The value that 99 in 100 do not exceed; 0 of nothing. */
export const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0

export const timesOf = (answers: readonly Answered[], outcome: Answered['outcome']): number[] =>
  answers.filter((answer) => answer.outcome === outcome).map(({ ms }) => ms)

/** The share of one kind that got a good answer; 1 when there was none of it. */
export const shareGood = (answers: readonly Answered[], kind: Answered['kind']): number => {
  const all = answers.filter((answer) => answer.kind === kind)
  return all.length === 0 ? 1 : all.filter(({ outcome }) => outcome === 'good').length / all.length
}

export const goodput = (answers: readonly Answered[], seconds: number): number =>
  timesOf(answers, 'good').length / seconds

/** Seconds after which every later second was as quick as `normalMs`; null when the last one was not. */
export const secondsUntilNormal = (answers: readonly Answered[], normalMs: number): number | null => {
  const last = Math.floor(Math.max(0, ...answers.map(({ at }) => at)) / 1_000)
  for (let second = last; second >= 0; second--) {
    const here = answers.filter(({ at }) => Math.floor(at / 1_000) === second)
    const isNormal = here.every(({ outcome }) => outcome === 'good') && p99(here.map(({ ms }) => ms)) <= normalMs
    if (!isNormal) return second === last ? null : second + 1
  }
  return 0
}
