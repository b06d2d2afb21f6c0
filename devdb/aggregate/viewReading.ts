import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { countOption, type Request } from '../commands/command.ts'
import { failure } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import { parseSort } from '../query/sort.ts'
import { contextOf } from './context.ts'
import { matchBody } from './match.ts'
import { optimise } from './optimise.ts'
import { parsePipeline } from './pipeline.ts'
import { checkRules } from './rules.ts'
import { limitStage, skipStage } from './simple.ts'
import { sortBody } from './sort.ts'
import { readCollection } from './source.ts'
import type { Rows, Stage } from './stage.ts'
import { checkViewCollation, type ResolvedView, resolveView } from './views.ts'

/** A view as a pipeline over its collection; the stages that come behind are put into the same pipeline. */
export type OpenView = {
  readonly view: ResolvedView
  /** What the command's own stages are read with: the view's collation. */
  readonly scope: Scope
  readonly stages: readonly Stage[]
}

/** The view a command reads; undefined when the name is none. Throws 167 for another collation than the view's. */
export const openView = (request: Request, name: string, scope: Scope): OpenView | undefined => {
  const view = resolveView(request.server.catalog, { database: request.database, collection: name })
  if (view === undefined) return undefined
  checkViewCollation(view, request.body.collation)
  const own = { ...scope, collation: view.collation }
  return { view, scope: own, stages: parsePipeline([...view.pipeline], { ...own, variables: new Map() }) }
}

const queryStages = (query: Doc, filter: Value | undefined, scope: Scope): Stage[] => {
  const stages: Stage[] = []
  const add = (name: string, spec: Value, body: Omit<Stage, 'name' | 'spec'>): void => {
    stages.push({ ...body, name, spec })
  }
  if (isDoc(filter)) add('$match', filter, matchBody(filter, scope))
  const sort = parseSort(query.sort, scope)
  if (sort.length > 0) add('$sort', query.sort ?? null, sortBody(sort))
  const parsing = { scope, pipeline: parsePipeline }
  const [skip, limit] = [countOption(query, 'skip'), countOption(query, 'limit')]
  if (skip !== undefined && skip > 0) add('$skip', skip, skipStage(skip, parsing))
  if (limit !== undefined && limit > 0) add('$limit', limit, limitStage(limit, parsing))
  return stages
}

/**
 * The documents of a view that a find, count or distinct asks for: `filter`, then `sort`, `skip` and `limit` of
 * `query`, all in one pipeline with the view's, so that the planner sees the filter.
 */
export const readView = ({ view, scope, stages }: OpenView, request: Request, query: Doc, filter?: Value): Rows => {
  const all = [...stages, ...queryStages(query, filter, scope)]
  checkRules(all, 'collection')
  return readCollection(view.on, optimise(all), contextOf(request, view.on.collection))
}

const notOnView = ['min', 'max', 'returnKey', 'showRecordId', 'tailable', 'noCursorTimeout', 'allowPartialResults']

/** The documents a find of a view asks for, not yet projected. Throws 168 for options a pipeline has no stage for. */
export const findInView = (view: OpenView, request: Request): Rows => {
  const { body } = request
  const refused = notOnView.find((name) => body[name] !== undefined && body[name] !== false)
  if (refused !== undefined) throw failure('InvalidPipelineOperator', `Option ${refused} not supported in aggregation.`)
  return readView(view, request, body, body.filter)
}
