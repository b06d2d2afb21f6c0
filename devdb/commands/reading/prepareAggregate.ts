import { contextOf } from '../../aggregate/context.ts'
import { optimise, type Plan } from '../../aggregate/optimise.ts'
import { parsePipeline } from '../../aggregate/pipeline.ts'
import { checkInTransaction, checkRules, checkScore } from '../../aggregate/rules.ts'
import { type Namespace, startHead } from '../../aggregate/source.ts'
import type { Context, Stage } from '../../aggregate/stage.ts'
import { openView } from '../../aggregate/viewReading.ts'
import { integerOf } from '../../bson/numbers.ts'
import { isDoc } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Execution } from '../../query/executor.ts'
import { booleanOption, collectionName, hintedIndex, type Request, scopeOf } from '../command.ts'

/** A pipeline that was read and checked, ready to run or to be explained. */
export type Prepared = {
  /** Where its documents come from; undefined when its first stage makes them. */
  readonly source: Namespace | undefined
  readonly plan: Plan
  readonly stages: readonly Stage[]
  readonly context: Context
  /** As clients know it: of a view its name. */
  readonly namespace: string
}

const makesDocuments = new Set([
  '$collStats',
  '$currentOp',
  '$documents',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
])

const ofDatabase = ({ body }: Request): boolean => {
  if (typeof body.aggregate === 'string') return false
  if (integerOf(body.aggregate) === 1) return true
  throw failure('FailedToParse', "Invalid command format: the 'aggregate' field must specify a collection name or 1")
}

const checkSource = ({ database }: Request, collection: string | undefined, first: string | undefined): void => {
  if (first === '$currentOp' && database !== 'admin')
    throw failure('InvalidNamespace', "$currentOp must be run against the 'admin' database with {aggregate: 1}")
  if (first === '$listSessions' && (database !== 'config' || collection !== 'system.sessions'))
    throw failure('InvalidNamespace', '$listSessions may only be run against config.system.sessions')
}

const checkConcerns = ({ body }: Request, stages: readonly Stage[]): void => {
  const last = stages.at(-1)?.name
  const level = isDoc(body.readConcern) ? body.readConcern.level : undefined
  if (level === 'linearizable' && (last === '$out' || last === '$merge'))
    throw failure('InvalidOptions', `${last} cannot be used with a 'linearizable' read concern level`)
  if (body.autocommit !== undefined) checkInTransaction(stages)
}

/** Reads the pipeline of an aggregate; throws everything that is wrong with it before anything runs. */
export const prepareAggregate = (request: Request): Prepared => {
  const { body, database } = request
  booleanOption(body, 'allowDiskUse')
  booleanOption(body, 'bypassDocumentValidation')
  const name = ofDatabase(request) ? undefined : collectionName(request)
  const scope = scopeOf(request)
  const view = name === undefined ? undefined : openView(request, name, scope)
  const stages = parsePipeline(body.pipeline, view?.scope ?? scope, name === undefined ? 'database' : 'collection')
  const first = stages[0]?.name
  checkSource(request, name, first)
  checkConcerns(request, stages)
  const namespace = `${database}.${name ?? '$cmd.aggregate'}`
  const makes = first !== undefined && makesDocuments.has(first)
  if (view !== undefined && makes)
    throw failure('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
  const collection = view?.view.on.collection ?? name
  const all = view === undefined ? stages : [...view.stages, ...stages]
  if (view !== undefined) checkRules(all, 'collection')
  checkScore(all)
  return {
    source: collection === undefined || makes ? undefined : { database, collection },
    plan: optimise(all),
    stages,
    context: contextOf(request, collection),
    namespace,
  }
}

/** The index its hint names, when it reads a collection. */
export const hintOf = ({ source, context }: Prepared) => {
  const { server, body } = context.request
  const collection = source === undefined ? undefined : server.catalog.find(source.database, source.collection)
  return collection === undefined ? undefined : hintedIndex(collection, body.hint)
}

/** Starts the query the pipeline begins with; undefined when its source is no collection or not there. */
export const startSource = (prepared: Prepared): Execution | undefined => {
  const { source, plan, context } = prepared
  return source === undefined ? undefined : startHead(source, { head: plan.head, hint: hintOf(prepared) }, context)
}
