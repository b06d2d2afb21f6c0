import { createClient } from 'graphql-ws'
import {
  ContinueAsGuestDocument,
  RefreshSessionDocument,
  SignInDocument,
  type TypedDocumentString,
} from './graphql.generated.ts'

interface Session {
  readonly accessToken: string
  readonly accessTokenExpiresAt: string
  readonly refreshToken: string
}

/** Access tokens are renewed this long before they end, so that none ends on its way. */
const headStartMs = 30_000

/** What a mutation refused, with a code to branch on: `error.code === 'OUT_OF_STOCK'`. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string

  constructor({ code, message }: { readonly code: string; readonly message: string }) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

interface Payload {
  readonly userErrors: readonly { readonly code: string; readonly message: string }[]
}

/** The payload of a mutation. @throws Refused when the shop said no; nothing has changed then. */
export const accepted = <P extends Payload>(payload: P): P => {
  const [refused] = payload.userErrors
  if (refused) throw new Refused(refused)
  return payload
}

interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string }[]
}

const dataOf = <Data>({ data, errors = [] }: Answer<Data>): Data => {
  if (data == null || errors.length > 0) throw new Error(errors.map(({ message }) => message).join(' '))
  return data
}

/**
 * A shop seen from a frontend: `ask` for queries and mutations, `watch` for subscriptions. Both know from the document what comes in
 * and what goes out, and both send the token of the present session.
 * @param url where the shop is, for example `http://localhost:4000`
 */
export const makeShop = (url: string) => {
  let session: Session | null = null
  let renewal: Promise<Session | null> | null = null

  const post = async <Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    token: string | null,
  ): Promise<Data> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.timeout(10_000),
    })
    return dataOf((await response.json()) as Answer<Data>)
  }

  const renew = async ({ refreshToken }: Session): Promise<Session | null> =>
    accepted((await post(RefreshSessionDocument, { refreshToken }, null)).refreshSession).session ?? null

  const accessToken = async (): Promise<string | null> => {
    if (session && Date.parse(session.accessTokenExpiresAt) - Date.now() < headStartMs) {
      // A refresh token works once: whoever needs a token meanwhile waits for the same renewal.
      renewal ??= renew(session).finally(() => {
        renewal = null
      })
      session = await renewal
    }
    return session?.accessToken ?? null
  }

  const ask = async <Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Data> => post(document, variables, await accessToken())

  // One socket for all subscriptions; it is opened by the first. When its token ends it is closed with 4403, and comes back by itself.
  const sockets = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: async () => {
      const token = await accessToken()
      return token ? { authorization: `Bearer ${token}` } : {}
    },
  })

  return {
    ask,

    /** The messages of a subscription: `for await (const { cartUpdated } of shop.watch(...))`; leaving the loop ends it. */
    watch: async function* <Data, Variables extends Record<string, unknown>>(
      document: TypedDocumentString<Data, Variables>,
      variables: Variables,
    ): AsyncGenerator<Data, void> {
      const messages = sockets.iterate<Data>({ query: document.toString(), variables })
      for await (const message of messages) yield dataOf(message)
    },

    continueAsGuest: async (): Promise<void> => {
      session = accepted((await ask(ContinueAsGuestDocument, {})).continueAsGuest).session ?? null
    },

    /** @throws Refused with INVALID_CREDENTIALS. A guest who signs in brings the cart along. */
    signIn: async (email: string, password: string): Promise<void> => {
      session = accepted((await ask(SignInDocument, { email, password })).signIn).session ?? null
    },

    close: (): void => void sockets.dispose(),
  }
}

export type Shop = ReturnType<typeof makeShop>
