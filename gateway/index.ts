import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { Ids } from '#kernel/id.ts'
import { type Clock, seconds } from '#kernel/time.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { type Endpoints, makeSubgraphCaller, type SignSubgraphCall } from '#platform/caller.ts'
import { keepCertificate, readCertificate } from '#platform/certificate.ts'
import type { Config } from '#platform/config.ts'
import type { Readiness } from '#platform/health.ts'
import type { Limiter } from '#platform/limiter/limiter.ts'
import { listen } from '#platform/listen.ts'
import type { Log } from '#platform/log.ts'
import { makeAuth } from './auth.ts'
import { makeEnforcer } from './authorisation.ts'
import { makeClientOf } from './client.ts'
import { makeCors } from './cors.ts'
import { makeErrorFormatter } from './errors.ts'
import { makeBudgets } from './guard/budget.ts'
import { makeGuard } from './guard/plugin.ts'
import { readTrustedDocuments } from './guard/trusted.ts'
import { answerNotes } from './http/answerNotes.ts'
import { makeCauseOf } from './http/cause.ts'
import { makeHttpHandler } from './http/handler.ts'
import { statusCodes } from './http/statusCodes.ts'
import { measuring, readOperationNames } from './measuring.ts'
import { keepReloaded } from './reloading.ts'
import { makeShedding } from './shedding/shedding.ts'
import { closings } from './sockets/closings.ts'
import { serveSockets } from './sockets/server.ts'
import { makeSupergraphGateway } from './supergraph.ts'
import { readSupergraph } from './supergraphFile.ts'
import { type GatewayContext, makeTransport } from './transport.ts'
import { tellWaiting } from './waiting.ts'

export interface GatewayDeps {
  readonly config: Config
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly cache: Cache
  readonly limiter: Limiter
  readonly readiness: Readiness
  readonly endpoints: Endpoints
  readonly sign: SignSubgraphCall
  /** The text of another supergraph, for the benchmark; absent: that of the shop. */
  readonly supergraph?: string
}

/** Parameters table: client total. A checkout that may take longer leaves two seconds for what is read after it. */
const clientTimeout = seconds(10)

/** The one entry to the graph: HTTP and WebSocket on one server. The parts in the order in which a request meets them. */
export const startGateway = async ({
  config,
  clock,
  ids,
  log,
  cache,
  limiter,
  readiness,
  endpoints,
  sign,
  supergraph,
}: GatewayDeps) => {
  const formatError = makeErrorFormatter(log)
  const call = makeSubgraphCaller('gateway', { endpoints, sign, timeoutMs: config.subgraphTimeoutMs })
  const cors = makeCors(config.corsOrigins)
  const clientOf = makeClientOf(config.trustedProxies)
  const auth = makeAuth({ issuer: config.tokenIssuer, audience: config.tokenIssuer, clock, cache, call, log })
  const { subgraphTimeoutMs: timeoutMs, checkoutTimeoutMs } = config
  const transport = makeTransport({ clock, endpoints, sign, timeoutMs, checkoutTimeoutMs, log })
  const landingPage = config.production
    ? ApolloServerPluginLandingPageDisabled()
    : ApolloServerPluginLandingPageLocalDefault({ footer: false })
  const { supergraphFile, trustedDocuments, trustedDocumentsFile } = config
  const readFiles = async () => ({
    supergraphSdl: supergraph ?? (await readSupergraph(supergraphFile)),
    trusted: await readTrustedDocuments(trustedDocuments, trustedDocumentsFile),
  })
  let files = await readFiles()
  const guard = makeGuard<GatewayContext>({
    formatError,
    budgets: makeBudgets(limiter, config),
    trusted: () => files.trusted,
    log,
    introspection: !config.production,
    suggestions: !config.production,
  })
  const shedding = config.shedding ? makeShedding<GatewayContext>({ places: config.shedAbove }) : null
  const graph = makeSupergraphGateway({
    supergraphSdl: files.supergraphSdl,
    transport,
    clock,
    enforcer: makeEnforcer,
    runsPlans: config.runsPlans,
    prepare: guard.prepare,
  })
  const apollo = new ApolloServer<GatewayContext>({
    gateway: graph,
    nodeEnv: config.production ? 'production' : 'development',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // The guard brings every document found, parsed, validated and remembered.
    documentStore: null,
    persistedQueries: false,
    formatError,
    stringifyResult: (value) => JSON.stringify(value),
    // Shedding before the guard: what is sent away pays nothing.
    plugins: [
      measuring(await readOperationNames(trustedDocumentsFile)),
      ...(shedding ? [shedding.plugin] : []),
      guard.plugin,
      ApolloServerPluginInlineTraceDisabled(),
      landingPage,
      answerNotes,
      statusCodes,
    ],
  })
  await apollo.start()

  const askUsers = async (): Promise<void> => void (await call('users', { query: '{ jwks }' }))
  const health = readiness.health({ users: askUsers })
  const handler = makeHttpHandler({
    apollo,
    auth,
    clientOf,
    cors,
    call,
    health,
    causeOf: makeCauseOf(ids, config.trustedProxies),
    clock,
    door: shedding?.door ?? null,
    timeoutMs: Math.max(clientTimeout, checkoutTimeoutMs + seconds(2)),
    log,
    tls: config.tls !== null,
    pages: !config.production,
    dataDir: config.dataDir,
  })
  const certificate = config.tls && readCertificate(config.tls, clock.now())
  const http = await listen(handler, {
    host: config.host,
    port: config.port,
    isStopping: readiness.isHindered,
    ...(certificate && { certificate }),
  })
  const whenReady = async (): Promise<void> => {
    if (!(await health()).ready) throw new Error('not ready')
  }
  const endWaiting = tellWaiting({ ask: whenReady, at: config.subgraphUrls.users.join(', '), log })
  const stopRenewal = config.tls && keepCertificate({ files: config.tls, clock, log, renew: http.renew })
  const { server } = http
  const { socketsPerAddress } = config
  const sockets = serveSockets({
    server,
    apollo,
    auth,
    clientOf,
    cors,
    call,
    clock,
    ids,
    log,
    formatError,
    socketsPerAddress,
  })

  /** Streams run on the graph with which they began, so they end, and come back on the new one; requests under way end on the old one. */
  const renew = async (): Promise<boolean> => {
    const found = await readFiles()
    const isNew = found.supergraphSdl !== files.supergraphSdl
    if (isNew) await graph.replace(found.supergraphSdl)
    files = found
    if (isNew) void sockets.endAll(closings.reloaded)
    return isNew
  }
  const watched = [
    ...(supergraph ? [] : [supergraphFile]),
    ...(trustedDocuments === 'off' ? [] : [trustedDocumentsFile]),
  ]
  const reloading = keepReloaded({ files: watched, renew, log })

  return {
    name: 'gateway',
    // Closing all sockets, one after the other, and waiting for their clients' answers; beside it the requests under way finish.
    stopWithin: http.stopWithin + seconds(1),
    url: `${config.tls ? 'https' : 'http'}://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${http.port}`,
    /** Looks at the files of the graph now. */
    reload: reloading.reload,
    stop: async (): Promise<void> => {
      stopRenewal?.()
      shedding?.stop()
      await reloading.stop()
      await Promise.all([endWaiting(), sockets.stop(), http.stop()])
      await apollo.stop()
    },
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>
