import type { Money } from '#kernel/money.ts'
import type { NextAction } from './domain/payment.ts'

/** What a provider is asked for. The same key always asks for the same thing, and moves money once. */
export interface ProviderCall {
  readonly key: string
  readonly amount: Money
}

export interface AuthorizeCall extends ProviderCall {
  /** The provider's token for the buyer's means of payment. */
  readonly token: string
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

/** A payment provider, as the shop needs it. A call may reject or never settle: both mean that the outcome is unknown. */
export interface PaymentProvider {
  readonly name: string
  authorize(call: AuthorizeCall): Promise<ProviderAnswer>
  /** Goes on after the buyer acted. Not answered from memory while the buyer still has to act. */
  confirm(call: FollowUpCall): Promise<ProviderAnswer>
  capture(call: FollowUpCall): Promise<ProviderAnswer>
  void(call: FollowUpCall): Promise<ProviderAnswer>
  refund(call: FollowUpCall): Promise<ProviderAnswer>
  /** What the provider once answered to a key; null when it has never heard of it (yet). */
  lookup(key: string): Promise<ProviderAnswer | null>
}
