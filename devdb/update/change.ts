import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, kindOf, setField, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Target } from './places.ts'

export type Context = { readonly doc: Doc; readonly now: Date }

/** What one operator does at one place. `alsoAt`: a second path it writes (`$rename`). */
export type Change = {
  readonly apply: (target: Target, context: Context) => void
  readonly alsoAt?: readonly string[]
  readonly onlyOnInsert?: boolean
  /** A change that makes nothing when the path is not there: the path need not be viable. */
  readonly lenient?: boolean
}

/** Reads the operand of an operator at one path. */
export type MakeChange = (path: string, operand: Value, scope: Scope) => Change

/** A container that enters a document must not be shared with the command it came from: later changes write into it. */
export const structured = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(structured)
  if (!isDoc(value)) return value
  const copy: Doc = {}
  for (const [name, inner] of fieldsOf(value)) setField(copy, name, structured(inner))
  return copy
}

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** `{_id: ...}` of the document that an error is about. */
export const idOf = (doc: Doc): string => (doc._id === undefined ? '{}' : `{_id: ${show(doc._id)}}`)

/** An error about an operand that has the wrong type; the type is named as MongoDB names it. */
export const wrongOperand = (message: string, operand: Value | undefined): Error =>
  failure('BadValue', `${message}${operand === undefined ? 'missing' : kindOf(operand)}`)
