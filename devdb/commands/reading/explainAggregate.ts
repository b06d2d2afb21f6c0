import { documentsOf, runStages } from '../../aggregate/source.ts'
import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { allOf } from '../../query/tree.ts'
import type { Reply, Request } from '../command.ts'
import { endOfFile, executionStats, queryPlanner, stagesOf } from './explainPlan.ts'
import { type Prepared, prepareAggregate, startSource } from './prepareAggregate.ts'

const sortOf = ({ plan }: Prepared): Doc =>
  Object.fromEntries(
    plan.head.sort.map(({ path, direction, meta }) => [path, meta === undefined ? direction : { $meta: meta }]),
  )

const writes = ['$out', '$merge']

type Planned = { readonly planner: Doc; readonly stats: Doc }

const plannedHead = (prepared: Prepared, verbosity: Value): Planned => {
  const { plan, context, namespace } = prepared
  const filter = allOf(plan.head.filters)
  const execution = startSource(prepared)
  const { skip, limit } = plan.head
  const stages =
    execution === undefined ? endOfFile : stagesOf({ filter, execution, sort: sortOf(prepared), skip, limit })
  const planner = { queryPlanner: queryPlanner({ namespace, filter, winningPlan: stages }) }
  if (verbosity === 'queryPlanner') return { planner, stats: {} }
  const started = performance.now()
  // An explain writes nothing.
  const reading = plan.rest.filter(({ name }) => !writes.includes(name))
  let returned = 0
  for (const _doc of runStages(documentsOf(execution), reading, context)) returned++
  const examined = execution?.examined ?? { keys: 0, docs: 0 }
  const millis = Math.round(performance.now() - started)
  return { planner, stats: { executionStats: executionStats(stages, { returned, examined, millis }) } }
}

/**
 * Explains a pipeline: one that is a find throughout is explained as such; otherwise `stages` begins with the query
 * that the planner runs (`$cursor`), and the remaining stages follow as they were written.
 */
export const explainAggregate = (request: Request, verbosity: Value): Reply => {
  const { explain: _explain, ...body } = request.body
  const prepared = prepareAggregate({ ...request, body })
  const { rest } = prepared.plan
  const { planner, stats } = plannedHead(prepared, verbosity)
  if (rest.length === 0) return { explainVersion: '1', ...planner, ...stats }
  const stages = rest.map(({ name, spec }): Doc => ({ [name]: isDoc(spec) ? spec : (spec ?? null) }))
  return { explainVersion: '1', stages: [{ $cursor: { ...planner, ...stats } }, ...stages] }
}
