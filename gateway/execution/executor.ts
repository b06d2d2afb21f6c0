import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type Clock, systemClock } from '#kernel/time.ts'
import { metrics } from '#platform/metrics/table.ts'
import { mapStream } from '#platform/streams.ts'
import { turns } from '#platform/turns.ts'
import { coalesceEntities } from '../coalescing.ts'
import { standInForEntities } from '../standIns.ts'
import { notingAge } from './age.ts'
import { makeCohorts } from './cohorts.ts'
import { askersOf } from './identity.ts'
import { badRequest, type PreparedOperation, prepareOperation } from './operations.ts'
import { makePlanner, type Planner } from './planner.ts'
import { makePublicFetches } from './publicFields.ts'
import { pushingFor } from './pushing.ts'
import type { Data, Send } from './run.ts'
import { shareEvents } from './sharing.ts'
import { PlanNotCovered } from './steps.ts'
import type { StreamingContext, SubgraphTransport } from './subgraphs.ts'

/** An operation of a valid document, as somebody asks for it. */
export interface OperationRequest<Context> {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Equal for equal texts. */
  readonly documentId: string
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
  readonly context: Context
}

export interface Executor<Context> {
  /** The graph as clients see it. */
  readonly schema: GraphQLSchema
  /**
   * Runs a query or a mutation, or opens a subscription and hands it over through the context. `otherwise` runs queries and mutations
   * whose plan is not covered here.
   */
  execute(request: OperationRequest<Context>, otherwise?: () => Promise<ExecutionResult>): Promise<ExecutionResult>
  /** How many operations were planned since the start. */
  readonly planned: () => number
  /** How many of them are kept. */
  readonly kept: () => number
}

export interface ExecutorOptions {
  /** Absent: one of the supergraph. */
  readonly planner?: Planner
  readonly clock?: Clock
}

/** Operations that stay planned. */
const maxOperations = 1_000
/** Parameters table: errors of one answer. */
const maxErrors = 20

/** Equal for the same operation of equal texts. */
const keyOf = ({ documentId, operation }: Pick<OperationRequest<unknown>, 'documentId' | 'operation'>): string =>
  `${documentId}:${operation.name?.value ?? ''}`

/** A stream of one result: a subgraph that refuses a stream looks the same whether it runs here or apart. */
const single = (result: ExecutionResult): AsyncIterable<ExecutionResult> => ({
  [Symbol.asyncIterator]: () => {
    const left = [result]
    return {
      next: async () => {
        const value = left.pop()
        return value ? { done: false, value } : { done: true, value: undefined }
      },
      return: async () => ({ done: true, value: undefined }),
    }
  },
})

const refuse = async (): Promise<ExecutionResult> => ({ errors: [badRequest('This operation cannot be planned.')] })

const unlessNotCovered = (prepare: () => PreparedOperation): PreparedOperation | PlanNotCovered => {
  try {
    return prepare()
  } catch (error) {
    if (error instanceof PlanNotCovered) return error
    throw error
  }
}

const isStream = (opened: AsyncIterable<ExecutionResult> | ExecutionResult): opened is AsyncIterable<ExecutionResult> =>
  Symbol.asyncIterator in opened

/**
 * Runs operations over the subgraphs of a supergraph: one planner and one set of plans for queries, mutations and subscriptions.
 * Planning does not wait for anything, so equal operations that arrive at once are planned once.
 * @throws GraphQLError when the text is no supergraph.
 */
export const makeExecutor = <Context extends StreamingContext>(
  supergraphSdl: string,
  transport: SubgraphTransport<Context>,
  { planner = makePlanner(supergraphSdl), clock = systemClock }: ExecutorOptions = {},
): Executor<Context> => {
  const isPublic = makePublicFetches(supergraphSdl, planner.supergraph)
  const prepared = new LRUCache<string, PreparedOperation | PlanNotCovered>({ max: maxOperations })
  let planned = 0

  const prepare = (request: OperationRequest<Context>): PreparedOperation | PlanNotCovered => {
    const { document, operation } = request
    const key = keyOf(request)
    const known = prepared.get(key)
    metrics.plans.inc({ outcome: known ? 'hit' : 'miss' })
    if (known) return known
    planned += 1
    const made = unlessNotCovered(() => prepareOperation(planner, { document, operation, isPublic }))
    prepared.set(key, made)
    return made
  }

  /** What cannot be planned is the client's to mend, and no fault of ours. */
  const tryPrepare = (request: OperationRequest<Context>): PreparedOperation | PlanNotCovered | GraphQLError => {
    try {
      return prepare(request)
    } catch (error) {
      if (error instanceof GraphQLError) return error
      throw error
    }
  }

  const send = coalesceEntities<Context>(({ subgraph, query, variables, kind }, { context }) =>
    transport.execute(subgraph, { query, variables }, context, kind),
  )

  const sendOrStandIn = standInForEntities(send, clock)

  const sendFor = (context: Context, sendAs = send): Send => {
    const askerOf = askersOf(context)
    return (request) => sendAs(request, askerOf(request.isPublic))
  }

  const share = shareEvents()
  const joinCohort = makeCohorts()

  const open = async (made: PreparedOperation, variables: Data, request: OperationRequest<Context>) => {
    const { source } = made
    const { context } = request
    if (!context.openStream || !source)
      return { errors: [badRequest('Subscriptions go over WebSocket (graphql-transport-ws).')] }
    const own = Object.fromEntries(
      (source.variableUsages ?? []).flatMap((name) => (name in variables ? [[name, variables[name]]] : [])),
    )
    const pushing = pushingFor(request.operation)
    const subscribe = async (asking: Context, run = made.executeEvent) => {
      const opened = await transport.subscribe(source.serviceName, { query: source.operation, variables: own }, asking)
      const sendAs = sendFor(asking)
      const events = isStream(opened) ? opened : single(opened)
      return mapStream(events, (event) => pushing(() => run(event, variables, sendAs)))
    }
    if (made.isPublic) {
      const { identity, context: asking } = askersOf(context)(true)
      const run = share(made, variables, identity)
      const key = [keyOf(request), identity, JSON.stringify(variables)].join('\n')
      // It outlives whoever was the first to ask.
      context.openStream(joinCohort(key, () => subscribe({ ...asking, signal: undefined }, run)))
    } else context.openStream(await subscribe(context))
    return { data: null }
  }

  return {
    schema: planner.schema,
    planned: () => planned,
    kept: () => prepared.size,
    execute: async (request, otherwise = refuse) => {
      const { operation, context } = request
      const made = tryPrepare(request)
      if (made instanceof GraphQLError) return { errors: [made] }
      if (made instanceof PlanNotCovered) return operation.operation === 'subscription' ? refuse() : otherwise()
      const { coerced, errors } = getVariableValues(
        planner.schema,
        operation.variableDefinitions ?? [],
        request.variables ?? {},
        { maxErrors },
      )
      if (errors) return { errors }
      if (operation.operation === 'subscription') return open(made, coerced, request)
      const sendNow = sendFor(context, sendOrStandIn)
      // Those whose fetches were one call go on together, and each has a good part of its work before it.
      const { send: sendAndNote, flagged } = notingAge(async (fetch) => {
        const answer = await sendNow(fetch)
        await turns.breathe()
        return answer
      })
      const result = flagged(await made.execute(coerced, sendAndNote))
      // What may be out of date is nothing to be kept.
      if (context.answer) context.answer.isPublic = made.isPublic && !result.extensions
      return result
    },
  }
}
