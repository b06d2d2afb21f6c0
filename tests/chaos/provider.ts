import { signatureHeader, signWebhook } from '../../provider/webhooks.ts'

/** A text goes out as it is, anything else as JSON. */
const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  })

/** What the world does at a payment provider, and in its name. */
export const atTheProvider = (url: string, { webhooks, secret }: { webhooks: string; secret: string }) => ({
  /** Turns its weather. One that is away at this moment keeps the weather it has. */
  turn: async (weather: object): Promise<void> => {
    await post(`${url}/adversary`, weather).catch(() => undefined)
  },
  /** The buyer does what the provider has asked for, on this page of it. */
  act: async (page: string): Promise<void> => {
    const charge = page.split('/').at(-1)
    await post(`${url}/charges/${charge}/authenticate`, {}).catch(() => undefined)
  },
  /** Webhooks that the provider never sent: with a wrong signature, or of an hour ago. @returns the status of the answer. */
  forge: async (kind: 'stale' | 'badly signed'): Promise<number> => {
    const data = { payment: 'pay_x' }
    const body = JSON.stringify({ id: `evt_${crypto.randomUUID()}`, type: 'charge.captured', data })
    const signature =
      kind === 'stale' ? signWebhook(secret, body, Date.now() - 3_600_000) : signWebhook('not ours', body, Date.now())
    return (await post(webhooks, body, { [signatureHeader]: signature })).status
  },
})

export type AtTheProvider = ReturnType<typeof atTheProvider>
