import type { BSONRegExp } from 'bson'
import { encodeKey } from '../bson/keys.ts'
import { integerOf, toNumber } from '../bson/numbers.ts'
import { compare, isEqual, sameBracket } from '../bson/order.ts'
import { isDoc, isNumeric, kindOf, typeNumbers, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'

/** A test of one value; `opens`: when the value is an array, each element is tried as well. */
export type Test = { readonly test: (value: Value | undefined) => boolean; readonly opens: boolean }

const equal = (operand: Value): Test => ({
  opens: true,
  test: (value) => (value === undefined ? operand === null : isEqual(value, operand)),
})

const isNaNValue = (value: Value): boolean => isNumeric(value) && Number.isNaN(toNumber(value))

const ordered = (operator: string, operand: Value): Test => {
  const accepts = {
    $gt: (order: number) => order > 0,
    $gte: (order: number) => order >= 0,
    $lt: (order: number) => order < 0,
    $lte: (order: number) => order <= 0,
  }[operator]
  const kind = kindOf(operand)
  if (kind === 'regex') throw failure('BadValue', `Can't have RegEx as arg to predicate over field '${operator}'.`)
  const includesEqual = operator === '$gte' || operator === '$lte'
  if (kind === 'null') return { opens: true, test: (value) => includesEqual && (value === undefined || value === null) }
  const anyType = kind === 'minKey' || kind === 'maxKey'
  const againstNaN = isNaNValue(operand)
  return {
    opens: true,
    test: (value) => {
      if (value === undefined) return false
      if (!anyType && !sameBracket(value, operand)) return false
      if (againstNaN || isNaNValue(value)) return includesEqual && againstNaN && isNaNValue(value)
      return accepts?.(compare(value, operand)) === true
    },
  }
}

/** Compiles a BSON regular expression; PCRE features that JavaScript lacks are refused, not misread. */
export const compileRegex = (pattern: string, options: string): RegExp => {
  const unknown = [...options].find((option) => !'imsux'.includes(option))
  if (unknown !== undefined) throw location(51108, `invalid flag in regex options: ${unknown}`)
  if (options.includes('x')) throw unsupported('the regular expression option x')
  const flags = [...new Set(options.replaceAll('u', ''))].join('')
  try {
    return new RegExp(pattern, `${flags}u`)
  } catch {
    // Unicode mode refuses escapes such as \- that PCRE allows.
  }
  try {
    return new RegExp(pattern, flags)
  } catch {
    throw location(51091, `Regular expression is invalid: ${pattern}`)
  }
}

const regexParts = (operand: Value): [string, string] => {
  if (typeof operand === 'string') return [operand, '']
  if (kindOf(operand) === 'regex') return [(operand as BSONRegExp).pattern, (operand as BSONRegExp).options]
  if (!isDoc(operand)) throw failure('BadValue', '$regex has to be a string')
  const [pattern, own] = regexParts(operand.pattern ?? null)
  if (typeof operand.options !== 'string') throw failure('BadValue', '$options has to be a string')
  if (own !== '' && operand.options !== '') throw location(51074, 'options set in both $regex and $options')
  return [pattern, own + operand.options]
}

const regex = (operand: Value): Test => {
  const [pattern, options] = regexParts(operand)
  const compiled = compileRegex(pattern, options)
  return {
    opens: true,
    test: (value) => {
      if (typeof value === 'string') return compiled.test(value)
      if (value === undefined || kindOf(value) !== 'regex') return false
      const own = value as BSONRegExp
      return own.pattern === pattern && own.options === options
    },
  }
}

const includes = (operator: string, operand: Value): Test => {
  if (!Array.isArray(operand)) throw failure('BadValue', `${operator} needs an array`)
  if (operand.some((item) => isDoc(item) && Object.keys(item)[0]?.startsWith('$'))) {
    throw failure('BadValue', `cannot nest $ under ${operator}`)
  }
  const regexes = operand.filter((item) => kindOf(item) === 'regex').map(regex)
  const keys = new Set(operand.filter((item) => kindOf(item) !== 'regex').map(encodeKey))
  const hasNull = operand.includes(null)
  return {
    opens: true,
    test: (value) => {
      if (value === undefined) return hasNull
      return (keys.size > 0 && keys.has(encodeKey(value))) || regexes.some(({ test }) => test(value))
    },
  }
}

export const isTruthy = (value: Value): boolean =>
  !(value === false || value === null || (isNumeric(value) && toNumber(value) === 0))

const exists: Test = { opens: false, test: (value) => value !== undefined }

const typeTest = (operand: Value): Test => {
  const numbers = Object.fromEntries(Object.entries(typeNumbers).map(([alias, number]) => [number, alias]))
  const aliases = (Array.isArray(operand) ? operand : [operand]).map((item) => {
    if (typeof item === 'string') {
      if (item !== 'number' && !(item in typeNumbers)) throw failure('BadValue', `Unknown type name alias: ${item}`)
      return item
    }
    const alias = numbers[String(integerOf(item))]
    if (alias === undefined) throw failure('BadValue', `Invalid numerical type code: ${String(item)}`)
    return alias
  })
  if (aliases.length === 0) throw failure('FailedToParse', '$type must match at least one type')
  return {
    opens: true,
    test: (value) =>
      value !== undefined && (aliases.includes(kindOf(value)) || (aliases.includes('number') && isNumeric(value))),
  }
}

const size = (operand: Value): Test => {
  const wanted = integerOf(operand)
  if (wanted === undefined || wanted < 0)
    throw failure('BadValue', 'Failed to parse $size. Expected a non-negative integer')
  return { opens: false, test: (value) => Array.isArray(value) && value.length === wanted }
}

const mod = (operand: Value): Test => {
  if (!Array.isArray(operand)) throw failure('BadValue', 'malformed mod, needs to be an array')
  if (operand.length !== 2)
    throw failure('BadValue', `malformed mod, ${operand.length < 2 ? 'not enough' : 'too many'} elements`)
  const [divisor, remainder] = operand.map((item) => (isNumeric(item) ? Math.trunc(toNumber(item)) : Number.NaN))
  if (divisor === undefined || remainder === undefined || Number.isNaN(divisor) || Number.isNaN(remainder)) {
    throw failure('BadValue', 'malformed mod, divisor and remainder must be numbers')
  }
  if (divisor === 0) throw failure('BadValue', 'divisor cannot be 0')
  return {
    opens: true,
    test: (value) => {
      if (value === undefined || !isNumeric(value)) return false
      const number = Math.trunc(toNumber(value))
      return Number.isFinite(number) && number % divisor === remainder
    },
  }
}

const notSupported = [
  '$expr',
  '$geoIntersects',
  '$geoWithin',
  '$near',
  '$nearSphere',
  '$within',
  '$bitsAllSet',
  '$bitsAllClear',
  '$bitsAnySet',
  '$bitsAnyClear',
  '$text',
  '$where',
  '$jsonSchema',
  '$comment',
]

/** The test of one operator; throws MongoDB's error for a bad operand or an unknown operator. */
export const fieldTest = (path: string, operator: string, operand: Value): Test => {
  switch (operator) {
    case '$eq':
      return kindOf(operand) === 'regex' ? sameRegex(operand) : equal(operand)
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return ordered(operator, operand)
    case '$in':
      return includes(operator, operand)
    case '$exists':
      return exists
    case '$type':
      return typeTest(operand)
    case '$regex':
      return regex(operand)
    case '$size':
      return size(operand)
    case '$mod':
      return mod(operand)
    default:
      if (notSupported.includes(operator)) throw unsupported(`the query operator ${operator} (field '${path}')`)
      throw failure('BadValue', `unknown operator: ${operator}`)
  }
}

const sameRegex = (operand: Value): Test => ({
  opens: true,
  test: (value) => value !== undefined && isEqual(value, operand),
})
