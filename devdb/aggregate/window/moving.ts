import { integerOf, makeDouble, toNumber } from '../../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../../bson/values.ts'
import { failure, location, unsupported } from '../../errors.ts'
import { type Expression, envOf, parseExpression } from '../../expression/expression.ts'
import { valueAt } from '../fieldPath.ts'
import { lengthOf, parseTimeUnit } from '../timeUnits.ts'
import { parseBounds } from './bounds.ts'
import type { Call, ParseBounded, WindowFunction } from './functions.ts'

const refuse = (message: string): Error => failure('FailedToParse', message)

const numberOf = (value: Value | undefined, name: string): number | undefined => {
  if (value === undefined || value === null) return undefined
  if (value instanceof Date) return value.getTime()
  if (!isNumeric(value)) throw location(5624902, `${name} input must be numeric, but found ${kindOf(value)}`)
  if (kindOf(value) === 'decimal') throw unsupported(`${name} of decimal128 values`)
  return toNumber(value)
}

/** MongoDB's numbers for a sort field that is no date though a unit is given, and the other way round. */
const placeCodes: Readonly<Record<string, readonly [number, number]>> = {
  $derivative: [5624900, 5624901],
  $integral: [5423901, 5423902],
}

type Slope = { readonly input: Expression; readonly placeOf: (doc: Doc) => number; readonly name: string }

/** The place of a document on the axis it is sorted by, in the unit asked for. */
const placing = ({ name, sort }: Call, milliseconds: number | undefined) => {
  const [field, ...others] = sort
  if (field === undefined) throw refuse(`${name} requires a sortBy`)
  if (others.length > 0) throw refuse(`${name} requires a non-compound sortBy`)
  const [notDate = 5624900, isDate = 5624901] = placeCodes[name] ?? []
  return (doc: Doc): number => {
    const value = valueAt(doc, field.parts) ?? null
    if (milliseconds !== undefined) {
      if (value instanceof Date) return value.getTime() / milliseconds
      throw location(notDate, `${name} with 'unit' expects the sortBy field to be a Date`)
    }
    if (value instanceof Date) throw location(isDate, `${name} where the sortBy is a Date requires a 'unit'`)
    if (isNumeric(value)) return toNumber(value)
    throw location(5624902, `${name} expects the sortBy field to be numeric, but found ${kindOf(value)}`)
  }
}

const slopeOf = (call: Call): Slope => {
  const { name, operand, scope } = call
  if (!isDoc(operand)) throw refuse(`${name} expects an object, but got a ${kindOf(operand)}`)
  const unknown = Object.keys(operand).find((argument) => !['input', 'unit'].includes(argument))
  if (unknown !== undefined) throw refuse(`${name} got unexpected argument: ${unknown}`)
  if (operand.input === undefined) throw refuse(`${name} requires an 'input' expression`)
  if (operand.unit !== undefined && typeof operand.unit !== 'string')
    throw refuse(`unit' must be a string, but got ${kindOf(operand.unit)}`)
  const milliseconds = operand.unit === undefined ? undefined : lengthOf(parseTimeUnit(operand.unit))
  if (operand.unit !== undefined && milliseconds === undefined)
    throw location(5490710, "unit must be 'week' or smaller")
  return { name, input: parseExpression(operand.input, scope), placeOf: placing(call, milliseconds) }
}

/** `$derivative`: the average slope between the first and the last row of the window. */
const derivative: ParseBounded = (call, window) => {
  const { name, input, placeOf } = slopeOf(call)
  if (window === undefined) throw refuse(`${name} requires explicit window bounds`)
  const { windows } = parseBounds(window, call)
  return (docs) => {
    const windowOf = windows(docs)
    return docs.map((_doc, index) => {
      const { from, to } = windowOf(index)
      const [first, last] = [docs[from], docs[to - 1]]
      if (first === undefined || last === undefined || to - from < 2) return null
      const [y1, y2] = [first, last].map((doc) => numberOf(input.evaluate(envOf(doc)), name))
      const distance = placeOf(last) - placeOf(first)
      return y1 === undefined || y2 === undefined || distance === 0 ? null : makeDouble((y2 - y1) / distance)
    })
  }
}

/** `$integral`: the area under the rows of the window, by trapezoids. */
const integral: ParseBounded = (call, window) => {
  const { name, input, placeOf } = slopeOf(call)
  const { windows } = parseBounds(window, call)
  return (docs) => {
    const windowOf = windows(docs)
    const values = docs.map((doc) => numberOf(input.evaluate(envOf(doc)), name))
    const places = docs.map(placeOf)
    return docs.map((_doc, index) => {
      const { from, to } = windowOf(index)
      if (to <= from) return null
      let area = 0
      for (let at = from + 1; at < to; at++) {
        const [y1, y2] = [values[at - 1], values[at]]
        if (y1 === undefined || y2 === undefined) return null
        area += ((y1 + y2) / 2) * ((places[at] ?? 0) - (places[at - 1] ?? 0))
      }
      return makeDouble(area)
    })
  }
}

const alphaOf = (operand: Doc): number => {
  const { N: n, alpha } = operand
  if (n !== undefined) {
    const count = integerOf(n)
    if (count === undefined)
      throw refuse(
        `'N' field must be an integer, but found  N: ${String(n)}. To use a non-integer, use the 'alpha' argument instead`,
      )
    if (count <= 0) throw refuse(`'N' must be greater than zero. Got ${count}`)
    return 2 / (count + 1)
  }
  if (alpha === undefined || !isNumeric(alpha)) throw refuse("'alpha' must be a number")
  const weight = toNumber(alpha)
  if (!(weight > 0 && weight < 1)) throw refuse(`'alpha' must be between 0 and 1 (exclusive), found alpha: ${weight}`)
  return weight
}

const expMovingAvg = ({ name, operand, sort, scope }: Call): WindowFunction => {
  if (!isDoc(operand)) throw refuse(`${name} must have exactly one argument that is an object`)
  const names = Object.keys(operand).sort().join()
  if (names !== 'N,input' && names !== 'alpha,input')
    throw refuse(
      `${name} sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field`,
    )
  if (sort.length === 0) throw refuse(`${name} requires an explicit 'sortBy'`)
  const alpha = alphaOf(operand)
  const { evaluate } = parseExpression(operand.input ?? null, scope)
  return (docs) => {
    let average: number | undefined
    return docs.map((doc) => {
      const value = evaluate(envOf(doc))
      if (value !== undefined && isNumeric(value)) {
        const number = numberOf(value, name) ?? 0
        average = average === undefined ? number : number * alpha + average * (1 - alpha)
      }
      return average === undefined ? null : makeDouble(average)
    })
  }
}

const movingAverage: ParseBounded = (call, window) => {
  if (window !== undefined) throw refuse(`${call.name} must have exactly one argument that is an object`)
  return expMovingAvg(call)
}

export const movingFunctions: Readonly<Record<string, ParseBounded>> = {
  $derivative: derivative,
  $integral: integral,
  $expMovingAvg: movingAverage,
}
