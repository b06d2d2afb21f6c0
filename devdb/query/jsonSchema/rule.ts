import { encodeKey } from '../../bson/keys.ts'
import { type Doc, fieldsOf, isDoc, kindOf, setField, type Value } from '../../bson/values.ts'
import { failure, type MongoFailure } from '../../errors.ts'

/** What one keyword asks; `explain` says of a value that breaks it what errInfo lists of it. */
export type Rule = {
  readonly holds: (value: Value) => boolean
  readonly explain: (value: Value) => Doc | readonly Doc[]
}

export type Schema = {
  readonly holds: (value: Value) => boolean
  /** The rules a value breaks, in MongoDB's order. */
  readonly explain: (value: Value) => Doc[]
  /** `title` and `description`, as errors repeat them. */
  readonly annotations: Doc
}

/** The schema around a keyword, and how to read one inside it. */
export type Context = { readonly schema: Doc; readonly parse: (schema: Doc) => Schema }

/** Reads the argument of a keyword; throws MongoDB's errors for a wrong one. */
export type Keyword = (argument: Value, context: Context) => Rule

export type Keywords = Readonly<Record<string, Keyword>>

export const mistyped = (keyword: string, must: string): MongoFailure =>
  failure('TypeMismatch', `$jsonSchema keyword '${keyword}' must be ${must}`)

export const malformed = (keyword: string, why: string): MongoFailure =>
  failure('FailedToParse', `$jsonSchema keyword '${keyword}' ${why}`)

type Leaf = {
  readonly name: string
  readonly argument: Value
  readonly reason: string
  readonly holds: (value: Value) => boolean
  /** What the error says beyond the value. */
  readonly more?: (value: Value) => Doc
}

/** A rule on one value. */
export const leaf = ({ name, argument, reason, holds, more = () => ({}) }: Leaf): Rule => ({
  holds,
  explain: (value) => ({
    operatorName: name,
    specifiedAs: { [name]: argument },
    reason,
    consideredValue: value,
    ...more(value),
  }),
})

const inNameOrder = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(inNameOrder)
  if (!isDoc(value)) return value
  const sorted: Doc = {}
  const fields = fieldsOf(value).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, item] of fields) setField(sorted, name, inNameOrder(item))
  return sorted
}

/** Equal for values that are equal whatever the order of their fields, as JSON Schema compares. */
export const unorderedKey = (value: Value): string => encodeKey(inNameOrder(value))

/** What the names in `required` and `dependencies` must be. */
export const isString = (value: Value): value is string => kindOf(value) === 'string'
