import { invert, nullKey } from '../bson/keys.ts'
import type { Interval } from './sortedKeys.ts'

/** A stretch of one field's keys, before the direction of the index is applied. */
export type Stretch = {
  readonly low: string
  readonly lowIncluded: boolean
  readonly high: string
  readonly highIncluded: boolean
}

/** Above every byte sequence a key can continue with. */
export const beyond = '\xff\xff'

export const point = (key: string): Stretch => ({ low: key, lowIncluded: true, high: key, highIncluded: true })

export const everything: Stretch = { low: '\x01', lowIncluded: true, high: '\xfe', highIncluded: false }

export const isPoint = ({ low, high }: Stretch): boolean => low === high

export const isEverything = ({ low, high }: Stretch): boolean => low === everything.low && high === everything.high

export const holdsNull = ({ low, lowIncluded, high, highIncluded }: Stretch): boolean =>
  (low < nullKey || (low === nullKey && lowIncluded)) && (high > nullKey || (high === nullKey && highIncluded))

const tighten = (a: Stretch, b: Stretch): Stretch => {
  const low = a.low > b.low || (a.low === b.low && !a.lowIncluded) ? a : b
  const high = a.high < b.high || (a.high === b.high && !a.highIncluded) ? a : b
  return { low: low.low, lowIncluded: low.lowIncluded, high: high.high, highIncluded: high.highIncluded }
}

const isEmpty = ({ low, lowIncluded, high, highIncluded }: Stretch): boolean =>
  low > high || (low === high && !(lowIncluded && highIncluded))

const endsBefore = (a: Stretch, b: Stretch): boolean =>
  a.high < b.high || (a.high === b.high && !a.highIncluded && b.highIncluded)

/** What two lists have in common; both in ascending order and free of overlaps, as is the result. */
export const intersection = (a: readonly Stretch[], b: readonly Stretch[]): Stretch[] => {
  const common: Stretch[] = []
  let [left, right] = [0, 0]
  for (;;) {
    const [one, other] = [a[left], b[right]]
    if (one === undefined || other === undefined) return common
    const both = tighten(one, other)
    if (!isEmpty(both)) common.push(both)
    if (endsBefore(one, other)) left++
    else right++
  }
}

const startsBefore = (a: Stretch, b: Stretch): number =>
  a.low !== b.low ? (a.low < b.low ? -1 : 1) : Number(b.lowIncluded) - Number(a.lowIncluded)

/** The same keys in ascending order and without overlaps. */
export const union = (stretches: readonly Stretch[]): Stretch[] => {
  const merged: Stretch[] = []
  for (const next of [...stretches].sort(startsBefore)) {
    const last = merged.at(-1)
    const apart =
      last === undefined || last.high < next.low || (last.high === next.low && !last.highIncluded && !next.lowIncluded)
    if (apart) merged.push(next)
    else if (endsBefore(last, next))
      merged[merged.length - 1] = { ...last, high: next.high, highIncluded: next.highIncluded }
  }
  return merged
}

/** All other keys; the list in ascending order and free of overlaps. */
export const complement = (stretches: readonly Stretch[]): Stretch[] => {
  const rest: Stretch[] = []
  let { low, lowIncluded } = everything
  for (const stretch of stretches) {
    rest.push({ low, lowIncluded, high: stretch.low, highIncluded: !stretch.lowIncluded })
    low = stretch.high
    lowIncluded = !stretch.highIncluded
  }
  rest.push({ low, lowIncluded, high: everything.high, highIncluded: everything.highIncluded })
  return rest.filter((stretch) => !isEmpty(stretch))
}

/** The interval of index keys that begin with `prefix` and continue inside the stretch. */
export const intervalOf = (prefix: string, stretch: Stretch, direction: 1 | -1): Interval => {
  const { low, lowIncluded, high, highIncluded } = stretch
  if (direction === 1) {
    return { start: prefix + low + (lowIncluded ? '' : beyond), end: prefix + high + (highIncluded ? beyond : '') }
  }
  return {
    start: prefix + invert(high) + (highIncluded ? '' : beyond),
    end: prefix + invert(low) + (lowIncluded ? beyond : ''),
  }
}
