import { Pool } from 'undici'
import { type Millis, seconds } from '#kernel/time.ts'
import { BulkheadFull, makeBulkhead } from '#platform/bulkhead.ts'
import type { Breaker } from '#platform/circuitBreaker.ts'
import { NotReceived } from '../domain/notReceived.ts'

export interface LineOptions {
  /** Null: there is no provider, and nothing reaches it. */
  readonly url: string | null
  readonly secret: string
  readonly breaker: Breaker
  /** Longest wait for an answer, besides that of whoever asks. */
  readonly timeoutMs: Millis
}

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly key?: string
  readonly body?: object
  readonly signal?: AbortSignal
}

export interface Response {
  readonly status: number
  readonly body: unknown
}

/** Parameters table: provider, 1 s to connect. */
const connectTimeoutMs = seconds(1)
/** Parameters table: 20 in flight. Who waits gives up by its own time limit. */
const room = { inFlight: 20, waiting: 500 }

/** Errors from before the first byte was sent. */
const beforeSending: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const isUnsent = (error: unknown): boolean => error instanceof Error && 'code' in error && beforeSending.has(error.code)

/** Turned away unread: too many calls, or not in service. */
const turnedAway: ReadonlySet<number> = new Set([429, 503])

/**
 * The line to the provider: one pool of connections behind a breaker.
 * `ask` @throws NotReceived when the call has certainly not been heard; any other error leaves that open.
 */
export const makeLine = ({ url, secret, breaker, timeoutMs }: LineOptions) => {
  const pool =
    url === null
      ? null
      : new Pool(new URL(url).origin, { connections: room.inFlight, connect: { timeout: connectTimeoutMs } })

  const send = async (to: Pool, { method, path, key, body, signal }: Request): Promise<Response> => {
    const response = await to.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${secret}`,
        // A client's key may hold any character, a header may not.
        ...(key !== undefined && { 'idempotency-key': encodeURIComponent(key) }),
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    const text = await response.body.text()
    if (turnedAway.has(response.statusCode)) throw new NotReceived(`the provider answers ${response.statusCode}`, true)
    if (response.statusCode >= 500) throw new Error(`the provider answers ${response.statusCode}`)
    return { status: response.statusCode, body: JSON.parse(text) }
  }

  const bulkhead = makeBulkhead(room)

  const tried = async (to: Pool, request: Request): Promise<Response> => {
    const tell = breaker.enter()
    if (!tell) throw new NotReceived('the provider is left alone for a while')
    try {
      const response = await send(to, request)
      tell('answered')
      return response
    } catch (error) {
      tell('failed')
      throw error
    }
  }

  return {
    ask: async (request: Request): Promise<Response> => {
      if (pool === null) throw new NotReceived('there is no provider')
      try {
        return await bulkhead.run(() => tried(pool, request), request.signal)
      } catch (error) {
        if (error instanceof BulkheadFull || isUnsent(error)) throw new NotReceived((error as Error).message)
        throw error
      }
    },
    stop: async (): Promise<void> => {
      await pool?.destroy()
    },
  }
}

export type Line = ReturnType<typeof makeLine>
