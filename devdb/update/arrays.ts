import { integerOf } from '../bson/numbers.ts'
import { isEqual } from '../bson/order.ts'
import { show, showDoc } from '../bson/show.ts'
import { isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseElementCondition } from '../query/matcher.ts'
import { type Change, type Context, idOf, lastPart, type MakeChange, structured } from './change.ts'
import type { Target } from './places.ts'
import { pushOf } from './push.ts'

const refusals: Readonly<Record<string, (target: Target, value: Value, context: Context) => Error>> = {
  $addToSet: ({ path }, value) =>
    failure(
      'BadValue',
      `Cannot apply $addToSet to non-array field. Field named '${lastPart(path)}' has non-array type ${kindOf(value)}`,
    ),
  $pop: ({ path }, value) =>
    failure('TypeMismatch', `Path '${path}' contains an element of non-array type '${kindOf(value)}'`),
  $push: ({ path }, value, { doc }) =>
    failure(
      'BadValue',
      `The field '${path}' must be an array but is of type ${kindOf(value)} in document ${idOf(doc)}`,
    ),
}

const arrayAt = (target: Target, operator: string, context: Context): Value[] | undefined => {
  const value = target.get()
  if (value === undefined || Array.isArray(value)) return value
  throw (
    refusals[operator]?.(target, value, context) ?? failure('BadValue', `Cannot apply ${operator} to a non-array value`)
  )
}

const push: MakeChange = (_path, operand, scope) => {
  const change = pushOf(operand, scope)
  return {
    apply: (target, context) => target.set(change([...(arrayAt(target, '$push', context) ?? [])], structured)),
  }
}

const eachOf = (operand: Value): Value[] => {
  if (!isDoc(operand) || Object.keys(operand)[0] !== '$each') return [operand]
  const { $each: each = null } = operand
  if (!Array.isArray(each)) {
    throw failure(
      'TypeMismatch',
      `The argument to $each in $addToSet must be an array but it was of type ${kindOf(each)}`,
    )
  }
  if (Object.keys(operand).length > 1)
    throw failure('BadValue', `Found unexpected fields after $each in $addToSet: ${showDoc(operand)}`)
  return each
}

const addToSet: MakeChange = (_path, operand, { collation }) => {
  const wanted = eachOf(operand)
  return {
    apply: (target, context) => {
      const array = arrayAt(target, '$addToSet', context)
      const result = [...(array ?? [])]
      for (const item of wanted)
        if (!result.some((other) => isEqual(other, item, collation))) result.push(structured(item))
      if (array === undefined || result.length > array.length) target.set(result)
    },
  }
}

const without =
  (operator: string, drops: (element: Value) => boolean): Change['apply'] =>
  (target, context) => {
    const array = arrayAt(target, operator, context)
    if (array?.some(drops)) target.set(array.filter((element) => !drops(element)))
  }

const pull: MakeChange = (_path, operand, scope) => ({
  lenient: true,
  apply: without('$pull', parseElementCondition(operand, scope)),
})

const pullAll: MakeChange = (_path, operand, { collation }) => {
  if (!Array.isArray(operand))
    throw failure('BadValue', `$pullAll requires an array argument but was given a ${kindOf(operand)}`)
  const drops = (element: Value): boolean => operand.some((item) => isEqual(item, element, collation))
  return { lenient: true, apply: without('$pullAll', drops) }
}

const pop: MakeChange = (path, operand) => {
  if (!isNumeric(operand)) throw failure('FailedToParse', `Expected a number in: ${path}: ${show(operand)}`)
  const end = integerOf(operand)
  if (end === undefined) throw failure('FailedToParse', `Expected an integer: ${path}: ${show(operand)}`)
  if (end !== 1 && end !== -1) throw failure('FailedToParse', `$pop expects 1 or -1, found: ${end}`)
  return {
    lenient: true,
    apply: (target, context) => {
      const array = arrayAt(target, '$pop', context)
      if (array !== undefined && array.length > 0) target.set(end === 1 ? array.slice(0, -1) : array.slice(1))
    },
  }
}

/** Operators on arrays. Strings compare by the collation of the command. */
export const arrayOperators: Readonly<Record<string, MakeChange>> = {
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
}
