import { Long } from 'bson'
import { type Numeric, wide } from '../bson/numbers.ts'
import { kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { isNullish, type Operator, type Operators, typeName, unary, variadic } from './operands.ts'

const isInteger = (value: Value): value is Numeric => kindOf(value) === 'int' || kindOf(value) === 'long'

const integer = (value: Value | undefined, name: string): Numeric => {
  if (value !== undefined && isInteger(value)) return value
  throw failure('TypeMismatch', `${name} only supports int and long operands, not ${typeName(value)}.`)
}

/** An int when all operands are ints, else a long. */
const bits = (neutral: bigint, combine: (a: bigint, b: bigint) => bigint): Operator =>
  variadic((values, name) => {
    let result = neutral
    let long = false
    for (const value of values) {
      if (isNullish(value)) return null
      const operand = integer(value, name)
      long ||= kindOf(operand) === 'long'
      result = combine(result, wide(operand))
    }
    return long ? Long.fromBigInt(result) : Number(result)
  })

export const bitwiseOperators: Operators = {
  $bitAnd: bits(-1n, (a, b) => a & b),
  $bitOr: bits(0n, (a, b) => a | b),
  $bitXor: bits(0n, (a, b) => a ^ b),
  $bitNot: unary((value, name) => {
    if (isNullish(value)) return null
    const operand = integer(value, name)
    return kindOf(operand) === 'long' ? Long.fromBigInt(~wide(operand)) : ~Number(operand)
  }),
}
