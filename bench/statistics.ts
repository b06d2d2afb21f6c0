/** One thing that was measured: when it began and ended, in milliseconds, and why it failed, if it did. */
export interface Sample {
  readonly began: number
  readonly ended: number
  readonly failure: string | null
}

export interface Window {
  readonly from: number
  readonly to: number
}

export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface Summary {
  /** Good answers that arrived in the window, per second. */
  readonly perSecond: number
  readonly done: number
  /** Of the good answers to what began in the window; null when there was none. */
  readonly latency: Latency | null
  readonly errors: number
  readonly firstError: string | null
}

/** The smallest value that at least `share` of all values do not exceed (nearest rank). `sorted` must not be empty. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN

const latencyOf = (durations: readonly number[]): Latency | null => {
  if (durations.length === 0) return null
  const sorted = durations.toSorted((a, b) => a - b)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(sorted, share)) as [number, number, number]
  return { p50, p95, p99, max: percentile(sorted, 1) }
}

/**
 * What a window of time saw. Throughput counts what ended in it. Latency and errors count what began in it and wait for its end:
 * leaving out what is still running when the window closes would leave out the slowest.
 */
export const summarise = (samples: readonly Sample[], { from, to }: Window): Summary => {
  const within = (moment: number) => moment >= from && moment < to
  const good = samples.filter(({ failure }) => failure === null)
  const begun = samples.filter(({ began }) => within(began))
  const failures = begun.flatMap(({ failure }) => (failure === null ? [] : [failure]))
  const done = good.filter(({ ended }) => within(ended)).length
  return {
    done,
    perSecond: to > from ? done / ((to - from) / 1_000) : 0,
    latency: latencyOf(begun.flatMap(({ began, ended, failure }) => (failure === null ? [ended - began] : []))),
    errors: failures.length,
    firstError: failures[0] ?? null,
  }
}
