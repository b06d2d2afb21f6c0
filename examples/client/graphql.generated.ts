// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A postal address given by a client. Every text is at most 200 characters. */
export type AddressInput = {
  /** Full name of the recipient. */
  name: string;
  /** Street and number. */
  line1: string;
  /** Further address line. */
  line2?: string | null | undefined;
  /** City or town. */
  city: string;
  /** State, province or region, where the country uses one. */
  region?: string | null | undefined;
  /** Postal code, where the country uses one. */
  postalCode?: string | null | undefined;
  /** ISO 3166-1 alpha-2 country code in capital letters, for example `DE`. */
  countryCode: string;
  /** Telephone number for the carrier. */
  phone?: string | null | undefined;
};

/** Why an update of the cart was sent. */
export type CartUpdateReason =
  /** The present state: the first message, or a reset. */
  | 'SNAPSHOT'
  /** A line was added or its quantity raised by adding. */
  | 'LINE_ADDED'
  /** The quantity of a line was set. */
  | 'LINE_CHANGED'
  /** A line was removed. */
  | 'LINE_REMOVED'
  /** Destination or way of delivery was set. */
  | 'DESTINATION_CHANGED'
  /** The currency was switched. */
  | 'CURRENCY_CHANGED'
  /** The cart of a guest session came in. */
  | 'MERGED'
  /** The price of a variant in the cart was set anew, in the cart's currency. */
  | 'PRICE_CHANGED'
  /** A variant in the cart was sold out, or is there again. */
  | 'AVAILABILITY_CHANGED'
  /** The cart became an order; the viewer's next cart starts empty. */
  | 'ORDERED'
  /** The cart is no longer the viewer's: it was kept too long without a change, or went into the cart of an account. */
  | 'GONE';

/** Stable codes of refusals: in `userErrors` of mutations, and in `extensions.code` of errors of queries. */
export type ErrorCode =
  /** An argument is malformed or out of bounds; `field` names it. */
  | 'BAD_USER_INPUT'
  /** This cart has already become an order. */
  | 'CART_ALREADY_ORDERED'
  /** The cart has no lines. */
  | 'CART_EMPTY'
  /** Somebody else changed the same thing at the same time; read it again and retry. */
  | 'CONFLICT'
  /** The money given is in another currency than the cart. */
  | 'CURRENCY_MISMATCH'
  /** An account with this e-mail address exists. */
  | 'EMAIL_TAKEN'
  /** The viewer may not do this. */
  | 'FORBIDDEN'
  /** The idempotency key was used before with other input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The current state does not allow this. */
  | 'ILLEGAL_STATE'
  /** E-mail address or password is wrong. */
  | 'INVALID_CREDENTIALS'
  /** The same request is still being worked on; ask again. */
  | 'IN_PROGRESS'
  /** A bound of the shop is reached, for example lines in a cart. */
  | 'LIMIT_EXCEEDED'
  /** There is no such thing, or the viewer may not see it. */
  | 'NOT_FOUND'
  /** The variant has no price in the currency of the cart. */
  | 'NOT_PRICED'
  /** The variant is not for sale. */
  | 'NOT_SOLD'
  /** Not enough units are left. */
  | 'OUT_OF_STOCK'
  /** The password is shorter than 12 characters, longer than 128, or well known. */
  | 'PASSWORD_TOO_WEAK'
  /** The payment provider refused the payment. */
  | 'PAYMENT_DECLINED'
  /** The payment was not settled while the stock was held; nothing was charged. */
  | 'PAYMENT_EXPIRED'
  /** The outcome of the payment is not known yet; watch the order. */
  | 'PAYMENT_PENDING'
  /** The payment provider cannot be reached; nothing was charged. */
  | 'PAYMENT_UNAVAILABLE'
  /** The total differs from the one acknowledged; show the new one to the buyer. */
  | 'PRICE_CHANGED'
  /** Too many requests; slow down. */
  | 'RATE_LIMITED'
  /** The refresh token is unknown, expired or was used before; sign in again. */
  | 'REFRESH_TOKEN_INVALID'
  /** Another variant has this SKU. */
  | 'SKU_TAKEN'
  /** Another product has this slug. */
  | 'SLUG_TAKEN'
  /** The token from a mail is unknown, expired or was used before; ask for a new mail. */
  | 'TOKEN_INVALID'
  /** The operation needs a valid access token. */
  | 'UNAUTHENTICATED'
  /** A part of the shop does not answer; try again. */
  | 'UNAVAILABLE';

