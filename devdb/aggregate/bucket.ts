import { show } from '../bson/show.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type Expression, envOf, parseExpression } from '../expression/expression.ts'
import type { Scope } from '../query/scope.ts'
import { grouping, parseOutputs } from './group.ts'
import { compareUnder } from './keys.ts'
import { sortBody } from './sort.ts'
import type { ParseStage } from './stage.ts'

/** What both kinds of buckets group by; undefined when it is neither a path nor an expression. */
export const groupByOf = (value: Value, scope: Scope): Expression | undefined =>
  isDoc(value) || (typeof value === 'string' && value.startsWith('$')) ? parseExpression(value, scope) : undefined

const constantOf = (value: Value, scope: Scope, refuse: () => Error): Value => {
  const expression = parseExpression(value, scope)
  if (!expression.constant) throw refuse()
  return expression.evaluate(envOf(undefined)) ?? null
}

const sameType = (a: Value, b: Value): boolean => (isNumeric(a) && isNumeric(b)) || kindOf(a) === kindOf(b)

const boundariesOf = (value: Value, scope: Scope): Value[] => {
  if (!Array.isArray(value))
    throw location(40200, `The $bucket 'boundaries' field must be an array, but found type: ${kindOf(value)}.`)
  const bounds = value.map((item) =>
    constantOf(item, scope, () =>
      location(
        40191,
        `The $bucket 'boundaries' field must be an array of constant values, but found value: ${show(item)}.`,
      ),
    ),
  )
  if (bounds.length < 2)
    throw location(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${bounds.length} value(s).`,
    )
  const order = compareUnder(scope.collation)
  for (let index = 1; index < bounds.length; index++) {
    const [low = null, high = null] = [bounds[index - 1], bounds[index]]
    if (!sameType(low, high))
      throw location(
        40193,
        `All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types ${kindOf(low)} and ${kindOf(high)}.`,
      )
    if (order(low, high) >= 0)
      throw location(
        40194,
        `The 'boundaries' option to $bucket must be sorted, but elements ${index - 1} and ${index} are not in ascending order (${show(low)} is not less than ${show(high)}).`,
      )
  }
  return bounds
}

const defaultOf = (value: Value | undefined, bounds: readonly Value[], scope: Scope): Value | undefined => {
  if (value === undefined) return undefined
  const fallback = constantOf(value, scope, () =>
    location(40195, `The $bucket 'default' field must be a constant expression, but found: ${show(value)}.`),
  )
  const order = compareUnder(scope.collation)
  if (order(fallback, bounds[0] ?? null) >= 0 && order(fallback, bounds.at(-1) ?? null) < 0)
    throw location(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    )
  return fallback
}

export const outputOf = (value: Value | undefined, refuse: (kind: string) => Error): Doc => {
  if (value === undefined) return { count: { $sum: 1 } }
  if (!isDoc(value)) throw refuse(kindOf(value))
  return value
}

const lowerBound = (bounds: readonly Value[], value: Value, scope: Scope): Value | undefined => {
  const order = compareUnder(scope.collation)
  if (order(value, bounds.at(-1) ?? null) >= 0) return undefined
  return bounds.findLast((bound) => order(bound, value) <= 0)
}

/** `$bucket`: groups by the boundary below a value; throws 40066 for a value outside when there is no default. */
export const bucketStage: ParseStage = (spec, { scope }) => {
  if (!isDoc(spec))
    throw location(40201, `Argument to $bucket stage must be an object, but found type: ${kindOf(spec)}.`)
  const unknown = Object.keys(spec).find((name) => !['groupBy', 'boundaries', 'default', 'output'].includes(name))
  if (unknown !== undefined) throw location(40197, `Unrecognized option to $bucket: ${unknown}.`)
  if (spec.groupBy === undefined || spec.boundaries === undefined)
    throw location(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.")
  const groupBy = groupByOf(spec.groupBy, scope)
  if (groupBy === undefined)
    throw location(
      40202,
      `The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression, but found: ${show(spec.groupBy)}.`,
    )
  const bounds = boundariesOf(spec.boundaries, scope)
  const fallback = defaultOf(spec.default, bounds, scope)
  const output = outputOf(spec.output, (kind) =>
    location(40196, `The $bucket 'output' field must be an object, but found type: ${kind}.`),
  )
  const id: Expression = {
    constant: false,
    evaluate: (env) => {
      const bound = lowerBound(bounds, groupBy.evaluate(env) ?? null, scope) ?? fallback
      if (bound !== undefined) return bound
      throw location(40066, '$switch could not find a matching branch for an input, and no default was specified.')
    },
  }
  const group = grouping(id, parseOutputs(output, scope), scope)
  const sort = sortBody([{ path: '_id', parts: ['_id'], direction: 1 }])
  return { run: (rows, context) => sort.run(group(rows, context), context) }
}
