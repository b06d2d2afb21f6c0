import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { BulkheadFull, makeBulkhead } from '#platform/bulkhead.ts'
import type { Breaker } from '#platform/circuitBreaker.ts'
import { isBroken, isUnsent } from '#platform/connectionErrors.ts'
import { Away, makePresence } from '#platform/presence.ts'
import { NotReceived } from '../domain/notReceived.ts'

export interface LineOptions {
  /** Null: there is no provider, and nothing reaches it. */
  readonly url: string | null
  readonly secret: string
  readonly breaker: Breaker
  readonly clock: Clock
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

/** Whether anybody takes connections there; every provider does, and not every one has a page for such questions. */
const isListening = ({ hostname, port, protocol }: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) })
    const end = (found: boolean) => (): void => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(connectTimeoutMs, end(false)).once('connect', end(true)).once('error', end(false))
  })

/** The part of its time after which a call counts as failed, though it is still waited for: the breaker of a provider that hangs opens within 5 s (F5). */
const slowShare = 0.8

/** Turned away unread: too many calls, or not in service. */
const turnedAway: ReadonlySet<number> = new Set([429, 503])

/**
 * The line to the provider: one pool of connections behind a breaker. One that nobody listens at is asked again when somebody does.
 * `ask` @throws NotReceived when the call has certainly not been heard; any other error leaves that open.
 */
export const makeLine = ({ url, secret, breaker, clock, timeoutMs }: LineOptions) => {
  const presence = makePresence({
    clock,
    isThere: async () => url !== null && isListening(new URL(url)),
    onReturn: breaker.forget,
    pause: (ms) => pause(ms, undefined, { ref: false }),
    // A buyer waits: who is gone is not waited for.
    patience: () => 0,
  })
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
    await presence.whenThere(request.signal)
    const tell = breaker.enter()
    if (!tell) throw new NotReceived('the provider is left alone for a while')
    const slow = setTimeout(() => tell('failed'), slowShare * timeoutMs)
    try {
      const response = await send(to, request)
      tell('answered')
      return response
    } catch (error) {
      if (isUnsent(error) || isBroken(error)) presence.missed()
      tell(isUnsent(error) ? 'unknown' : 'failed')
      throw error
    } finally {
      clearTimeout(slow)
    }
  }

  return {
    ask: async (request: Request): Promise<Response> => {
      if (pool === null) throw new NotReceived('there is no provider')
      try {
        return await bulkhead.run(() => tried(pool, request), request.signal)
      } catch (error) {
        if (error instanceof BulkheadFull || error instanceof Away || isUnsent(error))
          throw new NotReceived((error as Error).message)
        throw error
      }
    },
    stop: async (): Promise<void> => {
      presence.stop()
      await pool?.destroy()
    },
  }
}

export type Line = ReturnType<typeof makeLine>
