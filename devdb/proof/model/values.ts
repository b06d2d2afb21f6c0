/** The values a model document may hold; undefined stands for a field that is missing. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [field: string]: Value }
export type Doc = { readonly [field: string]: Value }

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

export const isDoc = (value: Value | undefined): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The documented order of types: missing and null, numbers, strings, documents, arrays, booleans. */
export const rank = (value: Value | undefined): number => {
  if (value === undefined || value === null) return 1
  if (typeof value === 'number') return 2
  if (typeof value === 'string') return 3
  if (typeof value === 'boolean') return 6
  return isList(value) ? 5 : 4
}

const sign = <T extends number | string | boolean>(one: T, other: T): number => (one < other ? -1 : one > other ? 1 : 0)

const compareLists = (one: readonly Value[], other: readonly Value[]): number => {
  for (const [index, value] of one.entries()) {
    if (index >= other.length) return 1
    const order = compare(value, other[index])
    if (order !== 0) return order
  }
  return sign(one.length, other.length)
}

/** Field by field: the type of the value, then the name, then the value. */
const compareDocs = (one: Doc, other: Doc): number => {
  const [left, right] = [Object.entries(one), Object.entries(other)]
  for (const [index, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[index] ?? []
    if (otherName === undefined) return 1
    const order = sign(rank(value), rank(otherValue)) || sign(name, otherName) || compare(value, otherValue)
    if (order !== 0) return order
  }
  return sign(left.length, right.length)
}

/** The order of two values of any types. */
export const compare = (one: Value | undefined, other: Value | undefined): number => {
  const order = sign(rank(one), rank(other))
  if (order !== 0) return order
  if (isList(one) && isList(other)) return compareLists(one, other)
  if (isDoc(one) && isDoc(other)) return compareDocs(one, other)
  if (typeof one === 'object' || one === undefined) return 0
  return sign(one, other as typeof one)
}

export const same = (one: Value | undefined, other: Value | undefined): boolean => compare(one, other) === 0

const isPosition = (name: string): boolean => /^\d+$/.test(name)

/**
 * The values at a dotted path: fields of documents, elements of arrays by position, and fields of the documents in an
 * array. A document without the field gives a missing value, an element that is no document gives nothing.
 */
export const valuesAt = (value: Value | undefined, [name, ...rest]: readonly string[]): (Value | undefined)[] => {
  if (name === undefined) return [value]
  if (isDoc(value)) return valuesAt(Object.hasOwn(value, name) ? value[name] : undefined, rest)
  if (!isList(value)) return [undefined]
  const byPosition = isPosition(name) && Number(name) < value.length ? valuesAt(value[Number(name)], rest) : []
  return [...byPosition, ...value.filter(isDoc).flatMap((element) => valuesAt(element, [name, ...rest]))]
}
