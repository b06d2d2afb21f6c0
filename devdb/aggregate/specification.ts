import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'

/** The specification as an object; throws 14 TypeMismatch in the words of MongoDB's IDL parser. */
export const objectOf = (spec: Value, stage: string): Doc => {
  if (isDoc(spec)) return spec
  throw failure('TypeMismatch', `the ${stage} stage specification must be an object, found ${kindOf(spec)}`)
}

export const missingField = (field: string): Error =>
  location(40414, `BSON field '${field}' is missing but a required field`)

/** Throws 40415 for an argument that is not in `allowed`. */
export const checkArguments = (spec: Doc, stage: string, allowed: readonly string[]): void => {
  const unknown = Object.keys(spec).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw location(40415, `BSON field '${stage}.${unknown}' is an unknown field.`)
}

export const wrongType = (field: string, value: Value, expected: string): Error =>
  failure('TypeMismatch', `BSON field '${field}' is the wrong type '${kindOf(value)}', expected type '${expected}'`)

/** A string argument; throws 40414 when it is missing and 14 for another type. */
export const stringOf = (spec: Doc, stage: string, name: string): string => {
  const value = spec[name]
  if (value === undefined) throw missingField(`${stage}.${name}`)
  if (typeof value !== 'string') throw wrongType(`${stage}.${name}`, value, 'string')
  return value
}
