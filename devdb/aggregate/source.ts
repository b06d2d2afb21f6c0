import type { Doc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Hint } from '../index/planner.ts'
import { countMatches, type Execution, execute, type Query } from '../query/executor.ts'
import { allOf, type Filter } from '../query/tree.ts'
import type { Collection } from '../storage/collection.ts'
import type { Head, Plan } from './optimise.ts'
import type { Context, Rows, Stage } from './stage.ts'

const checkEvery = 256

const clocked = function* (rows: Rows, deadline: number): Generator<Doc> {
  let count = 0
  for (const doc of rows) {
    if (++count % checkEvery === 0 && Date.now() > deadline)
      throw failure('MaxTimeMSExpired', 'operation exceeded time limit')
    yield doc
  }
}

/** Sends rows through stages; every stage's output is checked against the deadline, for each may multiply its input. */
export const runStages = (rows: Rows, stages: readonly Stage[], context: Context): Rows => {
  const { deadline } = context
  return stages.reduce((input, { run }) => {
    const output = run(input, context)
    return deadline === undefined ? output : clocked(output, deadline)
  }, rows)
}

export type Namespace = { readonly database: string; readonly collection: string }

export type Reading = {
  readonly head: Head
  readonly hint?: Hint | undefined
  /** Conditions on top of the head's: of `$lookup`, that the foreign document belongs to this one. */
  readonly also?: readonly Filter[]
}

const queryOf = ({ head, hint, also = [] }: Reading, { deadline, mayExceedMemory }: Context): Query => {
  const { filters, sort, skip, limit } = head
  return {
    filter: allOf([...also, ...filters]),
    sort,
    skip,
    ...(limit !== undefined && { limit }),
    ...(hint !== undefined && { hint }),
    ...(deadline !== undefined && { deadline }),
    ...(!mayExceedMemory && { allowDiskUse: false }),
  }
}

const collectionOf = ({ database, collection }: Namespace, { request }: Context): Collection | undefined =>
  request.server.catalog.find(database, collection)

/** Starts the query a pipeline begins with; undefined when there is no such collection. */
export const startHead = (namespace: Namespace, reading: Reading, context: Context): Execution | undefined => {
  const collection = collectionOf(namespace, context)
  if (collection === undefined) return undefined
  const execution = execute(collection, queryOf(reading, context))
  if (execution.plan.kind === 'collection') context.request.server.counters.collectionScan()
  return execution
}

/** The documents of a started query; of one that could not start, none. */
export const documentsOf = function* (execution: Execution | undefined): Generator<Doc> {
  if (execution === undefined) return
  for (const record of execution.rows) yield execution.docOf(record)
}

/** So many documents, of which only the number matters. */
const counted = function* (count: number): Generator<Doc> {
  const nothing: Doc = {}
  for (let index = 0; index < count; index++) yield nothing
}

const startCount = (collection: Collection, reading: Reading, context: Context): Rows => {
  const { plan, count } = countMatches(collection, queryOf(reading, context))
  if (plan?.kind === 'collection') context.request.server.counters.collectionScan()
  return counted(count)
}

/** Starts a plan on a collection. Where the stages only count, documents an index can count are not looked at. */
export const readCollection = (
  namespace: Namespace,
  { head, rest }: Plan,
  context: Context,
  more: Omit<Reading, 'head'> = {},
): Rows => {
  const collection = collectionOf(namespace, context)
  if (collection === undefined) return runStages([], rest, context)
  const reading = { head, ...more }
  if (rest[0]?.countsOnly === true) return runStages(startCount(collection, reading, context), rest, context)
  return runStages(documentsOf(startHead(namespace, reading, context)), rest, context)
}
