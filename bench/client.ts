import { Pool } from 'undici'

/** The data of an answer; its shape follows from the document. */
export type Data = Readonly<Record<string, unknown>>

/** Sends an operation. @throws Error with one line when anything in the answer is an error, also a refusal in a payload. */
export type Ask = <Answer = Data>(
  query: string,
  variables?: Readonly<Record<string, unknown>>,
  token?: string,
) => Promise<Answer>

export interface Client {
  readonly ask: Ask
  close(): Promise<void>
}

interface Answer {
  readonly data?: Readonly<Record<string, { readonly userErrors?: readonly UserError[] } | null>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

interface UserError {
  readonly code: string
  readonly message?: string
}

/** What is wrong with an answer in one line; null when nothing is. */
export const complaintOf = ({ data, errors }: Answer): string | null => {
  const [error] = errors ?? []
  if (error) return `${error.extensions?.code ?? 'ERROR'}: ${error.message}`
  if (!data) return 'the answer has no data'
  for (const [field, payload] of Object.entries(data)) {
    const [refusal] = payload?.userErrors ?? []
    if (refusal) return [field, refusal.code, refusal.message].filter(Boolean).join(': ')
  }
  return null
}

const timeoutMs = 30_000

/** A client with a connection for each worker, kept alive. */
export const makeClient = (url: string, connections: number): Client => {
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  return {
    ask: async <Answer>(query: string, variables: Readonly<Record<string, unknown>> = {}, token = '') => {
      const { statusCode, body } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await body.text()
      if (!text.startsWith('{')) throw new Error(`HTTP ${statusCode}`)
      const answer = JSON.parse(text)
      const complaint = complaintOf(answer)
      if (complaint !== null) throw new Error(complaint)
      return answer.data as Answer
    },
    close: () => pool.destroy(),
  }
}
