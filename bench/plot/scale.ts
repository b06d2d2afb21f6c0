export interface Range {
  readonly min: number
  readonly max: number
}

/** Where a value lies between two ends, on a logarithmic axis. The range must be above zero. */
export const logScale =
  ({ min, max }: Range, from: number, to: number) =>
  (value: number): number => {
    const share = (Math.log(value) - Math.log(min)) / (Math.log(max) - Math.log(min))
    return from + Math.min(1, Math.max(0, share)) * (to - from)
  }

const steps = [1, 2, 5] as const

/** 1, 2, 5, 10, 20, ... that a logarithmic axis needs to enclose all values; at least two of them. */
export const ticksAround = (values: readonly number[]): number[] => {
  const good = values.filter((value) => value > 0)
  const [lowest, highest] = good.length > 0 ? [Math.min(...good), Math.max(...good)] : [1, 10]
  const first = Math.floor(Math.log10(lowest))
  const last = Math.ceil(Math.log10(highest)) + 1
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((power) =>
    steps.map((step) => Number((step * 10 ** power).toPrecision(1))),
  )
  const from = all.findLastIndex((tick) => tick <= lowest)
  const to = all.findIndex((tick) => tick >= highest)
  return all.slice(from, Math.max(to, from + 1) + 1)
}

/** The places moved so far apart that no two are closer than `gap`, each as near to its own as that allows; in the order given. */
export const spread = (places: readonly number[], gap: number): number[] => {
  const order = places.map((_, index) => index).toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
  const moved = order.map((index) => places[index] ?? 0)
  // Each pass moves the neighbours that are too close apart by the same amount; a few passes settle a handful of labels.
  for (let pass = 0; pass < 20; pass++) {
    for (let i = 1; i < moved.length; i++) {
      const [above = 0, below = 0] = [moved[i - 1], moved[i]]
      const missing = Math.max(0, gap - (below - above)) / 2
      moved[i - 1] = above - missing
      moved[i] = below + missing
    }
  }
  return places.map((_, index) => moved[order.indexOf(index)] ?? 0)
}
