import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { seconds } from '#kernel/time.ts'

/** Slow senders are cut off, idle connections outlive those of a proxy in front (parameters table: Node http). */
const limits = {
  headersTimeout: seconds(10),
  requestTimeout: seconds(15),
  keepAliveTimeout: seconds(65),
  maxHeaderSize: 16_384,
} as const

export interface HttpServer {
  readonly server: Server
  readonly port: number
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

/** @throws CannotListen with the cause when the port cannot be had. */
export const listen = async (listener: RequestListener, host: string, port: number): Promise<HttpServer> => {
  const server = createServer(limits, listener)
  server.maxRequestsPerSocket = 10_000
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    reject(new CannotListen(`Cannot listen on ${host}:${port}: ${reasons[error.code ?? ''] ?? error.message}`))
  })
  server.listen(port, host, resolve)
  await promise
  return {
    server,
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeIdleConnections()
      const force = setTimeout(() => server.closeAllConnections(), seconds(3))
      await closed
      clearTimeout(force)
    },
  }
}

/** A body that is larger than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** @throws BodyTooLarge as soon as more than `limit` bytes have come. */
export const readBody = async (request: IncomingMessage, limit: number): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new BodyTooLarge(`The body is larger than ${limit} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}
