import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
} from 'graphql'
import { isShopError } from '#kernel/errors.ts'
import { type CallClock, callKey, makeNonceMemory, noClient, readCall, type VerifiedCall } from './auth.ts'
import { withStaleness } from './cache/staleness.ts'
import type { SignedCall, SubgraphEndpoint } from './call.ts'
import { type Cause, causedBy } from './cause.ts'
import { watchClocksApart } from './clocksApart.ts'
import type { SubgraphName } from './config.ts'
import type { RequestContext } from './context.ts'
import type { WhileThere } from './databaseWatch.ts'
import { type Deadline, within } from './deadline.ts'
import { makeDocuments } from './documents.ts'
import type { FeedItem } from './feed.ts'
import { ensureIndexes } from './mongo.ts'
import { unguardedMutations } from './resolvers.ts'
import { isResumable, resumedAfter } from './resuming.ts'
import { sharedScalars } from './scalars.ts'
import { mapStream } from './streams.ts'
import type { ResolverMap, SubgraphDefinition, SubgraphDeps, SubgraphParts } from './subgraph.ts'
import { formatResult, makeErrorFormatter } from './subgraphErrors.ts'
import { traced } from './tracing.ts'
import { turns } from './turns.ts'

/** A subgraph that answers. */
export interface RunningSubgraph extends SubgraphEndpoint {
  readonly name: SubgraphName
  readonly parts: SubgraphParts<unknown>
}

interface OperationBody {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
  /** From the gateway, that has lost a stream: go on after the event with this number. Signed with the body. */
  readonly extensions?: { readonly after?: number }
}

interface Context extends RequestContext {
  readonly nonce: string
}

interface OpenCall {
  readonly context: Context
  readonly cause: Cause
  /** What a query keeps to; null when the caller set no time. */
  readonly deadline: Deadline | null
  readonly operation: OperationBody
}

/** The signal of a call that nobody can take back. */
const neverAborted = new AbortController().signal

/** One answer to whatever is wrong with a call: not signed, altered, for another subgraph, too old, or made before. */
const unsigned: ExecutionResult = {
  errors: [new GraphQLError('This call is not signed by the gateway.', { extensions: { code: 'UNAUTHENTICATED' } })],
}

/** Nobody waits for the answer any more, so nothing is done for it: neither read nor changed. */
const tooLate: ExecutionResult = {
  errors: [
    new GraphQLError('The time for this request is over; try again.', {
      extensions: { code: 'UNAVAILABLE', retryable: true },
    }),
  ],
}

const readSchema = async (definition: SubgraphDefinition, resolvers: ResolverMap): Promise<GraphQLSchema> => {
  const files = [join(import.meta.dirname, '../schema/shared.graphql'), join(definition.folder, 'schema.graphql')]
  const sdl = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const unguarded = unguardedMutations((resolvers.Mutation ?? {}) as Record<string, unknown>)
  if (unguarded.length > 0) throw new Error(`Mutations of ${definition.name} without a guard: ${unguarded.join(', ')}`)
  return buildSubgraphSchema({
    typeDefs: parse(sdl.join('\n')),
    resolvers: { ...sharedScalars, ...resolvers } as never,
  })
}

export interface StartOptions {
  /** What mutations run under: `databaseWatch.ts`. Absent: nobody watches. */
  readonly whileThere?: WhileThere
}

