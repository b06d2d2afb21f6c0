import { arithmetic, integerOf } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { type Doc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { checkArguments, missingField, objectOf, wrongType } from './specification.ts'
import { addUnits, parseTimeUnit, type TimeUnit } from './timeUnits.ts'

/** Half open: the upper bound is not made. */
export type Bounds = 'full' | 'partition' | { readonly low: Value; readonly high: Value }

export type Range = {
  readonly bounds: Bounds
  /** The value one step further. */
  readonly next: (value: Value) => Value
  /** Throws for a value that this range has no step for. */
  readonly check: (value: Value) => void
}

const explicitBounds = (bounds: readonly Value[], step: Value, unit: TimeUnit | undefined): Bounds => {
  const [low = null, high = null] = bounds
  if (bounds.length !== 2)
    throw location(5733403, 'A bounding array in a range statement must have exactly two elements')
  if (compare(low, high) > 0)
    throw location(5733402, 'A bounding array must be an ascending array of either two dates or two numbers')
  if (isNumeric(low)) {
    if (unit !== undefined) throw location(5733409, 'Numeric bounds may not have unit parameter')
    if (!isNumeric(high))
      throw location(5733406, 'A bounding array must contain either both dates or both numeric types')
    if (kindOf(low) !== kindOf(high) || kindOf(low) !== kindOf(step))
      throw location(5876900, 'Upper bound, lower bound, and step must all have the same type')
    return { low, high }
  }
  if (!(low instanceof Date)) throw location(5946800, 'Explicit bounds must be numeric or dates')
  if (!(high instanceof Date))
    throw location(5733405, 'A bounding array must contain either both dates or both numeric types')
  if (unit === undefined) throw location(5733410, 'A bounding array of dates must specify a unit')
  return { low, high }
}

const boundsOf = (value: Value, step: Value, unit: TimeUnit | undefined): Bounds => {
  if (Array.isArray(value)) return explicitBounds(value, step, unit)
  if (value === 'full' || value === 'partition') return value
  if (typeof value === 'string') throw location(5946802, "Bounds string must either be 'full' or 'partition'")
  throw location(
    5733404,
    "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
  )
}

const unitOf = (spec: Doc, step: Value): TimeUnit | undefined => {
  const { unit } = spec
  if (unit === undefined) return undefined
  if (integerOf(step) === undefined)
    throw location(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    )
  if (typeof unit !== 'string') throw wrongType('$densify.range.unit', unit, 'string')
  return parseTimeUnit(unit)
}

const checkerOf =
  (unit: TimeUnit | undefined) =>
  (value: Value): void => {
    if (!isNumeric(value) && !(value instanceof Date))
      throw location(5733201, 'Densify field type must be numeric or a date')
    if (value instanceof Date && unit === undefined)
      throw location(6053600, 'Encountered date densify value in collection when step does not have a date unit.')
    if (isNumeric(value) && unit !== undefined)
      throw location(6053600, 'Encountered numeric densify value in collection when step has a date unit.')
  }

/** The `range` of `$densify`; throws 5733401 and its like. */
export const parseRange = (value: Value | undefined): Range => {
  if (value === undefined) throw missingField('$densify.range')
  const spec = objectOf(value, '$densify.range')
  checkArguments(spec, '$densify.range', ['step', 'unit', 'bounds'])
  const { step, bounds } = spec
  if (step === undefined) throw missingField('$densify.range.step')
  if (bounds === undefined) throw missingField('$densify.range.bounds')
  if (!isNumeric(step)) throw wrongType('$densify.range.step', step, 'number')
  if (compare(step, 0) <= 0)
    throw location(5733401, 'The step parameter in a range statement must be a strictly positive numeric value')
  const unit = unitOf(spec, step)
  const count = integerOf(step) ?? 0
  return {
    bounds: boundsOf(bounds, step, unit),
    check: checkerOf(unit),
    next: (current) => {
      if (current instanceof Date && unit !== undefined) return addUnits(current, unit, count)
      const sum = isNumeric(current) ? arithmetic('+', current, step) : undefined
      if (sum === undefined) throw failure('Overflow', 'the values of $densify exceed the range of a 64-bit integer')
      return sum
    },
  }
}
