import { type Doc, type Kind, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'

/** What a field of a command or of one of its statements may be; no kinds: anything, or checked by its own reader. */
export type Rule = {
  readonly kinds?: readonly Kind[]
  readonly required?: boolean
  /** Of an array: what its elements are. */
  readonly each?: readonly Kind[]
}

const numbers: readonly Kind[] = ['long', 'int', 'decimal', 'double']

/** The types that MongoDB's command definitions use. A `flag` may be a number, a `bool` may not. */
export const types = {
  any: {},
  bool: { kinds: ['bool'] },
  flag: { kinds: ['bool', ...numbers] },
  number: { kinds: numbers },
  string: { kinds: ['string'] },
  object: { kinds: ['object'] },
  array: { kinds: ['array'] },
  objects: { kinds: ['array'], each: ['object'] },
  strings: { kinds: ['array'], each: ['string'] },
} as const satisfies Readonly<Record<string, Rule>>

export const required = (rule: Rule): Rule => ({ ...rule, required: true })

export type Struct = Readonly<Record<string, Rule>>

const expected = (kinds: readonly Kind[]): string =>
  kinds.length === 1 ? `expected type '${kinds[0]}'` : `expected types '[${kinds.join(', ')}]'`

const checkKind = (field: string, value: Value, kinds: readonly Kind[]): void => {
  const kind = kindOf(value)
  if (!kinds.includes(kind))
    throw failure('TypeMismatch', `BSON field '${field}' is the wrong type '${kind}', ${expected(kinds)}`)
}

const checkField = (field: string, value: Value, { kinds, each }: Rule): void => {
  if (kinds !== undefined) checkKind(field, value, kinds)
  if (each === undefined || !Array.isArray(value)) return
  for (const [index, item] of value.entries()) checkKind(`${field}.${index}`, item, each)
}

const isAbsent = (value: Value | undefined): boolean => value === undefined || value === null

/**
 * Checks a document against the definition of a struct named `of` ("update.updates"): unknown fields are 40415, wrong
 * types 14, missing ones 40414. A null counts as absent, as it does in MongoDB.
 */
export const checkStruct = (doc: Doc, of: string, struct: Struct): void => {
  for (const [name, value] of Object.entries(doc)) {
    const rule = Object.hasOwn(struct, name) ? struct[name] : undefined
    if (rule === undefined) throw location(40415, `BSON field '${of}.${name}' is an unknown field.`)
    if (value !== null) checkField(`${of}.${name}`, value, rule)
  }
  checkRequired(doc, of, struct)
}

const checkRequired = (doc: Doc, of: string, struct: Struct): void => {
  for (const name in struct) {
    if (struct[name]?.required === true && isAbsent(doc[name]))
      throw location(40414, `BSON field '${of}.${name}' is missing but a required field`)
  }
}

/** The same for a command, whose unknown options and generic ones were dealt with before. */
export const checkCommand = (body: Doc, of: string, struct: Struct): void => {
  for (const name in struct) {
    const value = body[name]
    const rule = struct[name]
    if (rule !== undefined && value !== undefined && value !== null) checkField(`${of}.${name}`, value, rule)
  }
  checkRequired(body, of, struct)
}

/** Whether a field that was checked as `flag` or `bool` is set. */
export const isSet = (value: Value | undefined, otherwise = false): boolean => {
  if (value === undefined || value === null) return otherwise
  return typeof value === 'boolean' ? value : Number(String(value)) !== 0
}
