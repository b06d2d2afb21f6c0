import { encodeKey } from '../bson/keys.ts'
import { arithmetic, makeDouble, toNumber } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { type Doc, isDoc, isNumeric, kindOf, setField, type Value } from '../bson/values.ts'
import { location, unsupported } from '../errors.ts'
import { fieldReference, type Read } from './references.ts'

type Accumulator = { readonly add: (value: Value | undefined) => void; readonly result: () => Value }

/** int, then long, then double: a sum never wraps. */
const plus = (a: Value, b: Value): Value => {
  if (!isNumeric(a) || !isNumeric(b)) return a
  return arithmetic('+', a, b) ?? makeDouble(toNumber(a) + toNumber(b))
}

const makeSum = (): Accumulator => {
  let sum: Value = 0
  return {
    add: (value) => {
      if (value !== undefined && isNumeric(value)) sum = plus(sum, value)
    },
    result: () => sum,
  }
}

const makeAverage = (): Accumulator => {
  let sum: Value = 0
  let count = 0
  return {
    add: (value) => {
      if (value === undefined || !isNumeric(value)) return
      if (kindOf(value) === 'decimal') throw unsupported('$avg of decimal128 values')
      sum = plus(sum, value)
      count++
    },
    result: () => (count === 0 || !isNumeric(sum) ? null : makeDouble(toNumber(sum) / count)),
  }
}

const makeExtreme = (sign: 1 | -1) => (): Accumulator => {
  let best: Value | undefined
  return {
    add: (value) => {
      if (value === undefined || value === null) return
      if (best === undefined || compare(value, best) * sign > 0) best = value
    },
    result: () => best ?? null,
  }
}

const makeFirst = (): Accumulator => {
  let first: Value | undefined
  let seen = false
  return {
    add: (value) => {
      if (!seen) first = value
      seen = true
    },
    result: () => first ?? null,
  }
}

const makeLast = (): Accumulator => {
  let last: Value | undefined
  return {
    add: (value) => {
      last = value
    },
    result: () => last ?? null,
  }
}

const makePush = (): Accumulator => {
  const values: Value[] = []
  return {
    add: (value) => {
      if (value !== undefined) values.push(value)
    },
    result: () => values,
  }
}

const makeSet = (): Accumulator => {
  const values = new Map<string, Value>()
  return {
    add: (value) => {
      if (value === undefined) return
      const key = encodeKey(value)
      if (!values.has(key)) values.set(key, value)
    },
    result: () => [...values.values()],
  }
}

const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: makeSum,
  $avg: makeAverage,
  $min: makeExtreme(-1),
  $max: makeExtreme(1),
  $first: makeFirst,
  $last: makeLast,
  $push: makePush,
  $addToSet: makeSet,
}

/** A constant, a `"$field"`, or an object of those. */
const readerOf = (value: Value, where: string): Read => {
  if (typeof value === 'string') return fieldReference(value, where)
  if (Array.isArray(value)) throw unsupported(`an array expression in ${where}`)
  if (!isDoc(value)) return () => value
  const fields = Object.entries(value).map(([name, inner]): [string, Read] => {
    if (name.startsWith('$')) throw unsupported(`the expression ${name} in ${where}`)
    return [name, readerOf(inner, where)]
  })
  return (doc) => {
    const result: Doc = {}
    for (const [name, read] of fields) {
      const part = read(doc)
      if (part !== undefined) setField(result, name, part)
    }
    return result
  }
}

type Output = { readonly name: string; readonly make: () => Accumulator; readonly read: Read }

const outputOf = ([name, value]: [string, Value]): Output => {
  if (name.includes('.')) throw location(40235, `The field name '${name}' cannot contain '.'`)
  if (name.startsWith('$')) throw location(40236, `The field name '${name}' cannot be an operator name`)
  const [operator, ...others] = isDoc(value) ? Object.keys(value) : []
  if (!isDoc(value) || operator === undefined)
    throw location(40234, `The field '${name}' must be an accumulator object`)
  if (others.length > 0) throw location(40238, `The field '${name}' must specify one accumulator`)
  const make = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined
  if (make === undefined) throw location(15952, `unknown group operator '${operator}'`)
  if (operator === '$sum' || operator === '$avg') {
    const operand = value[operator] ?? null
    if (isDoc(operand)) throw unsupported(`an expression as operand of ${operator} in $group (field '${name}')`)
  }
  return { name, make, read: readerOf(value[operator] ?? null, `$group (field '${name}')`) }
}

export const groupStage = (spec: Value) => {
  if (!isDoc(spec)) throw location(15947, "a group's fields must be specified in an object")
  const { _id: id, ...fields } = spec
  if (id === undefined) throw location(15955, 'a group specification must include an _id')
  const readId = readerOf(id, '$group (_id)')
  const outputs = Object.entries(fields).map(outputOf)
  return function* (docs: Iterable<Doc>): Generator<Doc> {
    const groups = new Map<string, { id: Value; states: Accumulator[] }>()
    for (const doc of docs) {
      const value = readId(doc) ?? null
      const key = encodeKey(value)
      const known = groups.get(key)
      const group = known ?? { id: value, states: outputs.map(({ make }) => make()) }
      if (known === undefined) groups.set(key, group)
      for (const [index, { read }] of outputs.entries()) group.states[index]?.add(read(doc))
    }
    for (const group of groups.values()) {
      const result: Doc = { _id: group.id }
      outputs.forEach(({ name }, index) => {
        setField(result, name, group.states[index]?.result() ?? null)
      })
      yield result
    }
  }
}
