import { toNumber } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { type Doc, fieldsOf, isDoc, isNumeric, setField, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import type { Scope } from '../../query/scope.ts'
import { isNullish, typeName } from '../operands.ts'
import { compareValues, keyOf } from '../order.ts'
import { makeDeviation, makeSum } from './sums.ts'

/** Values taken in one after another, and what they come to. */
export type Fold = { readonly add: (value: Value | undefined) => void; readonly result: () => Value }

export type MakeFold = (scope: Scope) => Fold

const summing =
  (read: (total: ReturnType<typeof makeSum>) => Value): MakeFold =>
  () => {
    const total = makeSum()
    return {
      add: (value) => {
        if (value !== undefined && isNumeric(value)) total.add(value)
      },
      result: () => read(total),
    }
  }

const deviating =
  (read: (deviation: ReturnType<typeof makeDeviation>) => Value): MakeFold =>
  () => {
    const deviation = makeDeviation()
    return {
      add: (value) => {
        if (value !== undefined && isNumeric(value)) deviation.add(toNumber(value))
      },
      result: () => read(deviation),
    }
  }

const extreme =
  (sign: 1 | -1): MakeFold =>
  ({ collation }) => {
    let best: Value | undefined
    return {
      add: (value) => {
        if (isNullish(value)) return
        if (best === undefined || compareValues(value, best, collation) * sign > 0) best = value
      },
      result: () => best ?? null,
    }
  }

const makeFirst: MakeFold = () => {
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

const makeLast: MakeFold = () => {
  let last: Value | undefined
  return {
    add: (value) => {
      last = value
    },
    result: () => last ?? null,
  }
}

const makePush: MakeFold = () => {
  const values: Value[] = []
  return {
    add: (value) => {
      if (value !== undefined) values.push(value)
    },
    result: () => values,
  }
}

const makeSet: MakeFold = ({ collation }) => {
  const values = new Map<string, Value>()
  return {
    add: (value) => {
      if (value === undefined) return
      const key = keyOf(value, collation)
      if (!values.has(key)) values.set(key, value)
    },
    result: () => [...values.values()],
  }
}

const makeMerge: MakeFold = () => {
  const merged: Doc = {}
  return {
    add: (value) => {
      if (isNullish(value)) return
      if (!isDoc(value)) {
        throw location(
          40400,
          `$mergeObjects requires object inputs, but input ${show(value)} is of type ${typeName(value)}`,
        )
      }
      for (const [name, inner] of fieldsOf(value)) setField(merged, name, inner)
    },
    result: () => merged,
  }
}

/** The first or last `n` values in their order; missing ones count as null. */
export const makeEndmost = (n: number, end: 'first' | 'last'): Fold => {
  const values: Value[] = []
  return {
    add: (value) => {
      if (end === 'first' && values.length === n) return
      values.push(value ?? null)
      if (values.length > n) values.shift()
    },
    result: () => values,
  }
}

/** The `n` least (sign -1) or greatest (sign 1) values, the most extreme one first; null and missing do not count. */
export const makeExtremes = (n: number, sign: 1 | -1, { collation }: Scope): Fold => {
  const values: Value[] = []
  return {
    add: (value) => {
      if (!isNullish(value)) values.push(value)
    },
    result: () => values.sort((a, b) => compareValues(b, a, collation) * sign).slice(0, n),
  }
}

/** The folds that take one expression and nothing else. */
export const folds: Readonly<Record<string, MakeFold>> = {
  $sum: summing((total) => total.sum()),
  $avg: summing((total) => total.average()),
  $min: extreme(-1),
  $max: extreme(1),
  $first: makeFirst,
  $last: makeLast,
  $push: makePush,
  $addToSet: makeSet,
  $mergeObjects: makeMerge,
  $stdDevPop: deviating((deviation) => deviation.population()),
  $stdDevSamp: deviating((deviation) => deviation.sample()),
}
