import { integerOf, makeDouble, toNumber } from '../../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../../bson/values.ts'
import { failure, location, unsupported } from '../../errors.ts'
import { envOf, parseExpression } from '../../expression/expression.ts'
import { valueAt } from '../fieldPath.ts'
import type { Call, ParseUnbounded } from './functions.ts'

const refuse = (message: string): Error => failure('FailedToParse', message)

const argumentsOf = ({ name, operand }: Call, allowed: readonly string[]): Doc => {
  if (!isDoc(operand)) throw refuse(`Argument to ${name} must be an object`)
  const unknown = Object.keys(operand).find((argument) => !allowed.includes(argument))
  if (unknown !== undefined) throw refuse(`Unknown argument in ${name}: ${unknown}`)
  return operand
}

/** `$shift`: the value some rows away, or a default beyond the ends of the partition. */
const shift: ParseUnbounded = (call) => {
  const { scope, sort } = call
  if (sort.length === 0) throw refuse("'$shift' requires a sortBy")
  const spec = argumentsOf(call, ['output', 'by', 'default'])
  if (spec.output === undefined) throw refuse("$shift requires an 'output' expression.")
  if (spec.by === undefined) throw refuse("$shift requires 'by' as an integer value.")
  const by = integerOf(spec.by)
  if (by === undefined) throw refuse(`'$shift:by' field must be an integer, but found: ${String(spec.by)}`)
  const output = parseExpression(spec.output, scope)
  const fallback = parseExpression(spec.default ?? null, scope)
  if (!fallback.constant) throw refuse("'$shift:default' expression must yield a constant value.")
  const beyond = fallback.evaluate(envOf(undefined)) ?? null
  return (docs) =>
    docs.map((_doc, index) => {
      const other = docs[index + by]
      return other === undefined ? beyond : (output.evaluate(envOf(other)) ?? null)
    })
}

/** `$locf`: the last value that was not null. */
const lastObserved: ParseUnbounded = ({ operand, scope }) => {
  const { evaluate } = parseExpression(operand, scope)
  return (docs) => {
    let last: Value = null
    return docs.map((doc) => {
      last = evaluate(envOf(doc)) ?? last
      return last
    })
  }
}

const placeOf = (value: Value | undefined): number => {
  if (value instanceof Date) return value.getTime()
  if (value !== undefined && isNumeric(value)) return toNumber(value)
  throw location(
    605002,
    `The sort field of $linearFill must be numeric or a date, but found ${value === undefined ? 'missing' : kindOf(value)}`,
  )
}

const numberOf = (value: Value): number => {
  if (!isNumeric(value))
    throw failure('TypeMismatch', `Value to be filled must be numeric or nullish, but found: ${kindOf(value)}`)
  if (kindOf(value) === 'decimal') throw unsupported('$linearFill of decimal128 values')
  return toNumber(value)
}

/** `$linearFill`: what is null lies on the straight line between its neighbours. */
const linear: ParseUnbounded = ({ operand, sort, scope }) => {
  const [field, ...others] = sort
  if (field === undefined || others.length > 0)
    throw location(605001, '$linearFill must be specified with a top level sortBy expression with exactly one element')
  const { evaluate } = parseExpression(operand, scope)
  return (docs) => {
    const values = docs.map((doc) => evaluate(envOf(doc)) ?? null)
    const places = docs.map((doc) => placeOf(valueAt(doc, field.parts)))
    if (places.some((place, index) => place === places[index - 1]))
      throw location(6050106, 'There can be no repeated values in the sort field')
    let before = -1
    return values.map((value, index) => {
      if (value !== null) {
        numberOf(value)
        before = index
        return value
      }
      const after = values.findIndex((other, at) => at > index && other !== null)
      if (before < 0 || after < 0) return null
      const [x1 = 0, x = 0, x2 = 0] = [places[before], places[index], places[after]]
      const [y1, y2] = [numberOf(values[before] ?? null), numberOf(values[after] ?? null)]
      return makeDouble(y1 + ((y2 - y1) * (x - x1)) / (x2 - x1))
    })
  }
}

export const filling: Readonly<Record<string, ParseUnbounded>> = {
  $shift: shift,
  $locf: lastObserved,
  $linearFill: linear,
}