/** Starts a subgraph: indexes made, schema built, every mutation guarded, and no call believed that is not signed. */
export const startSubgraph = async (
  definition: SubgraphDefinition,
  deps: SubgraphDeps,
  { whileThere = async (work) => work() }: StartOptions = {},
): Promise<RunningSubgraph> => {
  const log = deps.log.with({ subgraph: definition.name })
  const parts = definition.build(deps)
  const schema = await readSchema(definition, parts.resolvers)
  await ensureIndexes(parts.models ?? [])
  await parts.prepare?.()
  const formatError = makeErrorFormatter(log)
  const key = callKey(deps.config.internalSecret, definition.name)
  const nonces = makeNonceMemory(deps.clock)
  const apart = watchClocksApart({ subgraph: definition.name, log })
  const clock: CallClock = { now: () => deps.clock.now(), heard: apart.note }

  const documents = makeDocuments(schema)
  const spanAbout = { kind: 'server', attributes: { 'emporion.subgraph': definition.name } } as const

  const makeContext = (call: VerifiedCall, signal: AbortSignal): Context => ({
    viewer: call.viewer,
    client: call.client ?? noClient,
    nonce: call.nonce,
    requestId: call.requestId,
    log: log.with({ requestId: call.requestId }),
    loaders: parts.loaders(call.viewer),
    signal,
  })

  const open = ({ headers, body, signal = neverAborted }: SignedCall): OpenCall | null => {
    const verified = readCall(key, clock, headers, body)
    if (!verified) return null
    const { remainingMs, requestId, traceparent } = verified
    const endsAt = deps.clock.now() + (remainingMs ?? 0)
    return {
      context: makeContext(verified, signal),
      cause: traceparent === undefined ? { requestId } : { requestId, traceparent },
      deadline: remainingMs === undefined ? null : { clock: deps.clock, endsAt, signal },
      operation: JSON.parse(body) as OperationBody,
    }
  }

  /** What graphql-js needs to run the operation, or the refusal of it. */
  const prepare = ({ context, operation }: OpenCall) => {
    const { query, variables: variableValues, operationName } = operation
    const { document, errors } = documents(query)
    if (errors) return { status: 400, refused: { errors } }
    const isMutation = getOperationAST(document, operationName)?.operation === 'mutation'
    if (isMutation && !nonces.first(context.nonce)) return { status: 401, refused: unsigned }
    return { isMutation, args: { schema, document, variableValues, operationName, contextValue: context } }
  }

  const mutate = async (work: () => ReturnType<typeof execute>): Promise<ExecutionResult> => {
    try {
      return await whileThere(work)
    } catch (error) {
      if (!isShopError(error)) throw error
      return { errors: [new GraphQLError(error.message, { originalError: error })] }
    }
  }

  return {
    name: definition.name,
    parts,
    execute: async (call) => {
      const opened = open(call)
      if (!opened) return { status: 401, result: unsigned }
      const { args, status, refused, isMutation } = prepare(opened)
      if (!args) return { status, result: formatResult(refused, formatError) }
      const { deadline } = opened
      if (deadline && deadline.endsAt <= deps.clock.now()) return { status: 200, result: tooLate }
      await turns.breathe()
      const run = async () => {
        const work = () =>
          isMutation ? mutate(() => within(null, () => execute(args))) : within(deadline, () => execute(args))
        const { result, staleSince } = await withStaleness(work)
        const formatted = formatResult(result, formatError)
        return staleSince === null ? formatted : { ...formatted, extensions: { staleSince } }
      }
      return { status: 200, result: await causedBy(opened.cause, () => traced(definition.name, spanAbout, run)) }
    },
    subscribe: async (call) => {
      const opened = open(call)
      if (!opened) return unsigned
      const { args, refused } = prepare(opened)
      if (!args) return formatResult(refused, formatError)
      const { after } = opened.operation.extensions ?? {}
      const isFeed = isResumable(schema, getOperationAST(args.document, args.operationName))
      const document = isFeed && after !== undefined ? resumedAfter(args.document, after) : args.document
      const source = await causedBy(opened.cause, async () => {
        const made = await createSourceEventStream({ ...args, document })
        return Symbol.asyncIterator in made ? made : formatResult(made, formatError)
      })
      if (!(Symbol.asyncIterator in source)) return source
      // Each event gets fresh loaders: a loader remembers what it read, and the state has moved on since.
      const perEvent = (): Context => ({ ...opened.context, loaders: parts.loaders(opened.context.viewer) })
      // The number goes along whatever is selected, so that the gateway can go on after it (`resuming.ts`).
      const numbered = (event: unknown) => isFeed && { extensions: { seq: (event as FeedItem).seq } }
      // Lines about an event name the request that has subscribed. Its trace is over: a stream may live for days.
      const { requestId } = opened.cause
      const run = (rootValue: unknown) =>
        causedBy({ requestId }, async () =>
          formatResult(await execute({ ...args, document, rootValue, contextValue: perEvent() }), formatError),
        )
      return mapStream(source, async (event) => ({ ...(await run(event)), ...numbered(event) }))
    },
    stop: async () => {
      apart.stop()
      await parts.stop?.()
    },
  }
}
