import { NotReceived } from '../domain/notReceived.ts'
import type { PaymentProvider, ProviderAnswer, ProviderCall, ProviderTotals } from '../provider.ts'
import type { Line, Response } from './line.ts'
import { readWebhook } from './webhooks.ts'

interface WireCharge {
  readonly reference: string
  readonly payment: string
  readonly currency: string
  readonly amount: number
  readonly status: string
  readonly authenticated: boolean
  readonly captured: number
  readonly released: number
  readonly refunded: number
}

interface WireMovement extends Omit<WireCharge, 'status' | 'authenticated'> {
  readonly seq: number
  readonly charge: string
  readonly total: number
}

const refusal = (code: string): ProviderAnswer => ({ kind: 'refused', code, reference: null })

/** @throws when it is no answer that we know: then nothing is known. */
const toAnswer = ({ status, body }: Response): ProviderAnswer => {
  const { status: kind, charge, code, action, error } = body as Record<string, unknown>
  // Our secret is not theirs: they have not even looked at the call.
  if (status === 401) throw new NotReceived('the provider does not know our secret')
  if (status >= 400) return refusal(String(error).slice(0, 100))
  const reference = String(charge)
  if (kind === 'succeeded') return { kind, reference }
  if (kind === 'refused') return { kind, code: String(code), reference }
  if (kind === 'requires_action')
    return { kind: 'requiresAction', reference, action: action as { kind: string; url: string } }
  throw new Error('the provider gave an answer that says nothing')
}

const ofCharge = (charge: WireCharge): ProviderTotals => ({
  paymentId: charge.payment,
  orderId: charge.reference,
  currency: charge.currency,
  authorized: charge.status === 'open' || charge.released > 0 ? charge.amount : 0,
  captured: charge.captured,
  released: charge.released,
  refunded: charge.refunded,
  isAuthenticated: charge.status === 'requires_action' && charge.authenticated,
})

const ofMovement = (movement: WireMovement): ProviderTotals =>
  ofCharge({ ...movement, amount: movement.total, status: 'open', authenticated: false })

const chargePath = (reference: string): string => `/v1/charges/${encodeURIComponent(reference)}`

/** The sandbox provider over HTTP; what its endpoints mean is in its own README. */
export const makeSandbox = (line: Line, secret: string): PaymentProvider => {
  const post = async (
    path: string,
    { key, amount, signal }: ProviderCall,
    more: object = {},
  ): Promise<ProviderAnswer> => {
    const body = { amount: amount.minor, currency: amount.currency, ...more }
    return toAnswer(await line.ask({ method: 'POST', path, key, body, signal }))
  }

  const get = async (path: string, signal?: AbortSignal): Promise<Response | null> => {
    const response = await line.ask({ method: 'GET', path, signal })
    if (response.status >= 400 && response.status !== 404) throw new Error(`the provider answers ${response.status}`)
    return response.status === 404 ? null : response
  }

  return {
    name: 'sandbox',
    authorize: (call) =>
      post('/v1/charges', call, { token: call.token, reference: call.orderId, payment: call.paymentId }),
    confirm: (call) => post(`${chargePath(call.reference)}/confirm`, call),
    capture: (call) => post(`${chargePath(call.reference)}/capture`, call),
    void: (call) => post(`${chargePath(call.reference)}/void`, call),
    refund: (call) => post(`${chargePath(call.reference)}/refund`, call),
    lookup: async (key, signal) => {
      const found = await get(`/v1/answers/${encodeURIComponent(key)}`, signal)
      return found && toAnswer(found)
    },
    totals: async (reference) => {
      const found = await get(chargePath(reference))
      return found && ofCharge(found.body as WireCharge)
    },
    movedAfter: async (cursor, limit) => {
      const found = await get(`/v1/movements?after=${cursor}&limit=${limit}`)
      const { movements } = (found?.body ?? { movements: [] }) as { movements: readonly WireMovement[] }
      // The last one of each charge stands for all of it.
      const last = new Map(movements.map((movement) => [movement.charge, movement]))
      return { moved: [...last.values()].map(ofMovement), cursor: movements.at(-1)?.seq ?? cursor }
    },
    readNews: (news, now) => readWebhook(secret, news, now),
  }
}
