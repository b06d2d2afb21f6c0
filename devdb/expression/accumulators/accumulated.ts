import type { Value } from '../../bson/values.ts'
import type { Scope } from '../../query/scope.ts'
import { folded, type Operator, type Operators, operandsOf } from '../operands.ts'
import { folds, type MakeFold } from './folds.ts'
import { parseQuantiles } from './percentile.ts'

const foldAll = (make: MakeFold, scope: Scope, values: readonly (Value | undefined)[]): Value => {
  const fold = make(scope)
  for (const value of values) fold.add(value)
  return fold.result()
}

/** An accumulator as expression: over the elements of its one operand when that is an array, else over its operands. */
const overOperands =
  (name: string): Operator =>
  (spec, parser) => {
    const make = folds[name] as MakeFold
    const operands = operandsOf(spec, parser)
    const [only] = operands
    return folded(operands, (env) => {
      if (only === undefined || operands.length > 1) {
        return foldAll(
          make,
          parser.scope,
          operands.map((operand) => operand.evaluate(env)),
        )
      }
      const value = only.evaluate(env)
      return foldAll(make, parser.scope, Array.isArray(value) ? value : [value])
    })
  }

const quantiles =
  (name: '$median' | '$percentile'): Operator =>
  (spec, parser) => {
    const { input, start } = parseQuantiles(name, spec, parser)
    return folded([input], (env) => {
      const fold = start()
      const value = input.evaluate(env)
      for (const item of Array.isArray(value) ? value : [value]) fold.add(item)
      return fold.result()
    })
  }

const names = ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp', '$mergeObjects']

export const accumulatedOperators: Operators = {
  ...Object.fromEntries(names.map((name) => [name, overOperands(name)])),
  $median: quantiles('$median'),
  $percentile: quantiles('$percentile'),
}
