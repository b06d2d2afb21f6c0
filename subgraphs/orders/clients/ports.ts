import type { Address } from '#kernel/address.ts'
import type { Problem } from '#kernel/errors.ts'
import type { Money } from '#kernel/money.ts'
import type { Order, Part, Totals } from '../domain/order.ts'

/** A cart that is about to be ordered. */
export interface CheckoutCart {
  readonly id: string
  readonly currency: string
  readonly shippingMethodId: string | null
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
}

export interface CartsClient {
  forCheckout(ownerId: string, guestId: string | null): Promise<CheckoutCart | null>
  /** Problems when it is refused; repeating it changes nothing. */
  close(cartId: string, orderId: string): Promise<readonly Problem[]>
}

export interface CatalogueVariant {
  readonly sku: string
  readonly title: string
  readonly product: { readonly title: string }
  readonly sellerId: string
  readonly isSold: boolean
  /** Most units in one order; null: no limit of its own. */
  readonly maxPerOrder: number | null
  /** What a bundle is made of; empty for everything else. */
  readonly parts: readonly Part[]
}

export interface CatalogueClient {
  /** In the order asked, null where there is none. */
  variants(ids: readonly string[]): Promise<readonly (CatalogueVariant | null)[]>
}

export interface Demanded {
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  readonly destination: Address
  readonly shippingMethodId: string | null
  readonly currency: string
  /** A valid quote of this total is given again, though prices have changed. */
  readonly acknowledgedTotal: Money
}

export interface PricedLine {
  readonly unitPrice: Money
  readonly tax: Money
  readonly total: Money
}

export interface PricedOrder extends Totals {
  /** In the order of the lines asked for. */
  readonly lines: readonly PricedLine[]
  readonly shippingMethod: string
}

export interface PricesClient {
  quote(demanded: Demanded): Promise<{ readonly quote: PricedOrder | null; readonly problems: readonly Problem[] }>
}

/** Every command is idempotent by order; what it returns are the problems when it is refused. */
export interface StockClient {
  hold(order: Order): Promise<readonly Problem[]>
  claim(order: Order): Promise<readonly Problem[]>
  release(order: Order): Promise<readonly Problem[]>
  restock(order: Order): Promise<readonly Problem[]>
}

export interface PaymentAnswer {
  readonly status: string | null
  readonly problems: readonly Problem[]
}

/** Every command is idempotent by order. */
export interface PaymentsClient {
  /** Names of the providers that may be named. */
  providers(): Promise<readonly string[]>
  authorize(order: Order): Promise<PaymentAnswer>
  capture(orderId: string): Promise<PaymentAnswer>
  cancel(orderId: string): Promise<PaymentAnswer>
}

/** What an account may claim: its normalised address, and the guests that have signed in to it. */
export interface ProvedBuyer {
  readonly email: string
  readonly guestIds: readonly string[]
}

export interface BuyersClient {
  /** Null unless the owner of the account has proved to receive mail at its address. */
  proved(accountId: string): Promise<ProvedBuyer | null>
}

/** The siblings that a checkout needs. All calls throw ShopError UNAVAILABLE when there is no answer in time. */
export interface Siblings {
  readonly carts: CartsClient
  readonly catalogue: CatalogueClient
  readonly prices: PricesClient
  readonly stock: StockClient
  readonly payments: PaymentsClient
  readonly buyers: BuyersClient
}
