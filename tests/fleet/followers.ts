import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

interface Message {
  readonly cartUpdated: { readonly seq: number; readonly isReset: boolean }
}

const document = 'subscription ($after: Int) { cartUpdated(after: $after) { seq isReset } }'

/**
 * Somebody who watches a cart and comes back after the last number whenever the connection ends, like a good client. `hear` is told each
 * number as it comes.
 */
export const follow = (url: string, token: string, hear: (seq: number) => void = () => undefined) => {
  const seen: number[] = []
  const codes: number[] = []
  const refusals: string[] = []
  let ended = false
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    on: {
      closed: (event) => {
        const { code } = event as { code: number }
        if (!ended) codes.push(code)
      },
    },
  })
  const watch = (): void => {
    if (ended) return
    const again = (): void => void setTimeout(watch, 50)
    client.subscribe<Message>(
      { query: document, variables: { after: seen.at(-1) } },
      {
        next: ({ data, errors }) => {
          if (errors) refusals.push(JSON.stringify(errors))
          if (!data) return
          seen.push(data.cartUpdated.seq)
          hear(data.cartUpdated.seq)
        },
        // An event of the socket is its end; a list is a refusal of the operation.
        error: (failure) => {
          if (Array.isArray(failure)) refusals.push(JSON.stringify(failure))
          again()
        },
        complete: again,
      },
    )
  }
  watch()
  return {
    /** The numbers of all updates, in the order in which they came. */
    seen: (): readonly number[] => seen,
    /** With what its sockets were closed, connections that did not come about (1006) among them. */
    codes: (): readonly number[] => codes,
    refusals: (): readonly string[] => refusals,
    stop: async (): Promise<void> => {
      ended = true
      await client.dispose()
    },
  }
}

export type Follower = ReturnType<typeof follow>
