import { type ExecutionResult, GraphQLError } from 'graphql'
import { createClient } from 'graphql-ws'
import { Pool } from 'undici'
import { WebSocket } from 'ws'
import type { ResultStream, SubgraphEndpoint } from './call.ts'

const lost: ExecutionResult = {
  errors: [
    new GraphQLError('A part of the shop does not answer; subscribe again.', {
      extensions: { code: 'UNAVAILABLE', retryable: true },
    }),
  ],
}

/** The client of the socket throws when a stream fails; here a failure is the last result of the stream. */
const failuresAsResults = (source: ResultStream): ResultStream => ({
  [Symbol.asyncIterator]: () => {
    const results = source[Symbol.asyncIterator]()
    let failed = false
    return {
      next: async () => {
        if (failed) return { done: true, value: undefined }
        try {
          return await results.next()
        } catch (error) {
          failed = true
          return { done: false, value: Array.isArray(error) ? { errors: error } : lost }
        }
      },
      return: async () => {
        await results.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})

/** Most sockets to one subgraph, and so most calls in flight from this process: the bulkhead. */
const maxConnections = 50

const connectTimeoutMs = 1_000

/**
 * A subgraph in another process: pooled HTTP for queries and mutations (undici: 2.3 times the throughput of the gateway's own
 * client), one lazily opened WebSocket for all subscriptions, on which each operation is signed for its viewer.
 */
export const remoteEndpoint = (url: string): SubgraphEndpoint => {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, {
    connections: maxConnections,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  })
  const sockets = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    lazy: true,
    // A repeated operation would carry an old signature and begin anew: whoever asked opens it again, after the last event it has.
    retryAttempts: 0,
  })
  return {
    execute: async ({ headers, body, signal }) => {
      const response = await pool.request({
        path: pathname,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
        body,
        signal,
      })
      return { status: response.statusCode, result: (await response.body.json()) as ExecutionResult }
    },
    subscribe: async ({ headers, body }) => {
      const { query, variables, operationName } = JSON.parse(body) as {
        query: string
        variables?: Record<string, unknown>
        operationName?: string
      }
      // The signature is over the exact body, so the body travels with it.
      const results = sockets.iterate({ query, variables, operationName, extensions: { headers, body } })
      return failuresAsResults(results as ResultStream)
    },
    stop: async () => {
      await sockets.dispose()
      await pool.destroy()
    },
  }
}
