import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Answer, send, type TestShop } from './client.ts'

/** One operation as any transport takes it; `query` is absent when the document is named by its hash. */
export interface Asked {
  readonly query?: string
  readonly variables?: Record<string, unknown>
  readonly extensions?: Record<string, unknown>
  readonly token?: string
}

/** What came back; `status` and `retryAfter` over HTTP only. */
export interface Told {
  readonly data?: Answer
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[]
  readonly extensions?: Answer
  readonly status?: number
  readonly retryAfter?: string | null
}

export type Transport = (shop: TestShop, asked: Asked) => Promise<Told>

const authorization = (token: string | undefined) => (token ? { authorization: `Bearer ${token}` } : {})

const post: Transport = async (shop, { token, ...body }) => {
  const { status, headers, text } = await send(shop, body, authorization(token) as Record<string, string>)
  return { ...JSON.parse(text), status, retryAfter: headers.get('retry-after') }
}

const get: Transport = async (shop, { token, query, variables, extensions }) => {
  const search = new URLSearchParams({
    ...(query !== undefined && { query }),
    ...(variables && { variables: JSON.stringify(variables) }),
    ...(extensions && { extensions: JSON.stringify(extensions) }),
  })
  const headers = { 'apollo-require-preflight': 'yes', ...authorization(token) } as Record<string, string>
  const answer = await send(shop, undefined, headers, { method: 'GET', path: `/graphql?${search}` })
  return { ...JSON.parse(answer.text), status: answer.status, retryAfter: answer.headers.get('retry-after') }
}

/** A socket of its own for one operation; the first message of a subscription counts as its answer. */
const socket: Transport = async (shop, { token, query = '', variables, extensions }) => {
  const client = createClient({
    url: `${shop.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: authorization(token),
    retryAttempts: 0,
  })
  try {
    return await new Promise<Told>((resolve, reject) => {
      client.subscribe(
        { query, variables, extensions },
        {
          next: (result) => resolve(result as Told),
          error: (failure) => (Array.isArray(failure) ? resolve({ errors: failure }) : reject(failure)),
          complete: () => reject(new Error('the operation ended without an answer')),
        },
      )
    })
  } finally {
    await client.dispose()
  }
}

/** Every way into the graph. */
export const transports: readonly (readonly [string, Transport])[] = [
  ['POST', post],
  ['GET', get],
  ['WebSocket', socket],
]

export const overPost = post
export const overSocket = socket
