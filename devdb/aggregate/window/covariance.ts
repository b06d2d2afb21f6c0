import { makeDouble, toNumber } from '../../bson/numbers.ts'
import { isNumeric, kindOf, type Value } from '../../bson/values.ts'
import { unsupported } from '../../errors.ts'
import { envOf, parseExpression } from '../../expression/expression.ts'
import { parseBounds } from './bounds.ts'
import type { ParseBounded } from './functions.ts'

type Pair = readonly [number, number]

const pairOf = (value: Value | undefined): Pair | undefined => {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [x = null, y = null] = value
  if (!isNumeric(x) || !isNumeric(y)) return undefined
  if (kindOf(x) === 'decimal' || kindOf(y) === 'decimal') throw unsupported('the covariance of decimal128 values')
  return [toNumber(x), toNumber(y)]
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

const covarianceOf = (pairs: readonly Pair[], missing: 0 | 1): Value => {
  if (pairs.length <= missing) return null
  const [meanX, meanY] = [meanOf(pairs.map(([x]) => x)), meanOf(pairs.map(([, y]) => y))]
  const sum = pairs.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0)
  return makeDouble(sum / (pairs.length - missing))
}

/** Of a pair of expressions, over the rows where both are numbers. */
const covariance =
  (missing: 0 | 1): ParseBounded =>
  (call, window) => {
    const { operand, scope } = call
    const { windows } = parseBounds(window, call)
    const { evaluate } = parseExpression(operand, scope)
    return (docs) => {
      const pairs = docs.map((doc) => pairOf(evaluate(envOf(doc))))
      const windowOf = windows(docs)
      return docs.map((_doc, index) => {
        const { from, to } = windowOf(index)
        return covarianceOf(
          pairs.slice(from, to).filter((pair) => pair !== undefined),
          missing,
        )
      })
    }
  }

export const covarianceFunctions: Readonly<Record<string, ParseBounded>> = {
  $covariancePop: covariance(0),
  $covarianceSamp: covariance(1),
}
