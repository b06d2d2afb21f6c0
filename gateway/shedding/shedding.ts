import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type ApolloServerPlugin, type BaseContext, type GraphQLResponse, HeaderMap } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { metrics } from '#platform/metrics/table.ts'
import { turns } from '#platform/turns.ts'
import { limits } from '../guard/limits.ts'
import { type Class, classOf } from './classes.ts'
import { latenessOf, type SheddingNumbers, sheddingNumbers } from './law.ts'
import { type Leave, makePlaces } from './places.ts'

/** The histogram counts in nanoseconds. */
const perMs = 1_000_000

/** What somebody hears who is sent away: a 503 with this many seconds in `retry-after`. */
export interface SentAway {
  readonly retryAfter: number
  readonly errors: readonly GraphQLFormattedError[]
}

const sentAway = (retryAfter: number): SentAway => {
  const inSeconds = Math.ceil(retryAfter / 1_000)
  const error = new GraphQLError('The shop has too much to do; come back in a moment.', {
    extensions: { code: 'OVERLOADED', retryable: true, retryAfter: inSeconds },
  })
  return { retryAfter: inSeconds, errors: [error.toJSON()] }
}

const overloaded = ({ retryAfter, errors }: SentAway): GraphQLResponse => ({
  http: { status: 503, headers: new HeaderMap([['retry-after', String(retryAfter)]]) },
  body: { kind: 'single', singleResult: { errors } },
})

/** What is known of a request before anything was done for it: the body as it came. */
const keyOf = (query: unknown, operationName: unknown): string =>
  typeof query === 'string' ? `${typeof operationName === 'string' ? operationName : ''}\n${query}` : ''

/** A place, to be left when the operation is over; or none. */
export type Admission = { readonly leave: Leave } | { readonly sentAway: SentAway }

/** Gives an operation a place, or sends it away, by the body of its request alone; null when its text is not known: it may come in and ask. */
export type Door = (body: unknown, signal: AbortSignal) => Promise<Admission> | null

export type Shedding<Context extends BaseContext> = ReturnType<typeof makeShedding<Context>>

/**
 * Sends operations away when there is too much to do: those that browse first, then those about somebody's account, checkouts last. It
 * asks after the document was read and before it is paid for, planned or run; a text that has come before is known at the door already,
 * where sending it away costs least (ADR 0033). A subscription counts until it has begun.
 */
export const makeShedding = <
  Context extends BaseContext & { readonly signal?: AbortSignal; readonly hasPlace?: boolean },
>(
  given: Partial<SheddingNumbers> = {},
) => {
  const numbers = { ...sheddingNumbers, ...given }
  const places = makePlaces(numbers)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const timer = setInterval(() => {
    places.hear(latenessOf(delay.percentile(99) / perMs, turns.longestWait(), numbers))
    delay.reset()
  }, numbers.every)
  timer.unref()

  const unwatch = metrics.places.watch(() => {
    const { places: open, inside, waiting } = places.state()
    return Object.entries({ open, inside, waiting }).map(([state, value]) => ({ labels: { state }, value }))
  })

  const refusal = sentAway(numbers.retryAfter)
  /** Classes of operations that have been here, by their texts: only of those that the guard let through. */
  const known = new LRUCache<string, Class>({
    max: limits.knownDocuments,
    maxSize: limits.knownCharacters,
    sizeCalculation: (_class, text) => text.length,
  })

  const admit = async (wanted: Class, signal: AbortSignal | undefined): Promise<Admission> => {
    const leave = await places.enter(wanted, signal)
    if (leave) return { leave }
    metrics.shed.inc({ class: wanted })
    return { sentAway: refusal }
  }

  const door: Door = (body, signal) => {
    const { query, operationName } = (body ?? {}) as { readonly query?: unknown; readonly operationName?: unknown }
    const wanted = known.get(keyOf(query, operationName))
    return wanted === undefined ? null : admit(wanted, signal)
  }

  const plugin: ApolloServerPlugin<Context> = {
    requestDidStart: async () => {
      let leave: Leave = () => undefined
      return {
        responseForOperation: async ({ operation, source, request, contextValue: { signal, hasPlace } }) => {
          if (!operation) return null
          const wanted = classOf(operation)
          if (source) known.set(keyOf(source, request.operationName), wanted)
          if (hasPlace) return null
          const admission = await admit(wanted, signal)
          if ('sentAway' in admission) return overloaded(admission.sentAway)
          leave = admission.leave
          return null
        },
        willSendResponse: async () => leave(),
      }
    },
  }
  return {
    plugin,
    door,
    state: places.state,
    stop: (): void => {
      unwatch()
      clearInterval(timer)
      delay.disable()
    },
  }
}
