import { integerOf } from '../../bson/numbers.ts'
import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import { countMatches, type Execution, execute } from '../../query/executor.ts'
import { parseFilter } from '../../query/matcher.ts'
import { parseSort } from '../../query/sort.ts'
import type { Filter } from '../../query/tree.ts'
import {
  type Command,
  collectionName,
  hintedIndex,
  type Reply,
  type Request,
  scopeOf,
  unknownField,
} from '../command.ts'
import { version } from '../server/greeting.ts'
import { isSet } from '../struct.ts'
import { aggregateCommands } from './aggregate.ts'
import { explainAggregate } from './explainAggregate.ts'
import { type Explained, endOfFile, executionStats, queryPlanner, type Ran, stagesOf } from './explainPlan.ts'
import { findOptions, startFind } from './find.ts'

/** What explain of one command found out: its stages, and how to run it for its numbers. */
type Explanation = { readonly filter: Filter; readonly stages: Doc; readonly run: () => Omit<Ran, 'millis'> }

type Explain = (request: Request) => Explanation

const drained = (execution: Execution): Omit<Ran, 'millis'> => {
  let returned = 0
  for (const _row of execution.rows) returned++
  return { returned, examined: execution.examined }
}

const nothing = (filter: Filter): Explanation => ({
  filter,
  stages: endOfFile,
  run: () => ({ returned: 0, examined: { keys: 0, docs: 0 } }),
})

const collectionOf = (request: Request) => request.server.catalog.find(request.database, collectionName(request))

const of = (explained: Explained): Explanation => ({
  filter: explained.filter,
  stages: stagesOf(explained),
  run: () => drained(explained.execution),
})

const explainFind: Explain = (request) => {
  const { body } = request
  const filter = parseFilter(body.filter, scopeOf(request))
  const execution = startFind(request, body, collectionOf(request))
  if (execution === undefined) return nothing(filter)
  const limit = integerOf(body.limit) || undefined
  const base = { filter, execution, sort: body.sort, skip: integerOf(body.skip), limit }
  if (!isSet(body.returnKey)) return of({ ...base, projection: body.projection })
  const { stages, ...explanation } = of(base)
  return { ...explanation, stages: { stage: 'RETURN_KEY', inputStage: stages } }
}

const explainCount: Explain = (request) => {
  const { body, deadline } = request
  const filter = parseFilter(body.query, scopeOf(request))
  const collection = collectionOf(request)
  if (collection === undefined) return nothing(filter)
  const hint = hintedIndex(collection, body.hint)
  const limit = Math.abs(integerOf(body.limit) ?? 0) || undefined
  const query = { filter, sort: [], skip: integerOf(body.skip) ?? 0, limit, hint, deadline }
  const counted = countMatches(collection, query)
  const run = () => ({ returned: 0, examined: counted.examined })
  const base = { stage: 'COUNT', nCounted: counted.count }
  if (counted.plan === undefined) return { filter, stages: { stage: 'RECORD_STORE_FAST_COUNT' }, run }
  const execution = execute(collection, { filter, sort: [], hint, fields: [] })
  const keysOnly = counted.examined.docs === 0 ? ('COUNT_SCAN' as const) : undefined
  return { filter, stages: { ...base, inputStage: stagesOf({ filter, execution, keysOnly }) }, run }
}

