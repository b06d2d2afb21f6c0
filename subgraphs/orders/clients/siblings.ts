import type { Problem } from '#kernel/errors.ts'
import { fromWire, type Money, toWire, type WireMoney } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { demandOf, type Order, type StepName } from '../domain/order.ts'
import * as documents from './documents.ts'
import type {
  BuyersClient,
  CartsClient,
  CatalogueClient,
  CatalogueVariant,
  CheckoutCart,
  PaymentAnswer,
  PaymentsClient,
  PricedLine,
  PricedOrder,
  PricesClient,
  ProvedBuyer,
  Siblings,
  StockClient,
} from './ports.ts'

interface WireProblem {
  readonly code: Problem['code']
  readonly message: string
  readonly field: readonly string[] | null
}

const toProblems = (errors: readonly WireProblem[]): Problem[] =>
  errors.map(({ code, message, field }) => ({ code, message, ...(field && { field }) }))

export const makeCartsClient = (call: SubgraphCaller): CartsClient => ({
  forCheckout: async (ownerId, guestId) => {
    const operation = { query: documents.cartForCheckout, variables: { ownerId, guestId } }
    return (await call<{ cartForCheckout: CheckoutCart | null }>('cart', operation)).cartForCheckout
  },
  close: async (cartId, orderId) => {
    const operation = { query: documents.closeCart, variables: { input: { cartId, orderId } } }
    return toProblems(
      (await call<{ closeCart: { userErrors: WireProblem[] } }>('cart', operation)).closeCart.userErrors,
    )
  },
})

interface WireVariant extends Omit<CatalogueVariant, 'parts'> {
  readonly parts: readonly { readonly variant: { readonly id: string } | null; readonly quantity: number }[]
}

/** A bundle with a part that is not there cannot be sold. */
const toCatalogueVariant = ({ parts, ...variant }: WireVariant): CatalogueVariant => ({
  ...variant,
  isSold: variant.isSold && parts.every((part) => part.variant !== null),
  parts: parts.flatMap(({ variant: part, quantity }) => (part ? [{ variantId: part.id, quantity }] : [])),
})

export const makeCatalogueClient = (call: SubgraphCaller): CatalogueClient => ({
  variants: async (ids) => {
    const operation = { query: documents.variants, variables: { ids } }
    const { variants } = await call<{ variants: (WireVariant | null)[] }>('products', operation)
    return variants.map((variant) => variant && toCatalogueVariant(variant))
  },
})

type Wired<T> = { readonly [part in keyof T]: T[part] extends Money ? WireMoney : T[part] }

interface WireQuote extends Wired<Omit<PricedOrder, 'lines' | 'shippingMethod'>> {
  readonly lines: readonly Wired<PricedLine>[]
  readonly shippingMethod: { readonly name: string } | null
}

const toPricedLine = ({ unitPrice, tax, total }: Wired<PricedLine>): PricedLine => ({
  unitPrice: fromWire(unitPrice),
  tax: fromWire(tax),
  total: fromWire(total),
})

const toPricedOrder = (quote: WireQuote): PricedOrder => ({
  lines: quote.lines.map(toPricedLine),
  subtotal: fromWire(quote.subtotal),
  discount: fromWire(quote.discount),
  shipping: fromWire(quote.shipping),
  tax: fromWire(quote.tax),
  taxIncluded: quote.taxIncluded,
  total: fromWire(quote.total),
  shippingMethod: quote.shippingMethod?.name ?? '',
})

export const makePricesClient = (call: SubgraphCaller): PricesClient => ({
  quote: async ({ acknowledgedTotal, ...input }) => {
    const variables = { input, acknowledgedTotal: toWire(acknowledgedTotal) }
    const operation = { query: documents.quote, variables }
    const { tryQuote } = await call<{ tryQuote: { quote: WireQuote | null; userErrors: WireProblem[] } }>(
      'pricing',
      operation,
    )
    return { quote: tryQuote.quote && toPricedOrder(tryQuote.quote), problems: toProblems(tryQuote.userErrors) }
  },
})

const isDone = (order: Order, name: StepName): boolean =>
  order.steps.some((step) => step.name === name && step.status === 'DONE')

export const makeStockClient = (call: SubgraphCaller): StockClient => {
  const ask = async (query: string, input: object): Promise<readonly Problem[]> => {
    const operation = { query, variables: { input } }
    const { stock } = await call<{ stock: { userErrors: WireProblem[] } }>('products', operation)
    return toProblems(stock.userErrors)
  }
  const ofOrder = (query: string) => (order: Order) => ask(query, { orderId: order._id, lines: demandOf(order) })
  return {
    hold: (order) =>
      ask(documents.holdStock, {
        orderId: order._id,
        lines: demandOf(order),
        expiresAt: new Date(order.expiresAt).toISOString(),
      }),
    claim: ofOrder(documents.claimStock),
    release: ofOrder(documents.releaseStock),
    restock: (order) =>
      ask(documents.restockStock, {
        orderId: order._id,
        lines: demandOf(order),
        claimed: isDone(order, 'CLAIM_STOCK'),
      }),
  }
}

/** `timeoutMs`: a payment may take as long as its provider. */
export const makePaymentsClient = (call: SubgraphCaller, timeoutMs: Millis): PaymentsClient => {
  const ask = async (query: string, input: object): Promise<PaymentAnswer> => {
    const operation = { query, variables: { input }, timeoutMs }
    const { answer } = await call<{ answer: { payment: { status: string } | null; userErrors: WireProblem[] } }>(
      'payments',
      operation,
    )
    return { status: answer.payment?.status ?? null, problems: toProblems(answer.userErrors) }
  }
  return {
    providers: async () => {
      const operation = { query: documents.paymentProviders }
      return (await call<{ paymentProviders: string[] }>('payments', operation)).paymentProviders
    },
    authorize: ({ _id, ownerId, claimedBy, totals, payment }) =>
      ask(documents.authorizePayment, {
        orderId: _id,
        ownerId,
        claimedBy,
        amount: toWire(totals.total),
        provider: payment.provider,
        token: payment.token,
        clientAddress: payment.clientAddress,
      }),
    capture: (orderId) => ask(documents.capturePayment, { orderId }),
    cancel: (orderId) => ask(documents.cancelPayment, { orderId }),
  }
}

export const makeBuyersClient = (call: SubgraphCaller): BuyersClient => ({
  proved: async (accountId) => {
    const operation = { query: documents.provedBuyer, variables: { accountId } }
    return (await call<{ provedBuyer: ProvedBuyer | null }>('users', operation)).provedBuyer
  },
})

export const makeSiblings = (call: SubgraphCaller, checkoutTimeoutMs: Millis): Siblings => ({
  carts: makeCartsClient(call),
  catalogue: makeCatalogueClient(call),
  prices: makePricesClient(call),
  stock: makeStockClient(call),
  payments: makePaymentsClient(call, checkoutTimeoutMs),
  buyers: makeBuyersClient(call),
})
