import { isDoc, type Value } from '../../bson/values.ts'
import { failure, location, unsupported } from '../../errors.ts'
import type { Scope } from '../../query/scope.ts'
import { type Env, type Expression, envOf, parserFor } from '../expression.ts'
import { constantOf, namedSpecs, type Parser } from '../operands.ts'
import { type Fold, folds, type MakeFold, makeEndmost, makeExtremes } from './folds.ts'
import { countOf, limitedNames } from './limited.ts'
import { parseQuantiles } from './percentile.ts'
import { parseRanked } from './ranked.ts'

/** The running state of one accumulator in one group or window. */
export type Accumulation = {
  readonly add: (env: Env) => void
  readonly result: () => Value
}

/** A parsed accumulator; `start` begins a new group, whose key is what an `n` may refer to. */
export type Accumulator = { readonly start: (groupKey?: Value) => Accumulation }

type ParseAccumulator = (spec: Value, parser: Parser, name: string) => Accumulator

const feeding = (input: Expression, fold: Fold): Accumulation => ({
  add: (env) => fold.add(input.evaluate(env)),
  result: fold.result,
})

const simple =
  (make: MakeFold): ParseAccumulator =>
  (spec, parser, name) => {
    if (Array.isArray(spec)) throw location(40237, `The ${name} accumulator is a unary operator`)
    const input = parser.parse(spec)
    return { start: () => feeding(input, make(parser.scope)) }
  }

const counting: ParseAccumulator = (spec, parser) => {
  if (!isDoc(spec) || Object.keys(spec).length > 0) {
    throw failure('TypeMismatch', '$count takes no arguments, i.e. $count:{}')
  }
  return { start: () => feeding(constantOf(1), (folds.$sum as MakeFold)(parser.scope)) }
}

const limited =
  (make: (n: number, scope: Scope) => Fold): ParseAccumulator =>
  (spec, parser, name) => {
    const named = namedSpecs(spec, name, limitedNames)
    const [n, input] = [parser.parse(named.n ?? null), parser.parse(named.input ?? null)]
    return { start: (groupKey) => feeding(input, make(countOf(n.evaluate(envOf(groupKey))), parser.scope)) }
  }

const quantiles =
  (name: '$median' | '$percentile'): ParseAccumulator =>
  (spec, parser) => {
    const { input, start } = parseQuantiles(name, spec, parser)
    return { start: () => feeding(input, start()) }
  }

const accumulators: ReadonlyMap<string, ParseAccumulator> = new Map<string, ParseAccumulator>([
  ...Object.entries(folds).map(([name, make]): [string, ParseAccumulator] => [name, simple(make)]),
  ['$count', counting],
  ['$firstN', limited((n) => makeEndmost(n, 'first'))],
  ['$lastN', limited((n) => makeEndmost(n, 'last'))],
  ['$minN', limited((n, scope) => makeExtremes(n, -1, scope))],
  ['$maxN', limited((n, scope) => makeExtremes(n, 1, scope))],
  ['$top', parseRanked],
  ['$topN', parseRanked],
  ['$bottom', parseRanked],
  ['$bottomN', parseRanked],
  ['$median', quantiles('$median')],
  ['$percentile', quantiles('$percentile')],
])

/**
 * Parses `{$name: spec}` of `$group`, `$bucket` or `$setWindowFields`. Throws 15952 for a name that is no accumulator,
 * 40237 for several operands, and whatever the operands' expressions throw.
 */
export const parseAccumulator = (name: string, spec: Value, scope: Scope): Accumulator => {
  const parse = accumulators.get(name)
  if (parse !== undefined) return parse(spec, parserFor(scope), name)
  if (name === '$accumulator') throw unsupported('the accumulator $accumulator (JavaScript)')
  throw location(15952, `unknown group operator '${name}'`)
}
