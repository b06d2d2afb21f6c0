import { type Data, isObject } from './run.ts'

const mergeList = (target: unknown[], source: readonly unknown[]): void => {
  for (const [index, value] of source.entries()) {
    const known = target[index]
    if (isObject(known) && isObject(value)) merge(known, value)
    else target[index] = value
  }
}

/**
 * Puts what one fetch has brought beside what others have. Objects and lists of equal length are merged, of anything else the later
 * one stays. `source` becomes part of `target`: it must not be used for anything else.
 */
export const merge = (target: Data, source: Data): void => {
  for (const key of Object.keys(source)) {
    const value = source[key]
    const known = target[key]
    if (isObject(known) && isObject(value)) merge(known, value)
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length) mergeList(known, value)
    else if (value !== undefined) target[key] = value
  }
}

/** A copy of data as JSON has it. */
export const copy = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(copy) as T
  if (!isObject(value)) return value
  const result: Data = {}
  for (const key of Object.keys(value)) result[key] = copy(value[key])
  return result as T
}
