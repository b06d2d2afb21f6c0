import type { Binary } from 'bson'
import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { getField, isDoc, isNumeric, type Kind, kindOf, typeNumbers, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { type BinaryFormat, binaryToBinary, binaryToText, formatOf, textToBinary } from './binaries.ts'
import { convertValue } from './convert.ts'
import { type Arguments, named, orOnError } from './named.ts'
import {
  folded,
  isNullish,
  type Names,
  type Operator,
  type Operators,
  operandsOf,
  typeName,
  unary,
} from './operands.ts'

const convertNames: Names = {
  required: ['input', 'to'],
  optional: ['onError', 'onNull', 'format'],
  notObject: (_name, spec) =>
    failure('FailedToParse', `$convert expects an object of named arguments but found: ${typeName(spec)}`),
  unknown: (_name, argument) => failure('FailedToParse', `$convert found an unknown argument: ${argument}`),
  missing: (_name, argument) => failure('FailedToParse', `Missing '${argument}' parameter to $convert`),
}

type Target = { readonly kind: Kind | 'missing'; readonly subtype: number }

const kindsByNumber = new Map(Object.entries(typeNumbers).map(([kind, number]) => [number, kind as Kind]))

const kindNamed = (value: Value): Kind | 'missing' => {
  if (typeof value === 'string') {
    if (value === 'missing') return 'missing'
    if (Object.hasOwn(typeNumbers, value)) return value as Kind
    throw failure('BadValue', `Unknown type name: ${value}`)
  }
  if (!isNumeric(value)) {
    throw failure('FailedToParse', `$convert's 'to' argument must be a string or number, but is ${typeName(value)}`)
  }
  const number = integerOf(value)
  if (number === undefined) throw failure('FailedToParse', "In $convert, numeric 'to' argument is not an integer")
  if (number === 0) return 'missing'
  const kind = kindsByNumber.get(number)
  if (kind !== undefined) return kind
  throw failure('FailedToParse', `In $convert, numeric value for 'to' does not correspond to a BSON type: ${number}`)
}

const subtypeOf = (value: Value): number => {
  const subtype = integerOf(value)
  if (subtype === undefined) {
    throw location(4341106, `In $convert, numeric 'subtype' argument is not an integer: ${show(value)}`)
  }
  if (subtype >= 0 && (subtype <= 9 || (subtype >= 128 && subtype <= 255))) return subtype
  throw location(4341107, `In $convert, numeric value for 'subtype' does not correspond to a BinData type: ${subtype}`)
}

const targetOf = (to: Value): Target | null => {
  if (!isDoc(to)) return { kind: kindNamed(to), subtype: 0 }
  const [type, subtype] = [getField(to, 'type'), getField(to, 'subtype')]
  const unknown = Object.keys(to).find((name) => name !== 'type' && name !== 'subtype')
  if (unknown !== undefined) throw failure('FailedToParse', `$convert found an unknown argument in 'to': ${unknown}`)
  if (type === undefined) throw failure('FailedToParse', "Missing 'type' parameter in 'to' of $convert")
  if (isNullish(type)) return null
  return { kind: kindNamed(type), subtype: isNullish(subtype) ? 0 : subtypeOf(subtype) }
}

const needFormat = (format: BinaryFormat | null | undefined, from: string, to: string): BinaryFormat | null => {
  if (format !== undefined) return format
  throw failure('ConversionFailure', `Format must be specified when converting from '${from}' to '${to}'`)
}

const converted = (value: Value, { kind, subtype }: Target, format: BinaryFormat | null | undefined): Value => {
  const from = kindOf(value)
  if (from === 'binData' && kind === 'binData') return binaryToBinary(value as Binary, subtype)
  if (from === 'binData' && kind === 'string') {
    const chosen = needFormat(format, from, kind)
    return chosen === null ? null : binaryToText(value as Binary, chosen)
  }
  if (from === 'string' && kind === 'binData') {
    const chosen = needFormat(format, from, kind)
    return chosen === null ? null : textToBinary(String(value), chosen, subtype)
  }
  return convertValue(value, kind)
}

const convert = named(convertNames, (given: Arguments) => {
  const to = given.get('to')
  const input = given.get('input')
  const target = isNullish(to) ? null : targetOf(to)
  const format = given.has('format') ? formatOf(given.get('format')) : undefined
  if (isNullish(input)) return given.has('onNull') ? given.get('onNull') : null
  if (target === null) return null
  return orOnError(given, () => converted(input, target, format))
})

/** `{$toInt: x}` and its like: one operand, null for null. */
const shortcut =
  (target: Target, format?: BinaryFormat): Operator =>
  (spec, parser, name) => {
    const [operand, ...others] = operandsOf(spec, parser)
    if (operand === undefined || others.length > 0) {
      const count = operand === undefined ? 0 : others.length + 1
      throw location(50723, `${name} requires a single argument, got ${count}`)
    }
    return folded([operand], (env) => {
      const value = operand.evaluate(env)
      return isNullish(value) ? null : converted(value, target, format)
    })
  }

const to = (kind: Kind): Operator => shortcut({ kind, subtype: 0 })

export const typeOperators: Operators = {
  $convert: convert,
  $toBool: to('bool'),
  $toDate: to('date'),
  $toDecimal: to('decimal'),
  $toDouble: to('double'),
  $toInt: to('int'),
  $toLong: to('long'),
  $toObjectId: to('objectId'),
  $toString: shortcut({ kind: 'string', subtype: 0 }, 'auto'),
  $toUUID: shortcut({ kind: 'binData', subtype: 4 }, 'uuid'),
  $type: unary(typeName),
  $isNumber: unary((value) => value !== undefined && isNumeric(value)),
}
