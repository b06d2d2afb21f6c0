import { type Doc, getField, isDoc, setField, type Value } from '../bson/values.ts'

/** The value at a path through documents only: what lies in arrays is not looked at. */
export const valueAt = (doc: Doc, parts: readonly string[]): Value | undefined =>
  parts.reduce<Value | undefined>((node, part) => (isDoc(node) ? getField(node, part) : undefined), doc)

/** A copy of the document with another value at the path, undefined for none; containers on the way are made when they are no documents. */
export const withValueAt = (doc: Doc, [part = '', ...rest]: readonly string[], value: Value | undefined): Doc => {
  const copy = { ...doc }
  if (rest.length > 0) {
    const inner = getField(doc, part)
    if (value !== undefined || isDoc(inner)) setField(copy, part, withValueAt(isDoc(inner) ? inner : {}, rest, value))
  } else if (value === undefined) {
    delete copy[part]
  } else {
    setField(copy, part, value)
  }
  return copy
}

/** Whether one path is the other or leads to it. */
export const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
