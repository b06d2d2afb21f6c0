import { type ExecutionArgs, type ExecutionResult, GraphQLError, parse } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { CallHeaders } from './auth.ts'
import { takenBack } from './call.ts'
import { stoppingHeader } from './endpoint.ts'
import { answerProbe, type Health } from './health.ts'
import { BodyTooLarge, readBody, sendJson } from './http.ts'
import { type HttpServer, listen } from './listen.ts'
import { faultFields, type Log } from './log.ts'
import type { RunningSubgraph } from './runningSubgraph.ts'

/** Entity fetches of a large page; clients never send here. */
const maxBody = 4_000_000

export interface ServeOptions {
  readonly host: string
  readonly port: number
  readonly health: () => Promise<Health>
  /** Told to stop: it still serves, and says so with every answer. */
  readonly isStopping?: () => boolean
  readonly log: Log
}

interface StreamArgs extends ExecutionArgs {
  readonly stream: AsyncIterable<ExecutionResult>
}

/** Subscriptions of a subgraph over graphql-ws: each operation carries the signed call in its extensions. */
const serveStreams = (subgraph: RunningSubgraph, server: HttpServer) => {
  const sockets = new WebSocketServer({
    server: server.server,
    path: '/graphql',
    maxPayload: maxBody,
    perMessageDeflate: false,
  })
  const disposable = useServer(
    {
      onSubscribe: async (_context, _id, payload): Promise<StreamArgs | readonly GraphQLError[]> => {
        const { headers, body } = (payload.extensions ?? {}) as { headers?: CallHeaders; body?: string }
        const stream = await subgraph.subscribe({ headers: headers ?? {}, body: body ?? '' })
        if (Symbol.asyncIterator in stream)
          return { schema: undefined as never, document: parse(payload.query), stream }
        return stream.errors?.map((error) => new GraphQLError(error.message, { extensions: error.extensions })) ?? []
      },
      subscribe: (args) => (args as StreamArgs).stream,
    },
    sockets,
  )
  return async (): Promise<void> => {
    await disposable.dispose()
    sockets.close()
  }
}

/** For a process that answers nothing but whether it is alive and ready. */
export const serveProbes = async ({ host, port, health, isStopping }: ServeOptions) => {
  const server = await listen(
    async (request, response) => {
      if (!(await answerProbe(request.url, response, health))) sendJson(response, 404, { error: 'not found' })
    },
    { host, port, isStopping },
  )
  return { name: 'probes', port: server.port, stop: server.stop }
}

/** Serves one subgraph over HTTP and WebSocket, for processes that run apart. */
export const serveSubgraph = async (
  subgraph: RunningSubgraph,
  { host, port, health, isStopping = () => false, log }: ServeOptions,
) => {
  const server = await listen(
    async (request, response) => {
      try {
        if (isStopping()) response.setHeader(stoppingHeader, '1')
        if (await answerProbe(request.url, response, health)) return
        if (request.method !== 'POST' || request.url !== '/graphql')
          return sendJson(response, 404, { error: 'not found' })
        const body = await readBody(request, maxBody)
        const left = new AbortController()
        response.once('close', () => response.writableFinished || left.abort(takenBack))
        const { signal } = left
        const { status, result } = await subgraph.execute({ headers: request.headers as CallHeaders, body, signal })
        return sendJson(response, status, result)
      } catch (error) {
        if (error instanceof BodyTooLarge) return sendJson(response, 413, { error: error.message })
        log.error('a call failed', { subgraph: subgraph.name, ...faultFields(error) })
        return sendJson(response, 500, {
          errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        })
      }
    },
    { host, port, isStopping },
  )
  const stopStreams = serveStreams(subgraph, server)
  return {
    name: `${subgraph.name} server`,
    port: server.port,
    stopWithin: server.stopWithin,
    stop: async (): Promise<void> => {
      await stopStreams()
      await server.stop()
    },
  }
}
