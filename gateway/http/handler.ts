import type { IncomingMessage, ServerResponse } from 'node:http'
import { ShopError } from '#kernel/errors.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { type Cause, causedBy } from '#platform/cause.ts'
import { answerProbe, type Health } from '#platform/health.ts'
import { BodyTooLarge, sendJson } from '#platform/http.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { metrics } from '#platform/metrics/table.ts'
import { traced } from '#platform/tracing.ts'
import type { Cors } from '../cors.ts'
import { makeExplorer } from '../explorer/serve.ts'
import { renderInbox } from '../inbox.ts'
import { welcomePage } from '../pages.ts'
import { makeWebhooks } from '../webhooks.ts'
import type { CauseOf } from './cause.ts'
import { graphQLError } from './errors.ts'
import { makeOperationHandler, type OperationDeps } from './operation.ts'

export interface HttpDeps extends OperationDeps {
  readonly cors: Cors
  readonly causeOf: CauseOf
  readonly call: SubgraphCaller
  readonly health: () => Promise<Health>
  readonly log: Log
  /** Whether this gateway serves HTTPS itself. */
  readonly tls: boolean
  /** Development only: pages to explore the graph. */
  readonly pages: boolean
  /** Where the mails lie that the inbox page shows. */
  readonly dataDir: string
}

/** Two years, and never again plain HTTP (parameters table: HSTS). */
const hsts = 'max-age=63072000; includeSubDomains'

const sendHtml = (response: ServerResponse, html: string): void => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
}

/** Everything the gateway answers over plain HTTP. */
export const makeHttpHandler = ({ cors, causeOf, call, health, log, tls, pages, dataDir, ...operation }: HttpDeps) => {
  const graphql = makeOperationHandler(operation)
  const explorer = makeExplorer()
  const webhooks = makeWebhooks(call)

  const originOf = ({ headers }: IncomingMessage): string =>
    `${tls ? 'https' : 'http'}://${headers.host ?? 'localhost'}`

  const route = async (request: IncomingMessage, response: ServerResponse, cause: Cause): Promise<void> => {
    cors.apply(request, response)
    if (tls) response.setHeader('strict-transport-security', hsts)
    const url = URL.parse(request.url ?? '/', 'http://gateway')
    if (!url) return sendJson(response, 400, { error: 'The address of this request is not a URL.' })
    const { pathname } = url
    if (cors.preflight(request, response)) return
    if (pathname === '/graphql') return graphql({ request, response, url, cause })
    if (await answerProbe(pathname, response, health)) return
    if (await webhooks(request, response, pathname)) return
    if (pathname === '/.well-known/jwks.json') {
      const { jwks } = await call<{ jwks: string }>('users', { query: '{ jwks }' })
      return sendJson(response, 200, JSON.parse(jwks))
    }
    if (pages && pathname === '/') return sendHtml(response, welcomePage(originOf(request)))
    if (pages && pathname === '/inbox') return sendHtml(response, await renderInbox(dataDir))
    if (pages && pathname === '/graphiql') return explorer(request, response)
    return sendJson(response, 404, { error: 'There is nothing here. The graph is at /graphql.' })
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, cause: Cause): Promise<void> => {
    try {
      await route(request, response, cause)
    } catch (error) {
      if (response.headersSent) return void response.end()
      if (error instanceof BodyTooLarge) return sendJson(response, 413, graphQLError('BAD_REQUEST', error.message))
      if (error instanceof ShopError && error.code === 'UNAVAILABLE') {
        response.setHeader('retry-after', '1')
        return sendJson(response, 503, graphQLError('UNAVAILABLE', 'A part of the shop does not answer; try again.'))
      }
      // Who hung up in the middle of the request, or was too slow, gets no answer, which is no fault of ours (L9).
      if (request.socket.destroyed) return
      log.error('a request failed', faultFields(error))
      return sendJson(response, 500, graphQLError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'))
    }
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const cause = causeOf(request)
    // Probes come every second, and nobody asks why.
    const begins = !request.url?.startsWith('/health')
    response.once('finish', () => metrics.httpAnswers.inc({ status: response.statusCode }))
    void causedBy(cause, () => traced('http', { kind: 'server', begins }, () => answer(request, response, cause)))
  }
}
