import { Long } from 'bson'
import { type Doc, isDoc, type Out, type Value } from '../bson/values.ts'
import { currentOperation } from '../commands/server/currentOperation.ts'
import { statisticsOf } from '../commands/server/statistics.ts'
import { failure, location } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import { checkArguments, objectOf, wrongType } from './specification.ts'
import type { Context, ParseStage } from './stage.ts'

/** A stage that makes its documents itself. */
const making =
  (make: (context: Context, spec: Doc) => Iterable<Doc>, check: (spec: Doc) => void): ParseStage =>
  (spec) => {
    const options = objectOf(spec, 'diagnostic')
    check(options)
    return {
      run: function* (_rows, context) {
        yield* make(context, options)
      },
    }
  }

const namespaceOf = ({ database, collection = '$cmd.aggregate' }: Context): string => `${database}.${collection}`

const collectionOf = ({ request, database, collection = '' }: Context): Collection | undefined =>
  request.server.catalog.find(database, collection)

const without = (reply: { [field: string]: Out | undefined }, names: readonly string[]): Doc =>
  Object.fromEntries(
    Object.entries(reply).filter(([name, value]) => value !== undefined && !names.includes(name)),
  ) as Doc

const scaleOf = (storage: Value): number => {
  const scale = isDoc(storage) ? (storage.scale ?? 1) : 1
  return typeof scale === 'number' && scale >= 1 ? Math.floor(scale) : 1
}

const noLatency: Doc = { latency: Long.ZERO, ops: Long.ZERO, queryableEncryptionLatencyMicros: Long.ZERO }

/** What nobody counts here is reported as 0: latencies and query executions. */
const statistics = (context: Context, spec: Doc): Doc[] => {
  const collection = collectionOf(context)
  const namespace = namespaceOf(context)
  if (collection === undefined && (spec.storageStats !== undefined || spec.count !== undefined))
    throw failure(
      'NamespaceNotFound',
      `Unable to retrieve storageStats in $collStats stage :: caused by :: Collection [${namespace}] not found.`,
    )
  const result: Doc = { ns: namespace, host: context.request.server.address(), localTime: new Date() }
  if (spec.latencyStats !== undefined)
    result.latencyStats = { reads: noLatency, writes: noLatency, commands: noLatency, transactions: noLatency }
  if (collection === undefined) return [result]
  if (spec.storageStats !== undefined)
    result.storageStats = without(statisticsOf(collection, scaleOf(spec.storageStats)), ['ns'])
  if (spec.count !== undefined) result.count = collection.records.size
  if (spec.queryExecStats !== undefined)
    result.queryExecStats = { collectionScans: { total: Long.ZERO, nonTailable: Long.ZERO } }
  return [result]
}

export const collStatsStage: ParseStage = making(statistics, (spec) => {
  checkArguments(spec, '$collStats', ['latencyStats', 'storageStats', 'count', 'queryExecStats'])
  for (const [name, value] of Object.entries(spec))
    if (!isDoc(value)) throw wrongType(`$collStats.${name}`, value, 'object')
})

const mustBeEmpty = (stage: string, code: number) => (spec: Doc) => {
  if (Object.keys(spec).length > 0)
    throw location(code, `The ${stage} stage specification must be an empty object. Found: ${Object.keys(spec).join()}`)
}

export const indexStatsStage: ParseStage = making(
  (context) => {
    const { server } = context.request
    const indexes = collectionOf(context)?.indexes ?? []
    return indexes.map(
      ({ definition }): Doc => ({
        name: definition.name,
        key: definition.spec.key ?? {},
        host: server.address(),
        accesses: { ops: Long.ZERO, since: server.startedAt },
        spec: definition.spec,
      }),
    )
  },
  mustBeEmpty('$indexStats', 28803),
)

export const planCacheStatsStage: ParseStage = making(() => [], mustBeEmpty('$planCacheStats', 50932))

const aggregateOperation = ({ request, database }: Context): Doc[] => {
  const { pipeline = [], cursor = {} } = request.body
  return [currentOperation(request, { aggregate: 1, pipeline, cursor }, `${database}.$cmd.aggregate`)]
}

/** Commands run one after another: the only operation there is to see is this one. */
export const currentOpStage: ParseStage = making(aggregateOperation, (spec) => {
  const options = [
    'allUsers',
    'idleConnections',
    'idleCursors',
    'idleSessions',
    'truncateOps',
    'localOps',
    'backtrace',
    'targetAllNodes',
  ]
  checkArguments(spec, '$currentOp', options)
  for (const [name, value] of Object.entries(spec))
    if (typeof value !== 'boolean')
      throw failure(
        'FailedToParse',
        `The '${name}' parameter of the $currentOp stage must be a boolean value, but found: ${String(value)}`,
      )
})

/** The session this command came in; without users there is nobody to tell sessions of others from. */
export const listSessionsStage =
  (stage: '$listSessions' | '$listLocalSessions'): ParseStage =>
  (spec, parsing) =>
    making(
      ({ request }) => {
        const { lsid } = request.body
        return isDoc(lsid) ? [{ _id: { ...lsid }, lastUse: new Date() }] : []
      },
      (options) => {
        checkArguments(options, stage, ['allUsers', 'users'])
        if (options.allUsers !== undefined && typeof options.allUsers !== 'boolean')
          throw wrongType(`${stage}.allUsers`, options.allUsers, 'bool')
        if (options.users !== undefined && !Array.isArray(options.users))
          throw wrongType(`${stage}.users`, options.users, 'array')
      },
    )(spec, parsing)
