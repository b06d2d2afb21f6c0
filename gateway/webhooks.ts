import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ErrorCode, isShopError } from '#kernel/errors.ts'
import { seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { readBody, sendJson } from '#platform/http.ts'

const address = /^\/webhooks\/payments\/([a-z][a-z0-9-]{0,39})$/

/** Events of a provider are small; what is larger is none. */
const maxBody = 65_536

/** Payments may have to ask the provider before it knows what a webhook means. */
const timeoutMs = seconds(8)

const document = /* GraphQL */ `
  mutation ReceivePaymentWebhook($input: ReceivePaymentWebhookInput!) {
    receivePaymentWebhook(input: $input) { received userErrors { code field } }
  }
`

interface Received {
  readonly receivePaymentWebhook: {
    readonly received: boolean
    readonly userErrors: readonly { readonly code: ErrorCode; readonly field: readonly string[] | null }[]
  }
}

/**
 * `POST /webhooks/payments/<provider>`: hands the raw body and the header `<provider>-signature` to payments, which alone can tell
 * whether they belong together. 2xx: taken in, also what is early, stale or repeated; 4xx: not signed as it should be, sending it again
 * is of no use; 503: payments is away, send it again.
 */
export const makeWebhooks = (call: SubgraphCaller) => {
  const receive = async (provider: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, maxBody)
    const signature = request.headers[`${provider}-signature`]
    const input = { provider, body, signature: typeof signature === 'string' ? signature : '' }
    try {
      const told = await call<Received>('payments', { query: document, variables: { input }, timeoutMs })
      const [problem] = told.receivePaymentWebhook.userErrors
      if (!problem) return sendJson(response, 200, { received: true })
      const isUnknown = problem.field?.includes('provider') === true
      return sendJson(response, isUnknown ? 404 : 400, { received: false })
    } catch (error) {
      if (isShopError(error)) return sendJson(response, 503, { received: false })
      throw error
    }
  }

  /** False: this is the address of something else. */
  return async (request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> => {
    const provider = address.exec(pathname)?.[1]
    if (!provider) return false
    if (request.method === 'POST') await receive(provider, request, response)
    else sendJson(response, 405, { received: false })
    return true
  }
}
