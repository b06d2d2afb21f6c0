import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type ClientOptions, WebSocket } from 'ws'
import type { Answer, TestShop } from './client.ts'

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A socket without any client library, which may say whatever it likes. */
export interface RawSocket {
  readonly socket: WebSocket
  readonly closed: Promise<Closed>
  /** Text goes out as it is, anything else as JSON. */
  say(...messages: readonly unknown[]): void
  /** The next message; fails when the socket closes first. */
  hear(): Promise<Answer>
  /** Messages so far that nobody has heard. */
  readonly unheard: Answer[]
}

export interface RawOptions extends ClientOptions {
  readonly protocols?: readonly string[]
  /** Where it comes from, for shops that trust one proxy. */
  readonly address?: string
}

/** Opens a socket; a refused handshake rejects with its answer. */
export const openSocket = async (
  shop: TestShop,
  { protocols = ['graphql-transport-ws'], address, ...options }: RawOptions = {},
): Promise<RawSocket> => {
  const headers = { ...options.headers, ...(address && { 'x-forwarded-for': address }) }
  const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/graphql`, [...protocols], { ...options, headers })
  const unheard: Answer[] = []
  let wake = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    unheard.push(JSON.parse(String(data)))
    wake.resolve()
  })
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  const refused = once(socket, 'unexpected-response').then(([, response]) => Promise.reject(response))
  await Promise.race([once(socket, 'open'), refused])
  refused.catch(() => undefined)
  socket.on('error', () => undefined)
  return {
    socket,
    closed,
    unheard,
    say: (...messages) => {
      for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    hear: async () => {
      while (unheard.length === 0) {
        const ended = closed.then(({ code, reason }) => Promise.reject(new Error(`closed: ${code} ${reason}`)))
        await Promise.race([wake.promise, ended])
        wake = Promise.withResolvers()
      }
      return unheard.shift()
    },
  }
}

/** The status with which a handshake is refused; 101 when it is not. */
export const handshakeStatus = async (shop: TestShop, options: RawOptions = {}): Promise<number> => {
  try {
    const { socket } = await openSocket(shop, options)
    socket.close()
    return 101
  } catch (refusal) {
    const { statusCode = 0 } = refusal as IncomingMessage
    return statusCode
  }
}

/** A socket that has been greeted. */
export const joinSocket = async (shop: TestShop, token?: string, options: RawOptions = {}): Promise<RawSocket> => {
  const raw = await openSocket(shop, options)
  raw.say({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) })
  const ack = await raw.hear()
  if (ack.type !== 'connection_ack') throw new Error(JSON.stringify(ack))
  return raw
}