/** An amount of money given by a client. More decimal digits than the currency has are refused. */
export type MoneyInput = {
  /** The amount in units of the currency, for example `"12.34"`. */
  amount: string;
  /** The ISO 4217 code of the currency. */
  currencyCode: string;
};

/** What happens to an order. */
export type OrderEventName =
  /** The present state: only in `orderUpdated`, as its first message or a reset. */
  | 'Snapshot'
  /** It was written down. */
  | 'OrderPlaced'
  /** Its units are held. */
  | 'StockHeld'
  /** The payment waits for the buyer, see `Order.payments.nextAction`. */
  | 'PaymentActionRequired'
  /** The payment is authorised. */
  | 'PaymentAuthorized'
  /** Its units are sold to it. */
  | 'StockClaimed'
  /** The payment is captured. */
  | 'PaymentCaptured'
  /** It has its number: paid and sold. */
  | 'OrderConfirmed'
  /** Support gave money back: a part or all of it, see `Order.status` and `Order.payments`. */
  | 'PaymentRefunded'
  /** The payment failed or stock was gone; nothing is charged or held. */
  | 'PaymentFailed'
  /** It was canceled; money and stock went back. */
  | 'OrderCanceled'
  /** An account that has shown to own the e-mail address of the order has it among its own from now on. */
  | 'OrderClaimed';

/** Where an order stands. */
export type OrderStatus =
  /** Written down; stock and payment are being settled, or the buyer has to act. */
  | 'AWAITING_PAYMENT'
  /** Paid and sold. */
  | 'CONFIRMED'
  /** Paid and sold; support gave a part of the money back. */
  | 'PARTIALLY_REFUNDED'
  /** Sold; support gave all of the money back. */
  | 'REFUNDED'
  /** The payment failed or did not come in time, or stock was gone; nothing is charged or held. */
  | 'PAYMENT_FAILED'
  /** Canceled; money and stock went back. */
  | 'CANCELED';

/** How the buyer pays. Card data never comes here: only a provider's token. */
export type PaymentInput = {
  /** Name of the payment provider, for example `sandbox`. */
  provider: string;
  /** Token from the provider, for example `tok_ok`. */
  token: string;
};

/** Where a payment stands. */
export type PaymentStatus =
  /** Written down, or its outcome is not known yet. */
  | 'PENDING'
  /** The buyer has to act, see `nextAction`. */
  | 'REQUIRES_ACTION'
  /** The money is reserved. */
  | 'AUTHORIZED'
  /** A part of the money is taken, the rest is still reserved. */
  | 'PARTIALLY_CAPTURED'
  /** The money is taken: all of it, or a part while the rest was set free. */
  | 'CAPTURED'
  /** The provider refused; see `declineCode`. */
  | 'DECLINED'
  /** Ended before any money was taken. */
  | 'VOIDED'
  /** All captured money went back. */
  | 'REFUNDED';

/** An order to be placed from the viewer's cart. */
export type PlaceOrderInput = {
  /** Key chosen by the client, 1 to 255 characters: the same key always answers with the same order; IN_PROGRESS while the first request with it takes longer than 3 s, PAYMENT_PENDING once the order waits for its payment. */
  idempotencyKey: string;
  /** E-mail address for messages about the order. */
  email: string;
  /** Where it goes. */
  shippingAddress: AddressInput;
  /** Whom it is billed to; the shipping address when absent. */
  billingAddress?: AddressInput | null | undefined;
  /** One of `shippingMethods`; absent: the choice made in the cart, else the cheapest. */
  shippingMethodId?: string | null | undefined;
  /** The total that the buyer saw and agreed to. It is honoured for 15 minutes after the shop last told it, even if prices change; any other total is refused with PRICE_CHANGED. */
  acknowledgedTotal: MoneyInput;
  /** How the buyer pays. */
  payment: PaymentInput;
};

/** What an account may do beyond buying. */
export type Role =
  /** Buys. */
  | 'BUYER'
  /** Sells its own products. */
  | 'SELLER'
  /** Helps buyers: reads orders, refunds. */
  | 'SUPPORT'
  /** May do everything. */
  | 'ADMIN';

/** What kind of viewer asks. */
export type ViewerKind =
  /** No access token: may browse. */
  | 'ANONYMOUS'
  /** A visitor with a session but no account: may also have a cart and order. */
  | 'GUEST'
  /** A signed-in account. */
  | 'USER';

export type AddToCartMutationVariables = Exact<{
  variantId: string;
  quantity: number;
}>;


