import { arithmetic, integerOf } from '../../bson/numbers.ts'
import { compare } from '../../bson/order.ts'
import { show } from '../../bson/show.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { envOf, parseExpression } from '../../expression/expression.ts'
import type { Scope } from '../../query/scope.ts'
import type { SortField } from '../../query/sort.ts'
import { valueAt } from '../fieldPath.ts'
import { addUnits, parseTimeUnit, type TimeUnit } from '../timeUnits.ts'

/** Rows `from` (included) to `to` (excluded) of a partition. */
export type Window = { readonly from: number; readonly to: number }

/** The windows of a sorted partition, one for each of its rows. */
export type Windows = (docs: readonly Doc[]) => (index: number) => Window

export type WindowBounds = {
  readonly windows: Windows
  /** Every window begins with the first row, so that results can be carried on from row to row. */
  readonly fromStart: boolean
  /** Every window is the whole partition. */
  readonly whole: boolean
}

const refuse = (message: string): Error => failure('FailedToParse', message)

const unbounded: WindowBounds = {
  windows: (docs) => () => ({ from: 0, to: docs.length }),
  fromStart: true,
  whole: true,
}

type Bound<T> = 'unbounded' | 'current' | T

const boundOf = <T>(value: Value, scope: Scope, read: (value: Value) => T): Bound<T> => {
  if (value === 'unbounded' || value === 'current') return value
  if (typeof value === 'string') throw refuse("Window bounds must be 'unbounded', 'current', or a number.")
  const expression = parseExpression(value, scope)
  if (!expression.constant) throw refuse('Window bounds expression must be a constant.')
  return read(expression.evaluate(envOf(undefined)) ?? null)
}

const pairOf = (value: Value): [Value, Value] => {
  if (!Array.isArray(value) || value.length !== 2)
    throw refuse(`Window bounds must be a 2-element array: ${show(value)}`)
  const [lower = null, upper = null] = value
  return [lower, upper]
}

const checkForward = (lower: Bound<Value>, upper: Bound<Value>): void => {
  const [low, high] = [lower, upper].map((bound) => (bound === 'current' ? 0 : bound))
  if (low === 'unbounded' || high === 'unbounded' || low === undefined || high === undefined) return
  if (compare(low, high) > 0)
    throw location(5339900, `Lower bound must not exceed upper bound: [${show(low)}, ${show(high)}]`)
}

type Surroundings = { readonly sort: readonly SortField[]; readonly scope: Scope }

const documentBounds = (value: Value, { sort, scope }: Surroundings): WindowBounds => {
  const integer = (bound: Value): number => {
    const number = integerOf(bound)
    if (number === undefined) throw refuse('Numeric document-based bounds must be an integer')
    return number
  }
  const [low, high] = pairOf(value)
  const [lower, upper] = [boundOf(low, scope, integer), boundOf(high, scope, integer)]
  checkForward(lower, upper)
  if (lower === 'unbounded' && upper === 'unbounded') return unbounded
  if (sort.length === 0) throw location(5339901, 'Document-based bounds require a sortBy')
  const offset = (bound: Bound<number>): number => (typeof bound === 'number' ? bound : 0)
  return {
    whole: false,
    fromStart: lower === 'unbounded',
    windows: (docs) => {
      const inside = (at: number): number => Math.min(docs.length, Math.max(0, at))
      return (index) => ({
        from: lower === 'unbounded' ? 0 : inside(index + offset(lower)),
        to: upper === 'unbounded' ? docs.length : inside(index + offset(upper) + 1),
      })
    },
  }
}

const unitOf = (value: Value | undefined): TimeUnit | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw refuse("'unit' must be a string")
  return parseTimeUnit(value)
}

/** The value of the sort field a range window ends at. */
const shifted = (value: Value, bound: Value, unit: TimeUnit | undefined): Value => {
  if (unit !== undefined) return addUnits(value as Date, unit, integerOf(bound) ?? 0)
  return isNumeric(value) && isNumeric(bound) ? (arithmetic('+', value, bound) ?? value) : value
}

const checkKind = (value: Value, unit: TimeUnit | undefined): void => {
  if (unit !== undefined && !(value instanceof Date))
    throw location(5429513, `Invalid range: Expected the sortBy field to be a Date, but it was ${kindOf(value)}`)
  if (unit === undefined && !isNumeric(value))
    throw location(5429413, `Invalid range: Expected the sortBy field to be a number, but it was ${kindOf(value)}`)
}

/** The first place where the test holds, given that it holds ever after. */
const firstWhere = (values: readonly Value[], test: (value: Value) => boolean): number => {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(values[middle] ?? null)) high = middle
    else low = middle + 1
  }
  return low
}

const checkRangeSort = (sort: readonly SortField[]): readonly string[] => {
  const [field, ...others] = sort
  if (field === undefined || others.length > 0)
    throw location(5339902, 'Range-based bounds require sortBy a single field')
  if (field.direction !== 1) throw location(8947401, 'Range-based bounds require an ascending sortBy')
  return field.parts
}

const rangeBounds = (spec: Doc, { sort, scope }: Surroundings): WindowBounds => {
  const unit = unitOf(spec.unit)
  const number = (bound: Value): Value => {
    if (unit !== undefined && integerOf(bound) === undefined)
      throw refuse("With 'unit', range-based bounds must be an integer")
    if (!isNumeric(bound)) throw refuse('Range-based bounds expression must be a number')
    return bound
  }
  const [low, high] = pairOf(spec.range ?? null)
  const [lower, upper] = [boundOf<Value>(low, scope, number), boundOf<Value>(high, scope, number)]
  checkForward(lower, upper)
  const path = checkRangeSort(sort)
  return {
    whole: false,
    fromStart: lower === 'unbounded',
    windows: (docs) => {
      const values = docs.map((doc) => valueAt(doc, path) ?? null)
      return (index) => {
        const value = values[index] ?? null
        checkKind(value, unit)
        const placeOf = (bound: Value, test: (order: number) => boolean): number => {
          const limit = shifted(value, bound, unit)
          return firstWhere(values, (other) => test(compare(other, limit)))
        }
        const from = (): number => (lower === 'current' ? index : placeOf(lower, (order) => order >= 0))
        const to = (): number => (upper === 'current' ? index + 1 : placeOf(upper, (order) => order > 0))
        return {
          from: lower === 'unbounded' ? 0 : from(),
          to: upper === 'unbounded' ? values.length : to(),
        }
      }
    },
  }
}

/** The `window` of a window function; the whole partition when it says nothing. Throws 9, 5339900 and their like. */
export const parseBounds = (value: Value | undefined, surroundings: Surroundings): WindowBounds => {
  if (value === undefined) return unbounded
  if (!isDoc(value)) throw refuse("'window' field must be an object")
  const { documents, range, unit } = value
  if (documents !== undefined && range !== undefined)
    throw refuse("Window bounds can specify either 'documents' or 'unit', not both.")
  if (range === undefined && unit !== undefined)
    throw refuse("Window bounds can only specify 'unit' with range-based bounds.")
  const unknown = Object.keys(value).find((name) => !['documents', 'range', 'unit'].includes(name))
  if (unknown !== undefined)
    throw refuse(
      "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
    )
  if (documents !== undefined) return documentBounds(documents, surroundings)
  return range === undefined ? unbounded : rangeBounds(value, surroundings)
}
