import { emptyArrayKey, encodeKey, nullKey } from '../bson/keys.ts'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'
import { anyLeaf } from './paths.ts'

export type SortField = { readonly path: string; readonly parts: readonly string[]; readonly direction: 1 | -1 }

export const parseSort = (spec: Value | undefined): SortField[] => {
  if (spec === undefined || spec === null) return []
  if (!isDoc(spec)) throw failure('TypeMismatch', "Expected field 'sort' to be of type object")
  return Object.entries(spec).map(([path, direction]) => {
    if (isDoc(direction)) throw unsupported(`sorting by an expression such as $meta (field '${path}')`)
    const number = integerOf(direction)
    if (number !== 1 && number !== -1)
      throw location(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
    if (path === '' || path.startsWith('$')) throw failure('BadValue', `FieldPath '${path}' is not a field to sort by`)
    return { path, parts: path.split('.'), direction: number }
  })
}

const keyOf = (doc: Doc, { parts, direction }: SortField): string => {
  let best: string | undefined
  const offer = (key: string): void => {
    if (best === undefined || (direction === 1 ? key < best : key > best)) best = key
  }
  anyLeaf(doc, parts, (value) => {
    if (!Array.isArray(value)) offer(value === undefined ? nullKey : encodeKey(value))
    else if (value.length === 0) offer(emptyArrayKey)
    else for (const element of value) offer(encodeKey(element))
    return false
  })
  return best ?? nullKey
}

/** The keys a document sorts by: of an array the least element ascending, the greatest descending. */
export const sortKeys = (doc: Doc, sort: readonly SortField[]): string[] => sort.map((field) => keyOf(doc, field))

export const compareSortKeys = (a: readonly string[], b: readonly string[], sort: readonly SortField[]): number => {
  for (let index = 0; index < sort.length; index++) {
    const [left, right] = [a[index] ?? '', b[index] ?? '']
    if (left !== right) return left < right === (sort[index]?.direction === 1) ? -1 : 1
  }
  return 0
}