export type AddToCartMutation = { addCartLine: { cart: { version: number, lines: Array<{ id: string, quantity: number, unitPrice: { amount: string, currencyCode: string } | null, variant: { id: string, sku: string, product: { title: string } } | null }>, totals: { total: { amount: string, currencyCode: string }, rows: Array<{ kind: string, label: string, amount: { amount: string } }> } | null, problems: Array<{ code: ErrorCode, message: string, lineId: string | null }> } | null, userErrors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type BrowseQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type BrowseQuery = { products: { totalCount: number, nodes: Array<{ id: string, title: string, seller: { shopName: string }, variants: Array<{ id: string, sku: string, price: { amount: { amount: string, currencyCode: string } } | null, availability: { left: number } }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CartViewFragment = { version: number, lines: Array<{ id: string, quantity: number, unitPrice: { amount: string, currencyCode: string } | null, variant: { id: string, sku: string, product: { title: string } } | null }>, totals: { total: { amount: string, currencyCode: string }, rows: Array<{ kind: string, label: string, amount: { amount: string } }> } | null, problems: Array<{ code: ErrorCode, message: string, lineId: string | null }> };

export type ContinueAsGuestMutationVariables = Exact<{ [key: string]: never; }>;


export type ContinueAsGuestMutation = { continueAsGuest: { session: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string } | null, viewer: { id: string | null, kind: ViewerKind } | null, userErrors: Array<{ code: ErrorCode, message: string }> } };

export type LiveCartSubscriptionVariables = Exact<{
  after?: number | null | undefined;
}>;


export type LiveCartSubscription = { cartUpdated: { seq: number, reason: CartUpdateReason, cart: { version: number, lines: Array<{ id: string, quantity: number, unitPrice: { amount: string, currencyCode: string } | null, variant: { id: string, sku: string, product: { title: string } } | null }>, totals: { total: { amount: string, currencyCode: string }, rows: Array<{ kind: string, label: string, amount: { amount: string } }> } | null, problems: Array<{ code: ErrorCode, message: string, lineId: string | null }> } | null } };

export type LiveOrderSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type LiveOrderSubscription = { orderUpdated: { seq: number, event: OrderEventName, order: { id: string, number: string | null, status: OrderStatus, lines: Array<{ title: string, quantity: number }>, payments: Array<{ status: PaymentStatus, captured: { amount: string, currencyCode: string } }> | null } } };

export type OrderViewFragment = { id: string, number: string | null, status: OrderStatus, lines: Array<{ title: string, quantity: number }>, payments: Array<{ status: PaymentStatus, captured: { amount: string, currencyCode: string } }> | null };

export type PlaceOrderMutationVariables = Exact<{
  input: PlaceOrderInput;
}>;


export type PlaceOrderMutation = { placeOrder: { order: { id: string, number: string | null, status: OrderStatus, lines: Array<{ title: string, quantity: number }>, payments: Array<{ status: PaymentStatus, captured: { amount: string, currencyCode: string } }> | null } | null, userErrors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type RefreshSessionMutationVariables = Exact<{
  refreshToken: string;
}>;


export type RefreshSessionMutation = { refreshSession: { session: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string } | null, userErrors: Array<{ code: ErrorCode, message: string }> } };

export type SetDestinationMutationVariables = Exact<{
  address: AddressInput;
}>;


export type SetDestinationMutation = { setCartDestination: { cart: { version: number, lines: Array<{ id: string, quantity: number, unitPrice: { amount: string, currencyCode: string } | null, variant: { id: string, sku: string, product: { title: string } } | null }>, totals: { total: { amount: string, currencyCode: string }, rows: Array<{ kind: string, label: string, amount: { amount: string } }> } | null, problems: Array<{ code: ErrorCode, message: string, lineId: string | null }> } | null, userErrors: Array<{ code: ErrorCode, message: string, field: Array<string> | null }> } };

export type SignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string } | null, viewer: { id: string | null, kind: ViewerKind, name: string | null, roles: Array<Role> } | null, userErrors: Array<{ code: ErrorCode, message: string }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CartViewFragmentDoc = new TypedDocumentString(`
    fragment CartView on Cart {
  version
  lines {
    id
    quantity
    unitPrice {
      amount
      currencyCode
    }
    variant {
      id
      sku
      product {
        title
      }
    }
  }
  totals {
    total {
      amount
      currencyCode
    }
    rows {
      kind
      label
      amount {
        amount
      }
    }
  }
  problems {
    code
    message
    lineId
  }
}
    `, {"fragmentName":"CartView"}) as unknown as TypedDocumentString<CartViewFragment, unknown>;
export const OrderViewFragmentDoc = new TypedDocumentString(`
    fragment OrderView on Order {
  id
  number
  status
  lines {
    title
    quantity
  }
  payments {
    status
    captured {
      amount
      currencyCode
    }
  }
}
    `, {"fragmentName":"OrderView"}) as unknown as TypedDocumentString<OrderViewFragment, unknown>;
export const AddToCartDocument = new TypedDocumentString(`
    mutation AddToCart($variantId: ID!, $quantity: Int!) {
  addCartLine(input: {variantId: $variantId, quantity: $quantity}) {
    cart {
      ...CartView
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment CartView on Cart {
  version
  lines {
    id
    quantity
    unitPrice {
      amount
      currencyCode
    }
    variant {
      id
      sku
      product {
        title
      }
    }
  }
  totals {
    total {
      amount
      currencyCode
    }
    rows {
      kind
      label
      amount {
        amount
      }
    }
  }
  problems {
    code
    message
    lineId
  }
}`) as unknown as TypedDocumentString<AddToCartMutation, AddToCartMutationVariables>;
export const BrowseDocument = new TypedDocumentString(`
    query Browse($first: Int! = 10, $after: String) {
  products(first: $first, after: $after) {
    totalCount
    nodes {
      id
      title
      seller {
        shopName
      }
      variants {
        id
        sku
        price {
          amount {
            amount
            currencyCode
          }
        }
        availability {
          left
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<BrowseQuery, BrowseQueryVariables>;
export const ContinueAsGuestDocument = new TypedDocumentString(`
    mutation ContinueAsGuest {
  continueAsGuest {
    session {
      accessToken
      accessTokenExpiresAt
      refreshToken
    }
    viewer {
      id
      kind
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ContinueAsGuestMutation, ContinueAsGuestMutationVariables>;
export const LiveCartDocument = new TypedDocumentString(`
    subscription LiveCart($after: Int) {
  cartUpdated(after: $after) {
    seq
    reason
    cart {
      ...CartView
    }
  }
}
    fragment CartView on Cart {
  version
  lines {
    id
    quantity
    unitPrice {
      amount
      currencyCode
    }
    variant {
      id
      sku
      product {
        title
      }
    }
  }
  totals {
    total {
      amount
      currencyCode
    }
    rows {
      kind
      label
      amount {
        amount
      }
    }
  }
  problems {
    code
    message
    lineId
  }
}`) as unknown as TypedDocumentString<LiveCartSubscription, LiveCartSubscriptionVariables>;
export const LiveOrderDocument = new TypedDocumentString(`
    subscription LiveOrder($id: ID!, $after: Int) {
  orderUpdated(id: $id, after: $after) {
    seq
    event
    order {
      ...OrderView
    }
  }
}
    fragment OrderView on Order {
  id
  number
  status
  lines {
    title
    quantity
  }
  payments {
    status
    captured {
      amount
      currencyCode
    }
  }
}`) as unknown as TypedDocumentString<LiveOrderSubscription, LiveOrderSubscriptionVariables>;
export const PlaceOrderDocument = new TypedDocumentString(`
    mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      ...OrderView
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment OrderView on Order {
  id
  number
  status
  lines {
    title
    quantity
  }
  payments {
    status
    captured {
      amount
      currencyCode
    }
  }
}`) as unknown as TypedDocumentString<PlaceOrderMutation, PlaceOrderMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($refreshToken: String!) {
  refreshSession(input: {refreshToken: $refreshToken}) {
    session {
      accessToken
      accessTokenExpiresAt
      refreshToken
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const SetDestinationDocument = new TypedDocumentString(`
    mutation SetDestination($address: AddressInput!) {
  setCartDestination(input: {shippingAddress: $address}) {
    cart {
      ...CartView
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment CartView on Cart {
  version
  lines {
    id
    quantity
    unitPrice {
      amount
      currencyCode
    }
    variant {
      id
      sku
      product {
        title
      }
    }
  }
  totals {
    total {
      amount
      currencyCode
    }
    rows {
      kind
      label
      amount {
        amount
      }
    }
  }
  problems {
    code
    message
    lineId
  }
}`) as unknown as TypedDocumentString<SetDestinationMutation, SetDestinationMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    session {
      accessToken
      accessTokenExpiresAt
      refreshToken
    }
    viewer {
      id
      kind
      name
      roles
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;