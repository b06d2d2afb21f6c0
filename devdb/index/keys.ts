import { type Collation, withEqualityKeys } from '../bson/collation.ts'
import { emptyArrayKey, encodeKey, invert, nullKey } from '../bson/keys.ts'
import { show } from '../bson/show.ts'
import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'

export type IndexField = {
  readonly path: string
  readonly parts: readonly string[]
  readonly direction: 1 | -1
  /** Its keys serve equality only: no range, no order. */
  readonly hashed: boolean
}

export type IndexKeys = {
  /** Without repetitions. */
  readonly keys: readonly string[]
  /** Which fields went through an array in this document; undefined when none did. */
  readonly multikey: readonly boolean[] | undefined
  /** Some field of the index is there: sparse indexes leave out the other documents. */
  readonly present: boolean
}

const emptyArray = Symbol('empty array')

export type Leaf = Value | undefined | typeof emptyArray

/** How far one field of the index has come in the document. */
type Position = { readonly node: Leaf; readonly rest: readonly string[]; readonly opened: boolean }

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

/** The element that an index in the path names: an array there is a value, unless the path goes on within it. */
const namedElement = (array: readonly Value[], [part = '', ...rest]: readonly string[]): Position | undefined => {
  const node = /^(0|[1-9]\d*)$/.test(part) ? array[Number(part)] : undefined
  if (node === undefined) return undefined
  return rest.length === 0 ? { node, rest, opened: true } : advance({ node, rest, opened: false })
}

const checkUnambiguous = (element: Value, [part = '']: readonly string[]): void => {
  if (isDoc(element) && getField(element, part) !== undefined)
    throw location(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}' for array: ${show(element)}`,
    )
}

const expand = (positions: readonly Position[]): (readonly Position[])[] => {
  const stopped = positions.map((position) => (position.opened ? position : advance(position)))
  const array = stopped.find(isAtArray)?.node as Value[] | undefined
  if (array === undefined) return [stopped]
  if (stopped.some((position) => isAtArray(position) && position.node !== array)) {
    throw failure('CannotIndexParallelArrays', 'cannot index parallel arrays')
  }
  const named = stopped.map((position) => (isAtArray(position) ? namedElement(array, position.rest) : undefined))
  // Only documents are looked into: an array in the array counts as a value without that field.
  const at = (element: Value): Position[] =>
    stopped.map((position, at) => {
      if (!isAtArray(position)) return position
      const elsewhere = named[at]
      if (elsewhere !== undefined) {
        checkUnambiguous(element, position.rest)
        return elsewhere
      }
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

/** The key of one value: strings as themselves, or as the representatives of a collation. */
export const leafKey = (leaf: Leaf, direction: 1 | -1, collation: Collation | undefined): string => {
  const key = leaf === emptyArray ? emptyArrayKey : leaf === undefined ? nullKey : collatedKey(leaf, collation)
  return direction === 1 ? key : invert(key)
}

export const collatedKey = (value: Value, collation: Collation | undefined): string =>
  encodeKey(collation === undefined ? value : withEqualityKeys(value, collation))

type Found = { readonly value: Value | undefined } | undefined

/** The value of a path that meets no array; undefined when it does. */
const plainValue = (doc: Doc, parts: readonly string[]): Found => {
  let node: Value | undefined = doc
  for (const part of parts) {
    if (node === undefined || Array.isArray(node)) break
    node = isDoc(node) ? getField(node, part) : undefined
  }
  return Array.isArray(node) ? undefined : { value: node }
}

/** The key of a field in a document without arrays on its path. */
export const keyOfPath = (doc: Doc, { parts, direction }: IndexField): string =>
  leafKey(plainValue(doc, parts)?.value, direction, undefined)

const touchesArray = (doc: Doc, parts: readonly string[]): boolean => plainValue(doc, parts) === undefined

/** The one key of a document without arrays on the way: nearly all documents of nearly all indexes. */
const plainKeys = (doc: Doc, fields: readonly IndexField[], collation: Collation | undefined) => {
  let key = ''
  let present = false
  for (const { parts, direction } of fields) {
    const found = plainValue(doc, parts)
    if (found === undefined) return undefined
    if (found.value !== undefined) present = true
    key += leafKey(found.value, direction, collation)
  }
  return { keys: [key], multikey: undefined, present }
}

/** The keys of an index on one field that is an array at the end of its path, as lists of tags and words are. */
const arrayKeys = (
  doc: Doc,
  fields: readonly IndexField[],
  collation: Collation | undefined,
): IndexKeys | undefined => {
  const [field, ...others] = fields
  if (field === undefined || others.length > 0) return undefined
  const { parts, direction } = field
  const above = plainValue(doc, parts.slice(0, -1))?.value
  const list = above !== undefined && isDoc(above) ? getField(above, parts.at(-1) ?? '') : undefined
  if (!Array.isArray(list)) return undefined
  const leaves: readonly Leaf[] = list.length === 0 ? [emptyArray] : list
  const keys = new Set<string>()
  for (const leaf of leaves) keys.add(leafKey(leaf, direction, collation))
  return { keys: [...keys], multikey: [true], present: true }
}

const ends = (doc: Doc, fields: readonly IndexField[]): (readonly Position[])[] =>
  expand(fields.map(({ parts }): Position => ({ node: doc, rest: parts, opened: false })))

const joined = (positions: readonly Position[], fields: readonly IndexField[], collation?: Collation): string =>
  positions.map(({ node }, at) => leafKey(node, fields[at]?.direction ?? 1, collation)).join('')

/**
 * The keys of a document in an index. An array gives one key for each element; of fields below one array the keys hold
 * the values of the same element together. Two arrays side by side are refused (code 171), an array in a hashed field
 * too (16766), as in MongoDB.
 */
export const indexKeys = (doc: Doc, fields: readonly IndexField[], collation?: Collation): IndexKeys => {
  const plain = plainKeys(doc, fields, collation)
  if (plain !== undefined) return plain
  const hashed = fields.find((field) => field.hashed && touchesArray(doc, field.parts))
  if (hashed !== undefined)
    throw location(16766, `hashed indexes do not currently support array values. Field path: ${hashed.path}`)
  const list = arrayKeys(doc, fields, collation)
  if (list !== undefined) return list
  const all = ends(doc, fields)
  return {
    keys: [...new Set(all.map((positions) => joined(positions, fields, collation)))],
    multikey: fields.map(({ parts }) => touchesArray(doc, parts)),
    present: all.some((positions) => positions.some(({ node }) => node !== undefined)),
  }
}

/** The values behind one key of the document: error messages show them. */
export const keyValues = (
  doc: Doc,
  { key, fields, collation }: { key: string; fields: readonly IndexField[]; collation?: Collation },
): (Value | undefined)[] => {
  const found = ends(doc, fields).find((positions) => joined(positions, fields, collation) === key) ?? []
  return found.map(({ node }) => (node === emptyArray ? undefined : node))
}

/** The values of several paths as one index would combine them: below one array those of the same element. */
export const leafTuples = (doc: Doc, paths: readonly (readonly string[])[]): Leaf[][] =>
  expand(paths.map((rest): Position => ({ node: doc, rest, opened: false }))).map((positions) =>
    positions.map(({ node }) => node),
  )

export const isEmptyArray = (leaf: Leaf): leaf is typeof emptyArray => leaf === emptyArray
