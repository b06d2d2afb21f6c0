import { Timestamp } from 'bson'
import { arithmetic, integerOf } from '../bson/numbers.ts'
import { compare, isEqual } from '../bson/order.ts'
import { show, showDoc } from '../bson/show.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { parseElementCondition } from '../query/matcher.ts'
import { checkViable, type Target, targetAt } from './places.ts'
import { pushOf } from './push.ts'

export type Context = { readonly doc: Doc; readonly now: Date }

/** What one operator does at one place. `alsoAt`: a second path it writes (`$rename`). */
export type Change = {
  readonly apply: (target: Target, context: Context) => void
  readonly alsoAt?: readonly string[]
  readonly onlyOnInsert?: boolean
  /** A change that makes nothing when the path is not there: the path need not be viable. */
  readonly lenient?: boolean
}

type MakeChange = (path: string, operand: Value) => Change

const set: MakeChange = (_path, operand) => ({ apply: (target) => target.set(structured(operand)) })

/** A container that enters a document must not be shared with the command it came from: later changes write into it. */
const structured = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(structured)
  if (!isDoc(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, structured(inner)]))
}

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
          const name = path.split('.').at(-1)
          throw failure(
            'TypeMismatch',
            `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(doc._id)}} has the field '${name}' of non-numeric type ${kindOf(value)}`,
          )
        }
        const result = arithmetic(operator === '$inc' ? '+' : '*', value, operand)
        if (result === undefined) {
          throw failure(
            'BadValue',
            `Failed to apply ${operator} operations to current value (${show(value)}) for document {_id: ${show(doc._id)}}`,
          )
        }
        target.set(result)
      },
    }
  }

const extreme =
  (wanted: -1 | 1): MakeChange =>
  (_path, operand) => ({
    apply: (target) => {
      const value = target.get()
      if (value === undefined || Math.sign(compare(operand, value)) === wanted) target.set(structured(operand))
    },
  })

const rename: MakeChange = (path, operand) => {
  if (typeof operand !== 'string')
    throw failure('BadValue', `The 'to' field for $rename must be a string: ${path}: ${show(operand)}`)
  if (operand === path)
    throw failure('BadValue', `The source and target field for $rename must differ: ${path}: "${operand}"`)
  const to = operand.split('.')
  if (operand === '' || to.includes(''))
    throw failure('EmptyFieldName', `The update path '${operand}' contains an empty field name, which is not allowed.`)
  if ([...path.split('.'), ...to].some((part) => part.startsWith('$'))) {
    throw failure('BadValue', `The source and destination field for $rename may not be dynamic: ${path}`)
  }
  return {
    alsoAt: to,
    lenient: true,
    apply: (target, { doc }) => {
      const value = target.get()
      if (value === undefined) return
      checkViable(doc, to)
      target.unset()
      targetAt(doc, to).set(value)
    },
  }
}

const currentDate: MakeChange = (path, operand) => {
  const type = isDoc(operand) ? operand.$type : 'date'
  if (isDoc(operand) && (Object.keys(operand).join() !== '$type' || (type !== 'date' && type !== 'timestamp'))) {
    throw failure(
      'BadValue',
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    )
  }
  if (!isDoc(operand) && typeof operand !== 'boolean') {
    throw failure(
      'BadValue',
      `${kindOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}) for field '${path}'.`,
    )
  }
  return {
    apply: (target, { now }) =>
      target.set(type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 })),
  }
}

const arrayAt = (target: Target, operator: string, context: Context): Value[] | undefined => {
  const value = target.get()
  if (value === undefined || Array.isArray(value)) return value
  const { path } = target
  if (operator === '$addToSet') {
    throw failure(
      'BadValue',
      `Cannot apply $addToSet to non-array field. Field named '${path.split('.').at(-1)}' has non-array type ${kindOf(value)}`,
    )
  }
  if (operator === '$pop')
    throw failure('TypeMismatch', `Path '${path}' contains an element of non-array type '${kindOf(value)}'`)
  if (operator === '$push') {
    throw failure(
      'BadValue',
      `The field '${path}' must be an array but is of type ${kindOf(value)} in document {_id: ${show(context.doc._id)}}`,
    )
  }
  throw failure('BadValue', `Cannot apply ${operator} to a non-array value`)
}

const push: MakeChange = (path, operand) => {
  const change = pushOf(path, operand)
  return {
    apply: (target, context) => target.set(change([...(arrayAt(target, '$push', context) ?? [])], structured)),
  }
}

const addToSet: MakeChange = (_path, operand) => {
  const each = isDoc(operand) && '$each' in operand ? operand.$each : undefined
  if (each !== undefined && !Array.isArray(each))
    throw failure(
      'TypeMismatch',
      `The argument to $each in $addToSet must be an array but it was of type ${kindOf(each)}`,
    )
  if (each !== undefined && isDoc(operand) && Object.keys(operand).length > 1) {
    throw failure('BadValue', `Found unexpected fields after $each in $addToSet: ${showDoc(operand)}`)
  }
  const wanted = each ?? [operand]
  return {
    apply: (target, context) => {
      const array = arrayAt(target, '$addToSet', context)
      const result = [...(array ?? [])]
      for (const item of wanted) if (!result.some((other) => isEqual(other, item))) result.push(structured(item))
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

const pull: MakeChange = (_path, operand) => ({
  lenient: true,
  apply: without('$pull', parseElementCondition(operand)),
})

const pullAll: MakeChange = (_path, operand) => {
  if (!Array.isArray(operand))
    throw failure('BadValue', `$pullAll requires an array argument but was given a ${kindOf(operand)}`)
  return { lenient: true, apply: without('$pullAll', (element) => operand.some((item) => isEqual(item, element))) }
}

const pop: MakeChange = (path, operand) => {
  const end = integerOf(operand)
  if (end !== 1 && end !== -1)
    throw failure('FailedToParse', `$pop expects 1 or -1, found: ${show(operand)} at '${path}'`)
  return {
    lenient: true,
    apply: (target, context) => {
      const array = arrayAt(target, '$pop', context)
      if (array !== undefined && array.length > 0) target.set(end === 1 ? array.slice(0, -1) : array.slice(1))
    },
  }
}

const operators: Readonly<Record<string, MakeChange>> = {
  $set: set,
  $setOnInsert: (path, operand) => ({ ...set(path, operand), onlyOnInsert: true }),
  $unset: () => ({ lenient: true, apply: (target) => target.unset() }),
  $inc: calculate('$inc'),
  $mul: calculate('$mul'),
  $min: extreme(-1),
  $max: extreme(1),
  $rename: rename,
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
}

/** The maker of an operator's change; throws code 9 for an operator MongoDB does not have either. */
export const changeOf = (operator: string): MakeChange => {
  const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (found !== undefined) return found
  if (operator === '$bit' || operator === '$pushAll') throw unsupported(`the update operator ${operator}`)
  throw failure(
    'FailedToParse',
    `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
  )
}
