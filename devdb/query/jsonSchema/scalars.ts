import { asDecimal, exactOf, isFiniteDecimal, type Numeric } from '../../bson/numbers.ts'
import { compare } from '../../bson/order.ts'
import { isNumeric, type Kind, kindOf, typeNumbers, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { nonNegativeInteger } from '../integers.ts'
import { compileRegex } from '../regex.ts'
import { parseTypes } from '../types.ts'
import { type Keyword, type Keywords, leaf, malformed, mistyped } from './rule.ts'

type Bound = { readonly name: string; readonly exclusive: string; readonly sign: 1 | -1 }

const bound =
  ({ name, exclusive, sign }: Bound): Keyword =>
  (argument, { schema }) => {
    if (!isNumeric(argument)) throw mistyped(name, 'a number')
    const strict = schema[exclusive]
    if (strict !== undefined && typeof strict !== 'boolean') throw mistyped(exclusive, 'a boolean')
    return leaf({
      name,
      argument,
      reason: 'comparison failed',
      holds: (value) => {
        if (!isNumeric(value)) return true
        const order = compare(value, argument) * sign
        return order > 0 || (order === 0 && strict !== true)
      },
    })
  }

/** `exclusiveMinimum` is read with its `minimum`: alone it is an error. */
const needs =
  (name: string, other: string): Keyword =>
  (_argument, { schema }) => {
    if (schema[other] === undefined) throw malformed(other, `must be a present if ${name} is present`)
    return { holds: () => true, explain: () => [] }
  }

const length =
  (name: string, accepts: (count: number, limit: number) => boolean): Keyword =>
  (argument) => {
    const limit = nonNegativeInteger(name, argument)
    return leaf({
      name,
      argument,
      reason: 'specified string length was not satisfied',
      holds: (value) => typeof value !== 'string' || accepts([...value].length, limit),
    })
  }

const pattern: Keyword = (argument) => {
  if (typeof argument !== 'string') throw mistyped('pattern', 'a string')
  const regex = compileRegex(argument, '')
  return leaf({
    name: 'pattern',
    argument,
    reason: 'regular expression did not match',
    holds: (value) => typeof value !== 'string' || regex.test(value),
  })
}

const isMultiple = (value: Numeric, divisor: Numeric): boolean => {
  const [decimal, by] = [asDecimal(value), asDecimal(divisor)]
  if (!isFiniteDecimal(decimal) || !isFiniteDecimal(by)) return false
  const [a, b] = [exactOf(decimal), exactOf(by)]
  const exponent = Math.min(a.exponent, b.exponent)
  const scaled = ({ coefficient, exponent: own }: typeof a): bigint => coefficient * 10n ** BigInt(own - exponent)
  return scaled(a) % scaled(b) === 0n
}

const multipleOf: Keyword = (argument) => {
  if (!isNumeric(argument)) throw mistyped('multipleOf', 'a number')
  if (compare(argument, 0) <= 0) throw malformed('multipleOf', 'must have a positive value')
  return leaf({
    name: 'multipleOf',
    argument,
    reason: 'considered value is not a multiple of the specified value',
    holds: (value) => !isNumeric(value) || isMultiple(value, argument),
  })
}

/** In the order in which MongoDB tests and reports them. */
export const scalarKeywords: Keywords = {
  pattern,
  maxLength: length('maxLength', (count, limit) => count <= limit),
  minLength: length('minLength', (count, limit) => count >= limit),
  multipleOf,
  maximum: bound({ name: 'maximum', exclusive: 'exclusiveMaximum', sign: -1 }),
  exclusiveMaximum: needs('exclusiveMaximum', 'maximum'),
  minimum: bound({ name: 'minimum', exclusive: 'exclusiveMinimum', sign: 1 }),
  exclusiveMinimum: needs('exclusiveMinimum', 'minimum'),
}

const jsonTypes: Readonly<Record<string, string>> = {
  array: 'array',
  boolean: 'bool',
  number: 'number',
  null: 'null',
  object: 'object',
  string: 'string',
}

const aliasOf = (name: string, item: Value): string => {
  if (typeof item !== 'string') throw mistyped(name, 'either a string or an array of strings')
  if (name === 'bsonType') {
    if (item === 'number' || Object.hasOwn(typeNumbers, item)) return item
    throw failure('BadValue', `Unknown type name alias: ${item}`)
  }
  if (item === 'integer') throw failure('FailedToParse', "$jsonSchema type 'integer' is not currently supported.")
  const alias = jsonTypes[item]
  if (alias === undefined) throw failure('BadValue', `Unknown type name alias: ${item}`)
  return alias
}

const type =
  (name: 'type' | 'bsonType'): Keyword =>
  (argument) => {
    const items = Array.isArray(argument) ? argument : [argument]
    const aliases = items.map((item) => aliasOf(name, item))
    if (new Set(aliases).size !== aliases.length) throw malformed(name, 'has duplicate value')
    const types = parseTypes(aliases, () => malformed(name, 'must name at least one type'))
    return leaf({
      name,
      argument,
      reason: 'type did not match',
      holds: types.has,
      more: (value): { consideredType: Kind } => ({ consideredType: kindOf(value) }),
    })
  }

/** The type of a value; of the two spellings a schema may use one. */
export const typeKeywords: Keywords = { type: type('type'), bsonType: type('bsonType') }
