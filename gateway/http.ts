import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap } from '@apollo/server'
import type { Ids } from '#kernel/id.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { answerProbe, type Health } from '#platform/health.ts'
import { BodyTooLarge, readBody, sendJson } from '#platform/http.ts'
import { faultFields, type Log } from '#platform/log.ts'
import type { Auth } from './auth.ts'
import type { ClientOf } from './client.ts'
import type { Cors } from './cors.ts'
import { refuseEarly } from './guard.ts'
import { renderInbox } from './inbox.ts'
import { renderExplorer, welcomePage } from './pages.ts'
import type { GatewayContext } from './transport.ts'

/** Parameters table: body. */
const maxBody = 100_000

export interface HttpDeps {
  readonly apollo: ApolloServer<GatewayContext>
  readonly auth: Auth
  readonly clientOf: ClientOf
  readonly cors: Cors
  readonly call: SubgraphCaller
  readonly health: () => Promise<Health>
  readonly ids: Ids
  readonly log: Log
  /** Development only: pages to explore the graph. */
  readonly pages: boolean
  /** Where the mails lie that the inbox page shows. */
  readonly dataDir: string
}

const graphQLError = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })

const sendHtml = (response: ServerResponse, html: string): void => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
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

/** An id from a proxy in front is kept when it looks like one, so that logs of both can be joined. */
const requestIdOf = (request: IncomingMessage, ids: Ids): string => {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : ids.next('req')
}

/** Everything the gateway answers over plain HTTP. */
export const makeHttpHandler = ({ apollo, auth, clientOf, cors, call, health, ids, log, pages, dataDir }: HttpDeps) => {
  const graphql = async (
    request: IncomingMessage,
    response: ServerResponse,
    { search, searchParams }: URL,
  ): Promise<void> => {
    const requestId = requestIdOf(request, ids)
    response.setHeader('x-request-id', requestId)
    response.setHeader('cache-control', 'no-store')
    const text = request.method === 'POST' ? await readBody(request, maxBody) : ''
    const body = text === '' ? {} : parseJson(text)
    if (body === undefined) return sendJson(response, 400, graphQLError('BAD_REQUEST', 'The body is not JSON.'))
    const refused = refuseEarly((body as { query?: unknown } | null)?.query ?? searchParams.get('query'))
    if (refused) return sendJson(response, 400, { errors: [refused] })
    const identity = await auth.identify(request.headers.authorization)
    // One answer for every bad token, whatever is wrong with it.
    if (!identity) return sendJson(response, 401, graphQLError('UNAUTHENTICATED', 'The access token is not valid.'))
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: toHeaderMap(request), search, body },
      context: async () => ({ viewer: identity.viewer, client: clientOf(request), requestId }),
    })
    for (const [name, value] of answer.headers) response.setHeader(name, value)
    response.writeHead(answer.status ?? 200)
    if (answer.body.kind === 'complete') response.end(answer.body.string)
    else response.end()
  }

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    cors.apply(request, response)
    const url = URL.parse(request.url ?? '/', 'http://gateway')
    if (!url) return sendJson(response, 400, { error: 'The address of this request is not a URL.' })
    const { pathname } = url
    if (cors.preflight(request, response)) return
    if (pathname === '/graphql') return graphql(request, response, url)
    if (await answerProbe(pathname, response, health)) return
    if (pathname === '/.well-known/jwks.json') {
      const { jwks } = await call<{ jwks: string }>('users', { query: '{ jwks }' })
      return sendJson(response, 200, JSON.parse(jwks))
    }
    if (pages && pathname === '/') return sendHtml(response, welcomePage(request.headers.host ?? 'localhost'))
    if (pages && pathname === '/inbox') return sendHtml(response, await renderInbox(dataDir))
    if (pages && pathname === '/graphiql') return sendHtml(response, await renderExplorer())
    return sendJson(response, 404, { error: 'There is nothing here. The graph is at /graphql.' })
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await route(request, response)
    } catch (error) {
      if (response.headersSent) return void response.end()
      if (error instanceof BodyTooLarge) return sendJson(response, 413, graphQLError('BAD_REQUEST', error.message))
      log.error('a request failed', faultFields(error))
      return sendJson(response, 500, graphQLError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'))
    }
  }
}
