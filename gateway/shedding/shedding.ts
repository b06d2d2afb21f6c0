import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type ApolloServerPlugin, type BaseContext, type GraphQLResponse, HeaderMap } from '@apollo/server'
import { GraphQLError, type OperationDefinitionNode } from 'graphql'
import { metrics } from '#platform/metrics/table.ts'
import { type Class, classOf } from './classes.ts'
import { type SheddingNumbers, sheddingNumbers } from './law.ts'
import { type Leave, makePlaces } from './places.ts'

/** The histogram counts in nanoseconds. */
const perMs = 1_000_000

const overloaded = (retryAfter: number): GraphQLResponse => {
  const inSeconds = Math.ceil(retryAfter / 1_000)
  const error = new GraphQLError('The shop has too much to do; come back in a moment.', {
    extensions: { code: 'OVERLOADED', retryable: true, retryAfter: inSeconds },
  })
  return {
    http: { status: 503, headers: new HeaderMap([['retry-after', String(inSeconds)]]) },
    body: { kind: 'single', singleResult: { errors: [error.toJSON()] } },
  }
}

export type Shedding<Context extends BaseContext> = ReturnType<typeof makeShedding<Context>>

/**
 * Sends operations away when there is too much to do: those that browse first, then those about somebody's account, checkouts last. It
 * asks after the document was read and before it is paid for, planned or run. A subscription counts until it has begun.
 */
export const makeShedding = <Context extends BaseContext & { readonly signal?: AbortSignal }>(
  given: Partial<SheddingNumbers> = {},
) => {
  const numbers = { ...sheddingNumbers, ...given }
  const places = makePlaces(numbers)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const timer = setInterval(() => {
    places.hear(delay.percentile(99) / perMs)
    delay.reset()
  }, numbers.every)
  timer.unref()

  const unwatch = metrics.places.watch(() => {
    const { places: open, inside, waiting } = places.state()
    return Object.entries({ open, inside, waiting }).map(([state, value]) => ({ labels: { state }, value }))
  })

  // Documents are kept parsed, so the same operation is looked at once.
  const known = new WeakMap<OperationDefinitionNode, Class>()
  const classOfKnown = (operation: OperationDefinitionNode): Class => {
    const found = known.get(operation) ?? classOf(operation)
    known.set(operation, found)
    return found
  }

  const plugin: ApolloServerPlugin<Context> = {
    requestDidStart: async () => {
      let leave: Leave | null = null
      return {
        responseForOperation: async ({ operation, contextValue: { signal } }) => {
          if (!operation) return null
          const wanted = classOfKnown(operation)
          leave = await places.enter(wanted, signal)
          if (leave) return null
          metrics.shed.inc({ class: wanted })
          return overloaded(numbers.retryAfter)
        },
        willSendResponse: async () => leave?.(),
      }
    },
  }
  return {
    plugin,
    state: places.state,
    stop: (): void => {
      unwatch()
      clearInterval(timer)
      delay.disable()
    },
  }
}
