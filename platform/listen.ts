import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { seconds } from '#kernel/time.ts'
import { type Certificate, minTlsVersion } from './certificate.ts'

/** How long a client may take, and how many there may be (parameters table: Node http; L9: closed within 15 s). */
export const httpLimits = {
  headersTimeout: seconds(10),
  // With a look at the clock twice a second the last byte of a request has come, or the connection is closed, within 15 s.
  requestTimeout: seconds(14),
  connectionsCheckingInterval: seconds(0.5),
  /** Longer than that of a proxy in front, which must be the one that closes. */
  keepAliveTimeout: seconds(65),
  /** For a client that does not read its answer. */
  answerTimeout: seconds(15),
  handshakeTimeout: seconds(10),
  maxHeaderSize: 16_384,
  maxRequestsPerSocket: 10_000,
  /** 12,000 sockets (parameters table: WS), and requests beside them. */
  maxConnections: 15_000,
  /** For requests under way when the server stops (parameters table: Shutdown). */
  finishWithin: seconds(10),
  /**
   * Connections that wait to be accepted. Above it the kernel drops them, and a client tries again after 1, 3, 7 s and so on: with Node's
   * 511 that is what 10,000 clients wait for when they all come back at once. The kernel bounds it too (4,096 on Linux).
   */
  backlog: 15_000,
}

export type HttpLimits = Readonly<typeof httpLimits>

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Serves HTTPS with it; plain HTTP without. */
  readonly certificate?: Certificate
  /** The process is about to stop: each connection closes with the answer that it gets now. */
  readonly isStopping?: () => boolean
  /** Other bounds, for tests that cannot wait. */
  readonly limits?: Partial<HttpLimits>
}

export interface HttpServer {
  readonly server: Server
  readonly port: number
  /** New connections get this certificate, old ones go on with theirs. */
  renew(certificate: Certificate): void
  /** Milliseconds that stopping may take. */
  readonly stopWithin: number
  /** Accepts nobody any more, closes connections that rest, and lets requests under way finish. */
  stop(): Promise<void>
}

/** A port that is taken or forbidden, in one clear line. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there. Stop it, or choose another port with PORT.',
  EACCES: 'this user may not. Choose a port above 1023 with PORT.',
  EADDRNOTAVAIL: 'this machine does not have that address. Check HOST.',
}

/** Node bounds how long a request may take to come, but not how long its answer may take to go. */
const boundAnswer = (response: ServerResponse, ms: number): void => {
  response.once('prefinish', () => {
    const late = setTimeout(() => response.destroy(), ms)
    response.once('close', () => clearTimeout(late))
  })
}

const secure = (certificate: Certificate) => ({ ...certificate, minVersion: minTlsVersion }) as const

interface Address {
  readonly host: string
  readonly port: number
  readonly backlog: number
}

const bind = async (server: Server, { host, port, backlog }: Address): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    reject(new CannotListen(`Cannot listen on ${host}:${port}: ${reasons[error.code ?? ''] ?? error.message}`))
  })
  server.listen({ port, host, backlog }, resolve)
  await promise
}

/** @throws CannotListen with the cause when the port cannot be had. */
export const listen = async (listener: RequestListener, options: ListenOptions): Promise<HttpServer> => {
  const { host, port, certificate, isStopping = () => false } = options
  const limits: HttpLimits = { ...httpLimits, ...options.limits }
  const server = certificate ? createTlsServer({ ...limits, ...secure(certificate) }) : createServer(limits)
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket
  server.maxConnections = limits.maxConnections
  server.on('request', (_request, response) => {
    boundAnswer(response, limits.answerTimeout)
    if (isStopping()) response.shouldKeepAlive = false
  })
  server.on('request', listener)
  // Node's own list begins after the TLS handshake and ends at an upgrade.
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket.once('close', () => connections.delete(socket)))
  })
  await bind(server, { host, port, backlog: limits.backlog })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    stopWithin: limits.finishWithin + seconds(1),
    renew: (next) => (server as TlsServer).setSecureContext?.(secure(next)),
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeIdleConnections()
      const force = setTimeout(() => {
        for (const socket of connections) socket.destroy()
      }, limits.finishWithin)
      // A connection whose last answer has gone out by now may still rest.
      const again = setInterval(() => server.closeIdleConnections(), seconds(0.1))
      await closed
      clearTimeout(force)
      clearInterval(again)
    },
  }
}
