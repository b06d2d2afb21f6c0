import type { Money } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import type { NextAction } from './domain/payment.ts'

/** What a provider is asked for. The same key always asks for the same thing, and moves money once. */
export interface ProviderCall {
  readonly key: string
  readonly amount: Money
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

export interface AuthorizeCall extends ProviderCall {
  /** The provider's token for the buyer's means of payment. */
  readonly token: string
  readonly paymentId: string
  readonly orderId: string
}

export interface FollowUpCall extends ProviderCall {
  /** The provider's own id of the payment. */
  readonly reference: string
}

/** What a provider says. Whoever hears nothing knows nothing: that is no answer, not a refusal (rule R3). */
export type ProviderAnswer =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'requiresAction'; readonly reference: string; readonly action: NextAction }
  | { readonly kind: 'refused'; readonly code: string; readonly reference: string | null }

/** What the provider's books say about one payment, in minor units. */
export interface ProviderTotals {
  readonly paymentId: string
  readonly orderId: string
  readonly currency: string
  readonly authorized: number
  readonly captured: number
  readonly released: number
  readonly refunded: number
  /** The buyer did what was asked, and nobody has confirmed it yet. */
  readonly isAuthenticated: boolean
}

/** News that a provider sends by itself. `key` is that of the call it is about; null: nobody's call. */
export interface ProviderNews {
  readonly id: string
  readonly type: string
  readonly paymentId: string
  readonly key: string | null
  /** Null when what it says is no amount of money. */
  readonly amount: Money | null
}

export interface SignedNews {
  readonly body: string
  readonly signature: string
}

/** A payment provider, as the shop needs it. A call may reject or never settle: both mean that the outcome is unknown, apart from NotReceived (`domain/notReceived.ts`). */
export interface PaymentProvider {
  readonly name: string
  authorize(call: AuthorizeCall): Promise<ProviderAnswer>
  /** Goes on after the buyer acted. Not answered from memory while the buyer still has to act. */
  confirm(call: FollowUpCall): Promise<ProviderAnswer>
  capture(call: FollowUpCall): Promise<ProviderAnswer>
  /** Sets free whatever is still reserved. */
  void(call: FollowUpCall): Promise<ProviderAnswer>
  refund(call: FollowUpCall): Promise<ProviderAnswer>
  /** What the provider once answered to a key; null when it has never heard of it (yet). */
  lookup(key: string, signal?: AbortSignal): Promise<ProviderAnswer | null>
  /** The books of one payment by the provider's own id; null when it has none. */
  totals(reference: string): Promise<ProviderTotals | null>
  /** The payments moved after a place in the provider's books, each as it stands after its last movement there, and the new place. */
  movedAfter(
    cursor: number,
    limit: number,
  ): Promise<{ readonly moved: readonly ProviderTotals[]; readonly cursor: number }>
  /** Null when the signature is wrong, missing, or not of this time. */
  readNews(news: SignedNews, now: Millis): ProviderNews | null
}
