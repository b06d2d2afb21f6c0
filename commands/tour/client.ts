import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** The data of an answer; its shape follows from the document. */
export type Data = Readonly<Record<string, unknown>>

/** What stands at a path such as `placeOrder.order.id`; undefined where the path ends early. */
export const at = (data: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Data | null | undefined)?.[name], data)

export interface LiveView {
  /** The next message, at most ten seconds away. */
  next(): Promise<Data>
  close(): Promise<void>
}

/** A failure that the tour reports in one line. */
export class TourStopped extends Error {
  override readonly name = 'TourStopped'
}

const patience = 10_000

/** A client as a frontend would write it: fetch for operations, graphql-ws for live views. */
export const makeTourClient = (url: string) => ({
  ask: async (query: string, variables: Readonly<Record<string, unknown>>, token: string | null): Promise<Data> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patience),
    }).catch(() => {
      throw new TourStopped(`No shop answers at ${url}. Start one with "npm start", or give its address with --url.`)
    })
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] }
    if (!data || errors)
      throw new TourStopped(`The shop refused: ${errors?.map(({ message }) => message).join(' ') ?? response.status}`)
    return data
  },

  watch: (query: string, variables: Readonly<Record<string, unknown>>, token: string): LiveView => {
    const client = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 2,
    })
    const messages = client.iterate<Data>({ query, variables })
    return {
      next: async () => {
        const late = Promise.withResolvers<never>()
        const timer = setTimeout(
          () => late.reject(new TourStopped('The live view stayed silent for ten seconds.')),
          patience,
        )
        try {
          const { value } = await Promise.race([messages.next(), late.promise])
          if (!value?.data) throw new TourStopped('The live view ended.')
          return value.data
        } finally {
          clearTimeout(timer)
        }
      },
      close: async () => client.dispose(),
    }
  },
})

export type TourClient = ReturnType<typeof makeTourClient>
