import { makeDouble, toNumber } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { isNumeric, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import type { Expression } from '../expression.ts'
import { type Names, namedSpecs, nowhere, type Parser } from '../operands.ts'
import type { Fold } from './folds.ts'

/** `$median` and `$percentile`, parsed: what is measured, and a fold of the numbers met. */
export type Quantiles = { readonly input: Expression; readonly start: () => Fold }

const names = (required: readonly string[]): Names => ({
  required,
  notObject: (name, spec) => location(7436100, `specification must be an object; found ${name}: ${show(spec)}`),
  unknown: (name, argument) => location(40415, `BSON field '${name}.${argument}' is an unknown field.`),
  missing: (name, argument) => location(40414, `BSON field '${name}.${argument}' is missing but a required field`),
})

const valuesAt = (sorted: readonly number[], points: readonly number[]): Value[] =>
  points.map((point) => {
    const rank = point >= 1 ? sorted.length - 1 : Math.max(0, Math.ceil(sorted.length * point) - 1)
    const value = sorted[rank]
    return value === undefined ? null : makeDouble(value)
  })

const makeQuantiles = (points: readonly number[], one: boolean): Fold => {
  const numbers: number[] = []
  return {
    add: (value) => {
      const number = value !== undefined && isNumeric(value) ? toNumber(value) : Number.NaN
      if (!Number.isNaN(number)) numbers.push(number)
    },
    result: () => {
      const values = valuesAt(
        [...numbers].sort((a, b) => a - b),
        points,
      )
      return one ? (values[0] ?? null) : values
    },
  }
}

const checkMethod = (method: Value | undefined): void => {
  if (typeof method !== 'string') {
    throw failure('TypeMismatch', "BSON field 'method' is the wrong type, expected type 'string'")
  }
  if (method !== 'approximate') {
    throw failure('BadValue', "Currently only 'approximate' can be used as percentile 'method'.")
  }
}

const pointsOf = (points: Value | undefined): number[] => {
  const wrong = (): Error =>
    location(
      7750301,
      `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${show(points)}`,
    )
  if (!Array.isArray(points) || points.length === 0) throw wrong()
  return points.map((point) => {
    const number = isNumeric(point) ? toNumber(point) : Number.NaN
    if (!(number >= 0 && number <= 1)) throw wrong()
    return number
  })
}

/**
 * Reads `{input, method}` of `$median` or `{input, p, method}` of `$percentile`. The points may be told by variables of
 * the command, not by the documents; the values found are exact ones.
 */
export const parseQuantiles = (name: '$median' | '$percentile', spec: Value, parser: Parser): Quantiles => {
  const one = name === '$median'
  const named = namedSpecs(spec, name, names(one ? ['input', 'method'] : ['input', 'p', 'method']))
  checkMethod(named.method)
  const points = one ? [0.5] : pointsOf(parser.parse(named.p ?? null).evaluate(nowhere))
  return { input: parser.parse(named.input ?? null), start: () => makeQuantiles(points, one) }
}
