import { Long } from 'bson'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { type Expression, envOf, parseExpression } from '../expression/expression.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { parseFilter } from '../query/matcher.ts'
import { leavesOf } from '../query/paths.ts'
import type { Scope } from '../query/scope.ts'
import { withValueAt } from './fieldPath.ts'
import { type Foreign, openForeign } from './foreign.ts'
import { equalityKeyOf } from './keys.ts'
import type { Body, ParseStage } from './stage.ts'

const argumentNames = [
  'from',
  'as',
  'startWith',
  'connectFromField',
  'connectToField',
  'maxDepth',
  'depthField',
  'restrictSearchWithMatch',
]

const text = (spec: Doc, name: string): string => {
  const value = spec[name]
  if (typeof value === 'string') return value
  throw location(40103, `expected string as argument for ${name}, found: ${kindOf(value ?? null)}`)
}

const fromOf = ({ from }: Doc): string => {
  if (from === undefined) throw failure('FailedToParse', "missing 'from' option to $graphLookup stage specification")
  if (typeof from !== 'string')
    throw failure('FailedToParse', `$graphLookup argument 'from' must be a string, found ${kindOf(from)}`)
  if (from === '') throw failure('InvalidNamespace', "invalid $graphLookup namespace: ''")
  return from
}

const depthOf = (value: Value | undefined): number => {
  if (value === undefined) return Number.POSITIVE_INFINITY
  if (!isNumeric(value)) throw location(40100, `maxDepth requires numeric argument, found type: ${kindOf(value)}`)
  const depth = integerOf(value)
  if (depth === undefined) throw location(40102, `maxDepth could not be represented as a long long: ${String(value)}`)
  if (depth < 0) throw location(40101, `maxDepth requires a nonnegative argument, found: ${depth}`)
  return depth
}

type Search = {
  readonly from: string
  readonly startWith: Expression
  readonly connectFrom: readonly string[]
  readonly connectTo: string
  readonly maxDepth: number
  readonly depthField: readonly string[] | undefined
  readonly restriction: Doc | undefined
  readonly scope: Scope
}

/** A text search could not be joined with the condition on the connection. */
const refuseText = (filter: Doc): void => {
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$text') throw failure('BadValue', '$text is not allowed in this context')
    if (name.startsWith('$') && Array.isArray(value)) for (const branch of value) if (isDoc(branch)) refuseText(branch)
  }
}

const restrictionOf = (value: Value | undefined, scope: Scope): Doc | undefined => {
  if (value === undefined) return undefined
  if (!isDoc(value)) throw location(40185, `restrictSearchWithMatch must be an object, found ${kindOf(value)}`)
  refuseText(value)
  parseFilter(value, scope)
  return value
}

const read = (spec: Doc, scope: Scope): Search => {
  const unknown = Object.keys(spec).find((name) => !argumentNames.includes(name))
  if (unknown !== undefined) throw location(40104, `Unknown argument to $graphLookup: ${unknown}`)
  const from = fromOf(spec)
  if (['as', 'startWith', 'connectFromField', 'connectToField'].some((name) => spec[name] === undefined))
    throw location(
      40105,
      `$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.`,
    )
  const connectTo = text(spec, 'connectToField')
  parsePath(connectTo)
  return {
    from,
    startWith: parseExpression(spec.startWith ?? null, scope),
    connectFrom: parsePath(text(spec, 'connectFromField')),
    connectTo,
    maxDepth: depthOf(spec.maxDepth),
    depthField: spec.depthField === undefined ? undefined : parsePath(text(spec, 'depthField')),
    restriction: restrictionOf(spec.restrictSearchWithMatch, scope),
    scope,
  }
}

/** Level by level: each value is searched once, each document found once. */
const reachable = (doc: Doc, search: Search, foreign: Foreign): Doc[] => {
  const { connectFrom, connectTo, depthField, restriction, scope } = search
  const keyOf = (value: Value): string => equalityKeyOf(value, scope.collation)
  const found = new Map<string, Doc>()
  const searched = new Set<string>()
  const fresh = (values: readonly (Value | undefined)[]): Value[] =>
    values.filter((value) => {
      if (value === undefined || searched.has(keyOf(value))) return false
      searched.add(keyOf(value))
      return true
    }) as Value[]
  const start = search.startWith.evaluate(envOf(doc)) ?? null
  let frontier = fresh(Array.isArray(start) ? start : [start])
  for (let depth = 0; frontier.length > 0 && depth <= search.maxDepth; depth++) {
    const next: (Value | undefined)[] = []
    const condition: Doc = { $or: frontier.map((value) => ({ [connectTo]: { $eq: value } })) }
    const joined = { [connectTo]: { $in: frontier } }
    const belongs = frontier.some((value) => kindOf(value) === 'regex') ? condition : joined
    for (const match of foreign(restriction === undefined ? belongs : { $and: [belongs, restriction] })) {
      const id = keyOf(match._id ?? null)
      if (found.has(id)) continue
      found.set(id, depthField === undefined ? match : withValueAt(match, depthField, Long.fromNumber(depth)))
      next.push(...leavesOf(match, connectFrom))
    }
    frontier = fresh(next)
  }
  return [...found.values()]
}

/** `$graphLookup`: all documents that can be reached over a connection between two fields. */
export const graphLookupStage: ParseStage = (spec, { scope }): Body => {
  if (!isDoc(spec))
    throw failure('FailedToParse', `the $graphLookup stage specification must be an object, but found ${kindOf(spec)}`)
  const search = read(spec, scope)
  const path = text(spec, 'as')
  const as = parsePath(path)
  return {
    modifies: [path],
    run: function* (rows, context) {
      const namespace = { database: context.database, collection: search.from }
      const foreign = openForeign({ namespace, stages: [], scope }, context)
      for (const doc of rows) yield withValueAt(doc, as, reachable(doc, search, foreign))
    },
  }
}
