import { emptyArrayKey, encodeKey, invert, nullKey } from '../bson/keys.ts'
import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'

export type IndexField = { readonly path: string; readonly parts: readonly string[]; readonly direction: 1 | -1 }

/** One key of a document: its bytes, and the values they came from (error messages show those). */
export type IndexKey = { readonly key: string; readonly values: readonly (Value | undefined)[] }

export type IndexKeys = {
  readonly keys: readonly IndexKey[]
  /** Which fields went through an array in this document. */
  readonly multikey: readonly boolean[]
  readonly present: boolean
}

const emptyArray = Symbol('empty array')

/** How far one field of the index has come in the document. */
type Position = {
  readonly node: Value | undefined | typeof emptyArray
  readonly rest: readonly string[]
  readonly opened: boolean
}

/** Walks through documents up to the end of the path or the next array. */
const advance = (position: Position): Position => {
  let { node, rest } = position
  while (node !== undefined && node !== emptyArray && rest.length > 0) {
    const [part = '', ...after] = rest
    if (Array.isArray(node)) break
    node = isDoc(node) ? getField(node, part) : undefined
    rest = after
  }
  return { node, rest, opened: false }
}

const isAtArray = (position: Position): boolean => Array.isArray(position.node) && !position.opened

const expand = (positions: readonly Position[]): (readonly Position[])[] => {
  const stopped = positions.map((position) => (position.opened ? position : advance(position)))
  const array = stopped.find(isAtArray)?.node as Value[] | undefined
  if (array === undefined) return [stopped]
  if (stopped.some((position) => isAtArray(position) && position.node !== array)) {
    throw failure('CannotIndexParallelArrays', 'cannot index parallel arrays')
  }
  // Only documents are looked into: an array in the array counts as a value without that field.
  const at = (element: Value): Position[] =>
    stopped.map((position) => {
      if (!isAtArray(position)) return position
      if (position.rest.length === 0) return { node: element, rest: [], opened: true }
      return { node: Array.isArray(element) ? undefined : element, rest: position.rest, opened: false }
    })
  if (array.length === 0) {
    return expand(
      stopped.map((position) =>
        isAtArray(position)
          ? { node: position.rest.length === 0 ? emptyArray : undefined, rest: [], opened: true }
          : position,
      ),
    )
  }
  return array.flatMap((element) => expand(at(element)))
}

const componentKey = (node: Position['node'], direction: 1 | -1): string => {
  const key = node === emptyArray ? emptyArrayKey : node === undefined ? nullKey : encodeKey(node)
  return direction === 1 ? key : invert(key)
}

const touchesArray = (doc: Doc, parts: readonly string[]): boolean => {
  let node: Value | undefined = doc
  for (const part of parts) {
    if (Array.isArray(node)) return true
    node = node !== undefined && isDoc(node) ? getField(node, part) : undefined
  }
  return Array.isArray(node)
}

/**
 * The keys of a document in an index. An array gives one key for each element; of fields below one array the keys hold
 * the values of the same element together. Two arrays side by side are refused (code 171), as in MongoDB.
 */
export const indexKeys = (doc: Doc, fields: readonly IndexField[]): IndexKeys => {
  const starts = fields.map(({ parts }): Position => ({ node: doc, rest: parts, opened: false }))
  const unique = new Map<string, IndexKey>()
  let present = false
  for (const ends of expand(starts)) {
    const key = ends.map(({ node }, index) => componentKey(node, fields[index]?.direction ?? 1)).join('')
    if (ends.some(({ node }) => node !== undefined)) present = true
    const values = ends.map(({ node }) => (node === emptyArray ? undefined : node))
    if (!unique.has(key)) unique.set(key, { key, values })
  }
  return { keys: [...unique.values()], multikey: fields.map(({ parts }) => touchesArray(doc, parts)), present }
}
