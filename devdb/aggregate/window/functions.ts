import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { parseAccumulator } from '../../expression/accumulators/accumulators.ts'
import { envOf } from '../../expression/expression.ts'
import type { Scope } from '../../query/scope.ts'
import type { SortField } from '../../query/sort.ts'
import { parseBounds } from './bounds.ts'
import { covarianceFunctions } from './covariance.ts'
import { filling } from './filling.ts'
import { movingFunctions } from './moving.ts'
import { ranking } from './ranking.ts'

/** The results for the rows of one sorted partition, in their order; undefined for none. */
export type WindowFunction = (docs: readonly Doc[]) => readonly (Value | undefined)[]

export type Call = {
  readonly name: string
  readonly operand: Value
  readonly sort: readonly SortField[]
  readonly scope: Scope
}

export type ParseUnbounded = (call: Call) => WindowFunction
/** What `window` says is read by the function itself: some look at the rest of the call first, as MongoDB does. */
export type ParseBounded = (call: Call, window: Value | undefined) => WindowFunction

/** Results are shared by no two rows, also when the accumulator hands out its own array. */
const own = (value: Value): Value => (Array.isArray(value) ? [...value] : value)

const accumulated: ParseBounded = (call, window) => {
  const { name, operand, scope } = call
  const { windows, fromStart, whole } = parseBounds(window, call)
  const accumulator = parseAccumulator(name, operand, scope)
  const over = (docs: readonly Doc[]): Value => {
    const state = accumulator.start()
    for (const doc of docs) state.add(envOf(doc))
    return state.result()
  }
  if (whole)
    return (docs) => {
      const result = docs.length === 0 ? null : over(docs)
      return docs.map(() => own(result))
    }
  return (docs) => {
    const windowOf = windows(docs)
    if (!fromStart)
      return docs.map((_doc, index) => {
        const { from, to } = windowOf(index)
        return over(docs.slice(from, to))
      })
    const state = accumulator.start()
    let added = 0
    return docs.map((_doc, index) => {
      const { to } = windowOf(index)
      for (; added < to; added++) state.add(envOf(docs[added] ?? {}))
      return own(state.result())
    })
  }
}

const accumulatorNames = [
  '$sum',
  '$avg',
  '$min',
  '$max',
  '$count',
  '$push',
  '$addToSet',
  '$first',
  '$last',
  '$firstN',
  '$lastN',
  '$minN',
  '$maxN',
  '$top',
  '$topN',
  '$bottom',
  '$bottomN',
  '$median',
  '$percentile',
  '$stdDevPop',
  '$stdDevSamp',
]

const bounded: ReadonlyMap<string, ParseBounded> = new Map([
  ...accumulatorNames.map((name): [string, ParseBounded] => [name, accumulated]),
  ...Object.entries(covarianceFunctions),
  ...Object.entries(movingFunctions),
])

const unbounded: ReadonlyMap<string, ParseUnbounded> = new Map([...Object.entries(ranking), ...Object.entries(filling)])

const refuse = (message: string): Error => failure('FailedToParse', message)

/** Reads one field of `output`: a window function and its window. Throws FailedToParse (9) for an unknown one. */
export const parseWindowFunction = (
  spec: Value,
  field: string,
  surroundings: { readonly sort: readonly SortField[]; readonly scope: Scope },
): WindowFunction => {
  if (!isDoc(spec)) throw refuse(`The field '${field}' must be an object`)
  const { window, ...rest } = spec
  const [name, ...others] = Object.keys(rest)
  if (name === undefined || !name.startsWith('$'))
    throw refuse(`Expected a $-prefixed window function${name === undefined ? '' : `, ${name}`}`)
  const [withBounds, withoutBounds] = [bounded.get(name), unbounded.get(name)]
  if (withBounds === undefined && withoutBounds === undefined) throw refuse(`Unrecognized window function, ${name}`)
  if (others.length > 0) throw refuse(`Window function found an unknown argument: ${others[0]}`)
  const call: Call = { name, operand: rest[name] ?? null, ...surroundings }
  if (withBounds !== undefined) return withBounds(call, window)
  if (window !== undefined)
    throw ranking[name] === undefined
      ? refuse(`'window' field is not allowed in ${name}`)
      : location(5371601, 'Rank style window functions take no other arguments')
  return (withoutBounds as ParseUnbounded)(call)
}
