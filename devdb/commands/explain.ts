import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import type { Examined, Execution } from '../query/executor.ts'
import { type Command, collectionName, type Reply, type Request, unknownField } from './command.ts'
import { findOptions, startFind } from './find.ts'

const scanOf = ({ plan }: Execution): Doc => {
  if (plan.kind === 'collection') return { stage: 'COLLSCAN', direction: 'forward' }
  const scans = new Map<string, Doc>()
  for (const { index, reverse } of plan.scans) {
    const { name, spec } = index.definition
    scans.set(name, {
      stage: 'IXSCAN',
      keyPattern: spec.key as Doc,
      indexName: name,
      isMultiKey: index.multikey.includes(true),
      isUnique: index.definition.unique,
      direction: reverse ? 'backward' : 'forward',
    })
  }
  const stages = [...scans.values()]
  const [only] = stages
  if (stages.length === 1 && only !== undefined) return { stage: 'FETCH', inputStage: only }
  return { stage: 'FETCH', inputStage: { stage: plan.sorted ? 'SORT_MERGE' : 'OR', inputStages: stages } }
}

const winningPlan = (execution: Execution, body: Doc): Doc => {
  const scan = scanOf(execution)
  const sorted = execution.plan.kind === 'index' && execution.plan.sorted
  const wantsSort = isDoc(body.sort) && Object.keys(body.sort).length > 0
  return wantsSort && !sorted ? { stage: 'SORT', sortPattern: body.sort ?? null, inputStage: scan } : scan
}

const counts = (returned: number, { keys, docs }: Examined): Doc => ({
  executionSuccess: true,
  nReturned: returned,
  executionTimeMillis: 0,
  totalKeysExamined: keys,
  totalDocsExamined: docs,
})

const explainFind = (request: Request, body: Doc): Reply => {
  const inner = { ...request, body, name: 'find' }
  const name = collectionName(inner)
  const namespace = `${request.database}.${name}`
  const execution = startFind(inner, body, request.server.catalog.find(request.database, name))
  if (execution === undefined) {
    const none = { stage: 'EOF' }
    return {
      queryPlanner: { namespace, winningPlan: none, rejectedPlans: [] },
      executionStats: { ...counts(0, { keys: 0, docs: 0 }), executionStages: none },
    }
  }
  const plan = winningPlan(execution, body)
  const queryPlanner = {
    namespace,
    indexFilterSet: false,
    parsedQuery: body.filter ?? {},
    winningPlan: plan,
    rejectedPlans: [],
  }
  if (request.body.verbosity === 'queryPlanner') return { explainVersion: '1', queryPlanner }
  const returned = execution.rows.reduce((sum) => sum + 1, 0)
  const executionStats = { ...counts(returned, execution.examined), executionStages: plan }
  return {
    explainVersion: '1',
    queryPlanner,
    executionStats,
    serverInfo: { host: request.server.address(), version: '7.0.14' },
  }
}

const verbosities: readonly (Value | undefined)[] = [undefined, 'queryPlanner', 'executionStats', 'allPlansExecution']

// What a driver adds to every command stands here inside the explained one as well.
const generic = ['$db', 'lsid', 'comment', 'maxTimeMS', 'readConcern', '$readPreference', '$clusterTime']

export const explainCommands: Readonly<Record<string, Command>> = {
  explain: {
    options: ['verbosity'],
    run: (request) => {
      request.server.counters.count('command')
      const { explain, verbosity } = request.body
      if (!isDoc(explain))
        throw failure('TypeMismatch', "BSON field 'explain' is the wrong type, expected type 'object'")
      if (!verbosities.includes(verbosity))
        throw failure(
          'FailedToParse',
          'verbosity string must be one of {"queryPlanner", "executionStats", "allPlansExecution"}',
        )
      const [name = ''] = Object.keys(explain)
      if (name !== 'find') throw unsupported(`explain of the command '${name}'`)
      const unknown = Object.keys(explain).find(
        (option) => option !== 'find' && !findOptions.includes(option) && !generic.includes(option),
      )
      if (unknown !== undefined) throw unknownField(`find.${unknown}`)
      return explainFind(request, explain)
    },
  },
}
