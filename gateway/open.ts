import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ApolloServer, HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { anonymous } from '#platform/auth.ts'
import { type Config, ConfigError } from '#platform/config.ts'
import { remoteEndpoint } from '#platform/endpoint.ts'
import { BodyTooLarge, readBody, sendJson } from '#platform/http.ts'
import { listen } from '#platform/listen.ts'
import { makeEnforcer } from './authorisation.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'
import { makeSupergraphGateway } from './supergraph.ts'
import { addressesOf } from './supergraphFile.ts'

/** A gateway over somebody else's subgraphs, for suites that test gateways. */
export interface OpenGateway {
  readonly url: string
  stop(): Promise<void>
}

const maxBody = 4_000_000

const usage =
  'Options are for `gateway --supergraph FILE --open` only: a gateway without authentication over any supergraph.'

const parse = (args: readonly string[]) => {
  try {
    const options = { supergraph: { type: 'string' }, open: { type: 'boolean' } } as const
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch {
    throw new ConfigError([usage])
  }
}

/**
 * The file of `gateway --supergraph FILE --open`.
 * @throws ConfigError when the arguments are anything else.
 */
export const readOpenArguments = (args: readonly string[]): string => {
  const { values, positionals } = parse(args)
  if (values.supergraph && values.open && positionals.join() === 'gateway') return values.supergraph
  throw new ConfigError([usage])
}

/** Plain calls: nothing is signed, nobody is named. */
const makeOpenTransport = (addresses: ReadonlyMap<string, string>, timeoutMs: number) => {
  const endpoints = new Map([...addresses].map(([name, url]) => [name, remoteEndpoint(url)]))
  const endpointOf = (name: string) => {
    const endpoint = endpoints.get(name)
    if (!endpoint) throw new Error(`The supergraph has no address for ${name}.`)
    return endpoint
  }
  const transport: SubgraphTransport<StreamingContext> = {
    execute: async (subgraph, request) => {
      const call = { headers: {}, body: JSON.stringify(request), signal: AbortSignal.timeout(timeoutMs) }
      return (await endpointOf(subgraph).execute(call)).result
    },
    subscribe: async (subgraph, request) =>
      endpointOf(subgraph).subscribe({ headers: {}, body: JSON.stringify(request) }),
  }
  return { transport, stop: () => Promise.all([...endpoints.values()].map((endpoint) => endpoint.stop())) }
}

const toHeaderMap = (headers: Readonly<Record<string, string | string[] | undefined>>): HeaderMap => {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) map.set(name, String(value))
  return map
}

/**
 * Starts a gateway over any supergraph file: POST and GET of `/graphql`, `/health`, no authentication and no limits. What the file
 * protects by auth directives stays closed, because nobody is signed in.
 * @throws ConfigError in production.
 */
export const startOpenGateway = async (file: string, config: Config): Promise<OpenGateway> => {
  if (config.production) throw new ConfigError(['--open is refused in production: this gateway asks nobody who he is.'])
  const supergraphSdl = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError([`--supergraph: the file ${file} cannot be read.`])
  })
  const { transport, stop } = makeOpenTransport(addressesOf(supergraphSdl), config.subgraphTimeoutMs)
  const apollo = new ApolloServer<StreamingContext>({
    gateway: makeSupergraphGateway({ supergraphSdl, transport, enforcer: makeEnforcer }),
    nodeEnv: 'development',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()],
  })
  await apollo.start()
  const server = await listen(
    async (request, response) => {
      try {
        const { pathname, search } = new URL(request.url ?? '/', 'http://gateway')
        if (pathname === '/health') return sendJson(response, 200, { status: 'ok' })
        if (pathname !== '/graphql') return sendJson(response, 404, { error: 'The graph is at /graphql.' })
        const body: unknown = request.method === 'POST' ? JSON.parse(await readBody(request, maxBody)) : {}
        const answer = await apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: { method: request.method ?? 'GET', headers: toHeaderMap(request.headers), search, body },
          context: async () => ({ viewer: anonymous }),
        })
        for (const [name, value] of answer.headers) response.setHeader(name, value)
        response.writeHead(answer.status ?? 200)
        response.end(answer.body.kind === 'complete' ? answer.body.string : undefined)
      } catch (error) {
        sendJson(response, error instanceof BodyTooLarge ? 413 : 400, {
          errors: [{ message: 'The request cannot be read.' }],
        })
      }
    },
    { host: config.host, port: config.port },
  )
  return {
    url: `http://${config.host}:${server.port}/graphql`,
    stop: async () => {
      await server.stop()
      await apollo.stop()
      await stop()
    },
  }
}
