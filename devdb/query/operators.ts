import { integerOf, toNumber } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { bitTests } from './bits.ts'
import { equality, membership, range, type Test } from './comparison.ts'
import { truncated } from './integers.ts'
import { regexTest } from './regex.ts'
import type { Scope } from './scope.ts'
import { typeTest } from './types.ts'

/** What MongoDB takes for true where it asks for a boolean: all but false, null and zero. */
export const isTruthy = (value: Value): boolean =>
  !(value === false || value === null || kindOf(value) === 'undefined' || (isNumeric(value) && toNumber(value) === 0))

const size = (operand: Value): Test => {
  const named = `$size: ${show(operand)}`
  if (!isNumeric(operand)) throw failure('BadValue', `Failed to parse $size. Expected a number in: ${named}`)
  const wanted = integerOf(operand)
  if (wanted === undefined) throw failure('BadValue', `Failed to parse $size. Expected an integer: ${named}`)
  if (wanted < 0) throw failure('BadValue', `Failed to parse $size. Expected a non-negative number in: ${named}`)
  return { opens: false, test: (value) => Array.isArray(value) && value.length === wanted }
}

const modArgument = (name: string, value: Value): bigint => {
  if (!isNumeric(value)) throw failure('BadValue', `malformed mod, ${name} not a number`)
  const whole = truncated(value)
  if (whole !== undefined) return whole
  const reason = Number.isFinite(toNumber(value)) ? 'Out of bounds' : 'Unable to coerce NaN/Inf to integral type'
  throw failure('BadValue', `malformed mod, ${name} value is invalid :: caused by :: ${reason}`)
}

/** `$mod`: divisor, remainder and value lose their fractions; the remainder has the sign of the value. */
const mod = (operand: Value): Test => {
  if (!Array.isArray(operand)) throw failure('BadValue', 'malformed mod, needs to be an array')
  if (operand.length < 2) throw failure('BadValue', 'malformed mod, not enough elements')
  if (operand.length > 2) throw failure('BadValue', 'malformed mod, too many elements')
  const [divisor, remainder] = [
    modArgument('divisor', operand[0] ?? null),
    modArgument('remainder', operand[1] ?? null),
  ]
  if (divisor === 0n) throw failure('BadValue', 'divisor cannot be 0')
  return {
    opens: true,
    test: (value) => {
      const whole = value !== undefined && isNumeric(value) ? truncated(value) : undefined
      return whole !== undefined && whole % divisor === remainder
    },
  }
}

type MakeTest = (operand: Value, scope: Scope, path: string) => Test

const ofOperator =
  (make: (operator: string, operand: Value, collation: Scope['collation']) => Test, operator: string): MakeTest =>
  (operand, { collation }) =>
    make(operator, operand, collation)

const tests: Readonly<Record<string, MakeTest>> = {
  $eq: (operand, { collation }) => equality(operand, collation),
  $gt: ofOperator(range, '$gt'),
  $gte: ofOperator(range, '$gte'),
  $lt: ofOperator(range, '$lt'),
  $lte: ofOperator(range, '$lte'),
  $in: ofOperator(membership, '$in'),
  $exists: () => ({ opens: false, test: (value) => value !== undefined }),
  $type: (operand, _scope, path) => typeTest(path, operand),
  $regex: (operand) => ({ opens: true, test: regexTest(operand) }),
  $size: size,
  $mod: mod,
  ...Object.fromEntries(
    Object.entries(bitTests).map(([name, make]): [string, MakeTest] => [name, (operand) => make(name, operand)]),
  ),
}

const notSupported = [
  '$geoIntersects',
  '$geoWithin',
  '$near',
  '$nearSphere',
  '$geoNear',
  '$within',
  '$maxDistance',
  '$minDistance',
  '$uniqueDocs',
  '$_internalSchemaType',
]

export type FieldOperator = {
  readonly path: string
  readonly operator: string
  readonly operand: Value
  readonly scope: Scope
}

/** The test of one operator; throws MongoDB's error for a bad operand or an unknown operator. */
export const fieldTest = ({ path, operator, operand, scope }: FieldOperator): Test => {
  const make = Object.hasOwn(tests, operator) ? tests[operator] : undefined
  if (make !== undefined) return make(operand, scope, path)
  if (notSupported.includes(operator)) throw unsupported(`the query operator ${operator} (field '${path}')`)
  throw failure('BadValue', `unknown operator: ${operator}`)
}
