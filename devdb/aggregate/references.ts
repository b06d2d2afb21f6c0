import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'
import { location, unsupported } from '../errors.ts'

/** Reads a value out of a document; undefined when it is missing. */
export type Read = (doc: Doc) => Value | undefined

const readPath = (node: Value | undefined, parts: readonly string[], depth: number): Value | undefined => {
  const part = parts[depth]
  if (part === undefined || node === undefined) return node
  if (Array.isArray(node)) {
    return node
      .map((element) => (isDoc(element) ? readPath(element, parts, depth) : undefined))
      .filter((value) => value !== undefined)
  }
  return isDoc(node) ? readPath(getField(node, part), parts, depth + 1) : undefined
}

/** `"$a.b"`: the value at the path; through an array, the array of its elements' values. */
export const fieldReference = (text: string, where: string): Read => {
  if (!text.startsWith('$')) throw unsupported(`the string literal '${text}' in ${where}`)
  if (text.startsWith('$$')) {
    if (text === '$$ROOT' || text === '$$CURRENT') return (doc) => doc
    throw unsupported(`the variable ${text} in ${where}`)
  }
  const parts = text.slice(1).split('.')
  if (parts.includes('')) throw location(40353, "FieldPath must not end with a '.'.")
  return (doc) => readPath(doc, parts, 0)
}
