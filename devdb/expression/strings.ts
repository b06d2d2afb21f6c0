import { toNumber } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { isNumeric, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { int32Of, searchIndex } from './indexes.ts'
import { binary, exactly, isNullish, type Operators, ranged, typeName, unary, variadic } from './operands.ts'
import { textOf } from './text.ts'

type Missable = Value | undefined

const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

const concatenate = (values: readonly Missable[]): Value => {
  let result = ''
  for (const value of values) {
    if (isNullish(value)) return null
    if (typeof value !== 'string') throw location(16702, `$concat only supports strings, not ${typeName(value)}`)
    result += value
  }
  return result
}

const split = (text: Missable, separator: Missable): Value => {
  if (isNullish(text) || isNullish(separator)) return null
  const wrong = (code: number, which: string, value: Value): Error =>
    location(
      code,
      `$split requires an expression that evaluates to a string as a ${which} argument, found: ${typeName(value)}`,
    )
  if (typeof text !== 'string') throw wrong(40085, 'first', text)
  if (typeof separator !== 'string') throw wrong(40086, 'second', separator)
  if (separator === '') throw location(40087, '$split requires a non-empty separator')
  return text.split(separator)
}

const byteNumber = (value: Missable, code: number, what: string): number => {
  if (value === undefined || !isNumeric(value) || kindOf(value) === 'decimal') {
    throw location(code, `$substrBytes:  ${what} must be a numeric type (is BSON type ${typeName(value)})`)
  }
  return Math.trunc(toNumber(value))
}

const substrBytes = ([text, from, count]: readonly Missable[]): string => {
  const bytes = Buffer.from(textOf(text), 'utf8')
  const start = byteNumber(from, 16034, 'starting index')
  const length = byteNumber(count, 16035, 'length')
  if (start < 0) throw location(50752, `$substrBytes:  starting index must be non-negative (got: ${start})`)
  const end = length < 0 ? bytes.length : start + length
  if (isContinuation(bytes[start])) {
    throw location(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.')
  }
  if (isContinuation(bytes[end])) {
    throw location(28657, '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.')
  }
  return bytes.toString('utf8', Math.min(start, bytes.length), Math.min(end, bytes.length))
}

const pointNumber = (value: Missable, codes: readonly [number, number, number], what: string): number => {
  if (value === undefined || !isNumeric(value)) {
    throw location(codes[0], `$substrCP: ${what} must be a numeric type (is BSON type ${typeName(value)})`)
  }
  const number = int32Of(value)
  if (number === undefined) {
    throw location(codes[1], `$substrCP: ${what} cannot be represented as a 32-bit integral value: ${show(value)}`)
  }
  if (number < 0) throw location(codes[2], `$substrCP: ${what} must be a nonnegative integer.`)
  return number
}

const substrPoints = ([text, from, count]: readonly Missable[]): string => {
  const whole = textOf(text)
  const start = pointNumber(from, [34450, 34451, 34455], 'starting index')
  const length = pointNumber(count, [34452, 34453, 34454], 'length')
  return [...whole].slice(start, start + length).join('')
}

const needTexts = (values: readonly Missable[], name: string, codes: readonly [number, number]): [string, string] => {
  const [text, token] = values
  if (typeof text !== 'string') {
    throw location(codes[0], `${name} requires a string as the first argument, found: ${typeName(text)}`)
  }
  if (typeof token !== 'string') {
    throw location(codes[1], `${name} requires a string as the second argument, found: ${typeName(token)}`)
  }
  return [text, token]
}

const boundsOf = (values: readonly Missable[], name: string, length: number): [number, number] => [
  values.length < 3 ? 0 : searchIndex(values[2], name, 'starting'),
  values.length < 4 ? length : Math.min(length, searchIndex(values[3], name, 'ending')),
]

const indexOfBytes = (values: readonly Missable[], name: string): Value => {
  if (isNullish(values[0])) return null
  const [text, token] = needTexts(values, name, [40091, 40092])
  const bytes = Buffer.from(text, 'utf8')
  const [start, end] = boundsOf(values, name, bytes.length)
  if (start > bytes.length || end < start) return -1
  return bytes.subarray(0, end).indexOf(token, start, 'utf8')
}

const indexOfPoints = (values: readonly Missable[], name: string): Value => {
  if (isNullish(values[0])) return null
  const [text, token] = needTexts(values, name, [40093, 40094])
  const points = [...text]
  const [start, end] = boundsOf(values, name, points.length)
  if (text === '' && token === '') return 0
  const wanted = [...token]
  for (let at = start; at < end; at++) if (wanted.every((point, index) => points[at + index] === point)) return at
  return -1
}

const lengthOf = (value: Missable, name: string): number => {
  if (typeof value === 'string') {
    return name === '$strLenBytes' ? Buffer.byteLength(value, 'utf8') : [...value].length
  }
  throw location(
    name === '$strLenBytes' ? 34473 : 34471,
    `${name} requires a string argument, found: ${typeName(value)}`,
  )
}

export const stringOperators: Operators = {
  $concat: variadic(concatenate),
  $split: binary(split),
  $substr: exactly(3, substrBytes),
  $substrBytes: exactly(3, substrBytes),
  $substrCP: exactly(3, substrPoints),
  $indexOfBytes: ranged([2, 4], indexOfBytes),
  $indexOfCP: ranged([2, 4], indexOfPoints),
  $strLenBytes: unary(lengthOf),
  $strLenCP: unary(lengthOf),
  $strcasecmp: binary((a, b) => Math.sign(compare(upper(textOf(a)), upper(textOf(b)))) + 0),
  $toLower: unary((value) => lower(textOf(value))),
  $toUpper: unary((value) => upper(textOf(value))),
}