const explainDistinct: Explain = (request) => {
  const { body, deadline } = request
  const filter = parseFilter(body.query, scopeOf(request))
  const collection = collectionOf(request)
  if (collection === undefined) return nothing(filter)
  if (typeof body.key !== 'string')
    throw failure('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
  const hint = hintedIndex(collection, body.hint)
  const execution = execute(collection, { filter, sort: [], hint, deadline, distinct: body.key })
  const { leaps } = execution
  const stages = stagesOf({ filter, execution, keysOnly: leaps ? 'DISTINCT_SCAN' : undefined })
  const projected = leaps ? { stage: 'PROJECTION_COVERED', transformBy: { [body.key]: 1 }, inputStage: stages } : stages
  return { filter, stages: projected, run: () => drained(execution) }
}

type Targets = {
  readonly query: Value | undefined
  readonly hint: Value | undefined
  readonly sort?: Value | undefined
  readonly multi: boolean
}

/** The query of a write: what it would change is found, nothing is changed. */
const explainWrite = (request: Request, stage: string, { query, sort, hint, multi }: Targets): Explanation => {
  const scope = scopeOf(request)
  const filter = parseFilter(query, scope)
  const collection = collectionOf(request)
  if (collection === undefined) return nothing(filter)
  const execution = execute(collection, {
    filter,
    sort: parseSort(sort, scope),
    hint: hintedIndex(collection, hint),
    limit: multi ? undefined : 1,
  })
  const explained = of({ filter, execution, sort })
  return { ...explained, stages: { stage, inputStage: explained.stages } }
}

const onlyStatement = (body: Doc, name: string): Doc => {
  const list = body[name]
  if (!Array.isArray(list))
    throw failure('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'array'`)
  const [statement] = list
  if (list.length !== 1 || statement === undefined || !isDoc(statement))
    throw failure('InvalidLength', 'explained write batches must be of size 1')
  return statement
}

const explainUpdate: Explain = (request) => {
  const { q: query, multi, hint } = onlyStatement(request.body, 'updates')
  return explainWrite(request, 'UPDATE', { query, hint, multi: multi === true })
}

const explainDelete: Explain = (request) => {
  const { q: query, limit, hint } = onlyStatement(request.body, 'deletes')
  return explainWrite(request, 'DELETE', { query, hint, multi: integerOf(limit) === 0 })
}

const explainFindAndModify: Explain = (request) => {
  const { query, sort, hint, remove } = request.body
  return explainWrite(request, remove === true ? 'DELETE' : 'UPDATE', { query, sort, hint, multi: false })
}

const writeOptions = ['ordered', 'bypassDocumentValidation', 'let', 'writeConcern', 'maxTimeMS', 'lsid', 'txnNumber']
const modifyOptions = [
  'query',
  'update',
  'remove',
  'new',
  'fields',
  'upsert',
  'arrayFilters',
  'sort',
  'hint',
  'collation',
]

type Explainable = { readonly options: readonly string[]; readonly explain: Explain }

const explainable: Readonly<Record<string, Explainable>> = {
  find: { options: findOptions, explain: explainFind },
  count: { options: aggregateCommands.count?.options ?? [], explain: explainCount },
  distinct: { options: aggregateCommands.distinct?.options ?? [], explain: explainDistinct },
  update: { options: ['updates', ...writeOptions], explain: explainUpdate },
  delete: { options: ['deletes', ...writeOptions], explain: explainDelete },
  findAndModify: { options: [...modifyOptions, ...writeOptions], explain: explainFindAndModify },
  findandmodify: { options: [...modifyOptions, ...writeOptions], explain: explainFindAndModify },
}

const verbosities: readonly (Value | undefined)[] = [undefined, 'queryPlanner', 'executionStats', 'allPlansExecution']

// What a driver adds to every command stands here inside the explained one as well.
const generic = ['$db', 'lsid', 'comment', 'maxTimeMS', 'readConcern', '$readPreference', '$clusterTime', 'apiVersion']

const checkOptions = (inner: Request, options: readonly string[]): void => {
  const unknown = Object.keys(inner.body).find(
    (option) => option !== inner.name && !options.includes(option) && !generic.includes(option),
  )
  if (unknown !== undefined) throw unknownField(`${inner.name}.${unknown}`)
}

const serverInfo = ({ server }: Request): Doc => {
  const [host = '', port = '0'] = server.address().split(/:(?=\d+$)/)
  return { host, port: Number(port), version, gitVersion: 'devdb' }
}

const explained = (inner: Request, { explain, options }: Explainable, verbosity: Value | undefined): Reply => {
  checkOptions(inner, options)
  const { filter, stages, run } = explain(inner)
  const planner = queryPlanner({
    namespace: `${inner.database}.${collectionName(inner)}`,
    filter,
    winningPlan: stages,
  })
  const started = performance.now()
  const ran = verbosity === 'queryPlanner' ? undefined : run()
  const millis = Math.round(performance.now() - started)
  const stats = ran === undefined ? {} : { executionStats: executionStats(stages, { ...ran, millis }) }
  return { explainVersion: '1', queryPlanner: planner, ...stats }
}

/** The command inside an explain, as if it had come alone. */
const innerOf = (request: Request): Request => {
  const { explain } = request.body
  if (explain === undefined || !isDoc(explain))
    throw failure('TypeMismatch', "BSON field 'explain' is the wrong type, expected type 'object'")
  const [name = ''] = Object.keys(explain)
  return { ...request, body: explain, name }
}

export const explainCommands: Readonly<Record<string, Command>> = {
  explain: {
    options: ['verbosity'],
    run: (request) => {
      request.server.counters.count('command')
      const { verbosity = 'allPlansExecution' } = request.body
      const inner = innerOf(request)
      if (!verbosities.includes(verbosity))
        throw failure(
          'BadValue',
          `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
        )
      const known = Object.hasOwn(explainable, inner.name) ? explainable[inner.name] : undefined
      if (known === undefined && inner.name !== 'aggregate') throw unsupported(`explain of the command '${inner.name}'`)
      const reply = known === undefined ? explainAggregate(inner, verbosity) : explained(inner, known, verbosity)
      return { ...reply, command: { ...inner.body, $db: inner.database }, serverInfo: serverInfo(request) }
    },
  },
}
