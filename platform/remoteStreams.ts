import type { LookupFunction } from 'node:net'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { seconds } from '#kernel/time.ts'
import type { ResultStream, SignedCall } from './call.ts'
import { makeChannel } from './streams.ts'

/** Events that wait for one subscriber. One that reads slower loses its stream, not memory of the process, and resumes from its last `seq`. */
const maxWaiting = 1_000

/** Milliseconds. */
export interface StreamTimings {
  /** The connection closes when nobody has subscribed for this long. */
  readonly idle: number
  /** A frozen subgraph leaves its connection open; it is noticed within the sum of these two (parameters table: WS). */
  readonly pingEvery: number
  readonly pongWithin: number
  /** For the handshake, and for the greeting after it: a frozen process still has its connections accepted, by its kernel. */
  readonly openWithin: number
}

export interface StreamOptions extends Partial<StreamTimings> {
  /** Finds the address of the name in the URL; absent: the system does. */
  readonly lookup?: LookupFunction
}

const usual: StreamTimings = {
  idle: seconds(5),
  pingEvery: seconds(12),
  pongWithin: seconds(5),
  openWithin: seconds(3),
}

const lost: ExecutionResult = {
  errors: [
    new GraphQLError('A part of the shop does not answer; subscribe again.', {
      extensions: { code: 'UNAVAILABLE', retryable: true },
    }),
  ],
}

/** GraphQL errors of a refusal as they are; anything else means that the connection is gone. */
const asResult = (failure: unknown): ExecutionResult => (Array.isArray(failure) ? { errors: failure } : lost)

interface OperationBody {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
}

/**
 * Subscriptions of a subgraph in another process, all over one WebSocket that is opened for the first and closed after the last. A
 * connection that breaks ends its streams with an error that says to subscribe again and repeats nothing by itself: a repeated operation
 * would carry an old signature and begin anew. Whoever asked opens it again, after the last event it has (ADR 0023).
 */
export const makeRemoteStreams = (url: string, { lookup, ...timings }: StreamOptions = {}) => {
  const { idle, pingEvery, pongWithin, openWithin } = { ...usual, ...timings }
  class Impatient extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, { handshakeTimeout: openWithin, ...(lookup && { lookup }) })
    }
  }
  let pong: NodeJS.Timeout | undefined
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: Impatient,
    lazy: true,
    lazyCloseTimeout: idle,
    retryAttempts: 0,
    connectionAckWaitTimeout: openWithin,
    keepAlive: pingEvery,
    on: {
      // A connection of which only our half is left would be silent for ever.
      ping: (received) => {
        if (received) return
        pong = setTimeout(() => client.terminate(), pongWithin)
        pong.unref()
      },
      pong: () => clearTimeout(pong),
      closed: () => clearTimeout(pong),
    },
  })
  return {
    open: ({ headers, body }: SignedCall): ResultStream => {
      const { query, variables, operationName } = JSON.parse(body) as OperationBody
      const channel = makeChannel<ExecutionResult>(maxWaiting, () => leave())
      // The signature is over the exact body, so the body travels with it.
      const leave = client.subscribe<ExecutionResult['data']>(
        { query, variables, operationName, extensions: { headers, body } },
        {
          next: (result) => {
            if (!channel.push(result as ExecutionResult)) leave()
          },
          error: (failure) => {
            channel.push(asResult(failure))
            channel.end()
          },
          complete: channel.end,
        },
      )
      return channel
    },
    stop: async (): Promise<void> => {
      clearTimeout(pong)
      // It waits for a connection that is just being opened; one that does not come about needs no closing.
      await Promise.resolve(client.dispose()).catch(() => undefined)
    },
  }
}
