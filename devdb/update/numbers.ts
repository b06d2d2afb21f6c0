import { Long } from 'bson'
import { arithmetic } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { idOf, lastPart, type MakeChange, structured } from './change.ts'

const classNames: Readonly<Record<string, string>> = {
  int: 'NumberInt',
  long: 'NumberLong',
  double: 'NumberDouble',
  decimal: 'NumberDecimal',
}

const overflow = (operator: string, value: Value, id: string): Error =>
  failure(
    'BadValue',
    `Failed to apply ${operator} operations to current value ((${classNames[kindOf(value)]})${String(value)}) for document ${id}`,
  )

const calculate =
  (operator: '$inc' | '$mul'): MakeChange =>
  (path, operand) => {
    if (!isNumeric(operand)) {
      const verb = operator === '$inc' ? 'increment' : 'multiply'
      throw failure('TypeMismatch', `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`)
    }
    return {
      apply: (target, { doc }) => {
        const value = target.get()
        if (value === undefined) return target.set(operator === '$inc' ? operand : (arithmetic('*', operand, 0) ?? 0))
        if (!isNumeric(value)) {
          throw failure(
            'TypeMismatch',
            `Cannot apply ${operator} to a value of non-numeric type. ${idOf(doc)} has the field '${lastPart(target.path)}' of non-numeric type ${kindOf(value)}`,
          )
        }
        const result = arithmetic(operator === '$inc' ? '+' : '*', value, operand)
        if (result === undefined) throw overflow(operator, value, idOf(doc))
        target.set(result)
      },
    }
  }

const extreme =
  (wanted: -1 | 1): MakeChange =>
  (_path, operand, { collation }) => ({
    apply: (target) => {
      const value = target.get()
      if (value === undefined || Math.sign(compare(operand, value, collation)) === wanted)
        target.set(structured(operand))
    },
  })

const bitwise: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

const isInteger = (value: Value | undefined): value is number | Long => {
  const kind = kindOf(value ?? null)
  return kind === 'int' || kind === 'long'
}

const wide = (value: number | Long): bigint => (typeof value === 'number' ? BigInt(value) : value.toBigInt())

type Step = { readonly calculate: (a: bigint, b: bigint) => bigint; readonly operand: number | Long }

const stepOf = ([name, operand]: [string, Value], whole: Value): Step => {
  const found = Object.hasOwn(bitwise, name) ? bitwise[name] : undefined
  if (found === undefined) {
    throw failure(
      'BadValue',
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${show(operand)}}`,
    )
  }
  if (!isInteger(operand)) {
    throw failure(
      'BadValue',
      `The $bit modifier field must be an Integer(32/64 bit); a '${kindOf(operand)}' is not supported here: ${show(whole)}`,
    )
  }
  return { calculate: found, operand }
}

const bit: MakeChange = (path, operand) => {
  if (!isDoc(operand)) {
    throw failure(
      'BadValue',
      `The $bit modifier is not compatible with a ${kindOf(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  }
  const steps = Object.entries(operand).map((entry) => stepOf(entry, { [path]: operand }))
  if (steps.length === 0) {
    throw failure(
      'BadValue',
      'You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}',
    )
  }
  return {
    apply: (target, { doc }) => {
      const value = target.get() ?? 0
      if (!isInteger(value)) {
        throw failure(
          'BadValue',
          `Cannot apply $bit to a value of non-integral type.${idOf(doc)} has the field ${lastPart(target.path)} of non-integer type ${kindOf(value)}`,
        )
      }
      const result = steps.reduce((bits, step) => step.calculate(bits, wide(step.operand)), wide(value))
      const isLong = [value, ...steps.map((step) => step.operand)].some((one) => typeof one !== 'number')
      target.set(isLong ? Long.fromBigInt(BigInt.asIntN(64, result)) : Number(result))
    },
  }
}

/** Operators that calculate or compare. Number types widen as BSON arithmetic does and are never lost. */
export const numberOperators: Readonly<Record<string, MakeChange>> = {
  $inc: calculate('$inc'),
  $mul: calculate('$mul'),
  $min: extreme(-1),
  $max: extreme(1),
  $bit: bit,
}
