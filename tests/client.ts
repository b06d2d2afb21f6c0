import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Result<Data> {
  readonly data: Data
  readonly errors?: readonly {
    message: string
    path?: readonly (string | number)[]
    extensions: { code: string; field?: string[] }
  }[]
}

// biome-ignore lint/suspicious/noExplicitAny: answers are described by the document of each test
export type Answer = any

/** A shop under test, as a client sees it. */
export interface TestShop {
  readonly url: string
  stop(): Promise<void>
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A request to any path as it is, with the answer as it comes. A text goes out unchanged, anything else as JSON. */
export const send = async (
  shop: TestShop,
  body: unknown,
  headers: Record<string, string> = {},
  { path = '/graphql', method = 'POST' } = {},
): Promise<RawAnswer> => {
  const response = await fetch(shop.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Sends an operation; `token` is an access token. */
export const ask = async (
  shop: TestShop,
  query: string,
  variables: object = {},
  token?: string,
): Promise<Result<Answer>> => {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  })
  return (await response.json()) as Result<Answer>
}

/** Like `ask`, but any error fails the test. */
export const get = async (shop: TestShop, query: string, variables: object = {}, token?: string): Promise<Answer> => {
  const { data, errors } = await ask(shop, query, variables, token)
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

export interface Live {
  /** The next message; fails after ten seconds of silence. */
  next(): Promise<Answer>
  /** Messages until one meets the condition, which comes last. */
  until(condition: (data: Answer) => boolean): Promise<Answer[]>
  leave(): void
}

/** GraphQL errors of a subscription as one error with the code of the first. */
const asError = (failure: unknown): Error => {
  const [first] = Array.isArray(failure) ? failure : [failure]
  return Object.assign(new Error(JSON.stringify(failure)), { code: first?.extensions?.code })
}

/** A WebSocket connection of one viewer. */
export const connect = (
  shop: TestShop,
  token?: string,
): { client: Client; watch(query: string, variables?: Record<string, unknown>): Live; close(): Promise<void> } => {
  const client = createClient({
    url: `${shop.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    retryAttempts: 0,
  })
  const watch = (query: string, variables: Record<string, unknown> = {}): Live => {
    const messages: Answer[] = []
    let wake = Promise.withResolvers<void>()
    let failure: unknown = null
    const leave = client.subscribe<Answer>(
      { query, variables },
      {
        next: (message) => {
          messages.push(message)
          wake.resolve()
        },
        error: (error) => {
          failure = error
          wake.resolve()
        },
        complete: () => wake.resolve(),
      },
    )
    const next = async (): Promise<Answer> => {
      const silence = AbortSignal.timeout(10_000)
      const late = new Promise<never>((_, reject) =>
        silence.addEventListener('abort', () => reject(new Error('ten seconds of silence'))),
      )
      late.catch(() => undefined)
      while (messages.length === 0) {
        if (failure) throw asError(failure)
        await Promise.race([wake.promise, late])
        wake = Promise.withResolvers()
      }
      const message = messages.shift()
      if (message.errors) throw asError(message.errors)
      return message.data
    }
    return {
      next,
      until: async (condition) => {
        const seen: Answer[] = []
        do seen.push(await next())
        while (!condition(seen.at(-1)))
        return seen
      },
      leave,
    }
  }
  return { client, watch, close: async () => client.dispose() }
}
