import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap } from '@apollo/server'
import type { Clock, Millis } from '#kernel/time.ts'
import { takenBack } from '#platform/call.ts'
import type { Cause } from '#platform/cause.ts'
import { readBody, sendJson } from '#platform/http.ts'
import { turns } from '#platform/turns.ts'
import type { Auth } from '../auth.ts'
import type { ClientOf } from '../client.ts'
import type { AnswerNotes } from '../execution/subgraphs.ts'
import { limits } from '../guard/limits.ts'
import type { Door } from '../shedding/shedding.ts'
import type { GatewayContext } from '../transport.ts'
import { compress } from './compression.ts'
import { graphQLError } from './errors.ts'

export interface OperationDeps {
  readonly apollo: ApolloServer<GatewayContext>
  readonly auth: Auth
  readonly clientOf: ClientOf
  readonly clock: Clock
  /** Milliseconds that an operation may take in all. */
  readonly timeoutMs: number
  /** Who is sent away before anything is done for him; null: nobody. */
  readonly door: Door | null
}

/** One request, as it is answered. */
export interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly cause: Cause
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const toHeaderMap = (request: IncomingMessage): HeaderMap => {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

/** The one content type of a POST: a page of another site cannot send it without asking first (CSRF). */
const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')

interface Sending {
  readonly status: number
  readonly body: string
  /** Codings that may be used, as the client has named them. */
  readonly accepted: string | undefined
}

const sendText = async (response: ServerResponse, { status, body, accepted }: Sending): Promise<void> => {
  const compressed = await compress(body, accepted)
  if (compressed) {
    response.setHeader('content-encoding', compressed.coding)
    response.setHeader('content-length', compressed.bytes.length)
  }
  response.writeHead(status).end(compressed?.bytes ?? body)
}

/** What is known of a request when its body was read. */
interface Incoming {
  readonly body: unknown
  readonly endsAt: Millis
  readonly signal: AbortSignal
  readonly hasPlace: boolean
}

const makeAnswer =
  ({ apollo, auth, clientOf }: OperationDeps) =>
  async ({ request, response, url: { search }, cause: { requestId } }: Asked, incoming: Incoming): Promise<void> => {
    const { body: asked, endsAt, signal, hasPlace } = incoming
    const identity = await auth.identify(request.headers.authorization)
    // One answer for every bad token, whatever is wrong with it.
    if (!identity) return sendJson(response, 401, graphQLError('UNAUTHENTICATED', 'The access token is not valid.'))
    const notes: AnswerNotes = {
      mayBeShared: request.method === 'GET' && identity.viewer.kind === 'anonymous',
      isPublic: false,
      isQuery: false,
    }
    const { viewer } = identity
    const client = clientOf(request)
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: toHeaderMap(request), search, body: asked },
      context: async () => ({ viewer, client, requestId, endsAt, signal, hasPlace, answer: notes }),
    })
    for (const [name, value] of answer.headers) response.setHeader(name, value)
    await sendText(response, {
      status: answer.status ?? 200,
      body: answer.body.kind === 'complete' ? answer.body.string : '',
      accepted: notes.isQuery ? request.headers['accept-encoding'] : undefined,
    })
  }

/**
 * Answers `/graphql`: one operation for one request.
 * @throws BodyTooLarge
 */
export const makeOperationHandler = (deps: OperationDeps) => {
  const { clock, timeoutMs, door } = deps
  const answer = makeAnswer(deps)
  return async (asked: Asked): Promise<void> => {
    const { request, response, cause } = asked
    const endsAt = clock.now() + timeoutMs
    const left = new AbortController()
    response.once('close', () => response.writableFinished || left.abort(takenBack))
    response.setHeader('x-request-id', cause.requestId)
    response.setHeader('cache-control', 'no-store')
    response.setHeader('vary', 'origin, accept, accept-encoding, authorization')
    if (request.method === 'POST' && !isJson(request)) {
      return sendJson(response, 415, graphQLError('BAD_REQUEST', 'The content type must be application/json.'))
    }
    const text = request.method === 'POST' ? await readBody(request, limits.body) : ''
    const body = text === '' ? {} : parseJson(text)
    if (body === undefined) return sendJson(response, 400, graphQLError('BAD_REQUEST', 'The body is not JSON.'))
    const admission = (await door?.(body, left.signal)) ?? null
    if (admission && 'sentAway' in admission) {
      const { retryAfter, errors } = admission.sentAway
      response.setHeader('retry-after', String(retryAfter))
      return sendJson(response, 503, { errors })
    }
    try {
      await turns.breathe()
      await answer(asked, { body, endsAt, signal: left.signal, hasPlace: admission !== null })
    } finally {
      admission?.leave()
    }
  }
}
