// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Order as OrderParent, Payment as PaymentParent, PaymentTransaction as PaymentTransactionParent, PaymentDifference as PaymentDifferenceParent, PaymentDifferenceConnection as PaymentDifferenceConnectionParent, PaymentSums as PaymentSumsParent, BookComparison as BookComparisonParent, Context } from './parents.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  FieldSet: { input: string; output: string; }
  federation__Scope: { input: string; output: string; }
  /** A moment in UTC, ISO 8601 with milliseconds, for example `2026-11-22T09:30:00.000Z`. */
  DateTime: { input: number; output: number; }
  /** A decimal number as a string, for example `"12.34"`: money never travels as a float. */
  Decimal: { input: string; output: string; }
  /** An ISO 4217 currency code in capital letters, for example `EUR`. */
  CurrencyCode: { input: string; output: string; }
};

/** An amount of money. `amount` has exactly as many decimal digits as the currency (EUR 2, JPY 0, KWD 3). */
export type Money = {
  __typename?: 'Money';
  /** The amount in units of the currency, for example `"12.34"`. */
  amount: Scalars['Decimal']['output'];
  /** The ISO 4217 code of the currency. */
  currencyCode: Scalars['CurrencyCode']['output'];
};

/** An amount of money given by a client. More decimal digits than the currency has are refused. */
export type MoneyInput = {
  /** The amount in units of the currency, for example `"12.34"`. */
  amount: Scalars['Decimal']['input'];
  /** The ISO 4217 code of the currency. */
  currencyCode: Scalars['CurrencyCode']['input'];
};

/** Where a page lies in its list (Relay). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** There are items after this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** There are items before this page. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item of the page; null when the page is empty. */
  startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last item of the page, to be passed as `after`; null when the page is empty. */
  endCursor?: Maybe<Scalars['String']['output']>;
};

/** A postal address. */
export type Address = {
  __typename?: 'Address';
  /** Full name of the recipient. */
  name: Scalars['String']['output'];
  /** Street and number. */
  line1: Scalars['String']['output'];
  /** Further address line. */
  line2?: Maybe<Scalars['String']['output']>;
  /** City or town. */
  city: Scalars['String']['output'];
  /** State, province or region, where the country uses one. */
  region?: Maybe<Scalars['String']['output']>;
  /** Postal code, where the country uses one. */
  postalCode?: Maybe<Scalars['String']['output']>;
  /** ISO 3166-1 alpha-2 country code in capital letters, for example `DE`. */
  countryCode: Scalars['String']['output'];
  /** Telephone number for the carrier. */
  phone?: Maybe<Scalars['String']['output']>;
};

/** A postal address given by a client. Every text is at most 200 characters. */
export type AddressInput = {
  /** Full name of the recipient. */
  name: Scalars['String']['input'];
  /** Street and number. */
  line1: Scalars['String']['input'];
  /** Further address line. */
  line2?: InputMaybe<Scalars['String']['input']>;
  /** City or town. */
  city: Scalars['String']['input'];
  /** State, province or region, where the country uses one. */
  region?: InputMaybe<Scalars['String']['input']>;
  /** Postal code, where the country uses one. */
  postalCode?: InputMaybe<Scalars['String']['input']>;
  /** ISO 3166-1 alpha-2 country code in capital letters, for example `DE`. */
  countryCode: Scalars['String']['input'];
  /** Telephone number for the carrier. */
  phone?: InputMaybe<Scalars['String']['input']>;
};

/** Why a mutation did not do what was asked. Nothing was changed unless the payload shows it. */
export type UserError = {
  __typename?: 'UserError';
  /** Stable code to branch on. */
  code: ErrorCode;
  /** A sentence in English for developers; not meant for buyers. */
  message: Scalars['String']['output'];
  /** Path of the argument at fault, for example `["input", "quantity"]`; null when no single one is. */
  field?: Maybe<Array<Scalars['String']['output']>>;
};

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

export type Query = {
  __typename?: 'Query';
  /** One payment that the viewer may see. Null otherwise. */
  payment?: Maybe<Payment>;
  /** Names of the providers that `PaymentInput.provider` may name. */
  paymentProviders: Array<Scalars['String']['output']>;
  /** Payments of which our books and the provider's say different things, last found first. For administrators. */
  paymentDifferences: PaymentDifferenceConnection;
  /** How far the books of each provider were compared with ours. For administrators. */
  bookComparisons: Array<BookComparison>;
};


export type QueryPaymentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPaymentDifferencesArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  mended: Scalars['Boolean']['input'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Goes on with a payment that waits for the buyer, after the buyer did what `nextAction` asks. Repeating it changes nothing. */
  confirmPayment: PaymentPayload;
  /** Gives captured money back, whole or in part. The same key never refunds twice. For support and admins. */
  refundPayment: PaymentPayload;
  /** Writes down the intent to pay an order and authorises it. Repeating it for the same order continues the same payment. For the orders service. */
  authorizePayment: PaymentPayload;
  /** Captures the whole authorised amount. Repeating it changes nothing. For the orders service. */
  capturePayment: PaymentPayload;
  /** Captures a part of the authorised amount; the rest stays reserved. The same key never captures twice. For the orders service. */
  capturePaymentPart: PaymentPayload;
  /** Sets free what is authorised and not captured; what is captured stays. Repeating it changes nothing. For the orders service. */
  releasePayment: PaymentPayload;
  /** Takes in a webhook of a payment provider, over its raw body. One that repeats another, is early or is stale changes nothing. For the gateway. */
  receivePaymentWebhook: ReceivePaymentWebhookPayload;
  /** Ends a payment: voids what is authorised, refunds what is captured. Repeating it changes nothing. For the orders service. */
  cancelPayment: PaymentPayload;
};


export type MutationConfirmPaymentArgs = {
  input: ConfirmPaymentInput;
};


export type MutationRefundPaymentArgs = {
  input: RefundPaymentInput;
};


export type MutationAuthorizePaymentArgs = {
  input: AuthorizePaymentInput;
};


export type MutationCapturePaymentArgs = {
  input: PaymentOfOrderInput;
};


export type MutationCapturePaymentPartArgs = {
  input: CapturePaymentPartInput;
};


export type MutationReleasePaymentArgs = {
  input: PaymentOfOrderInput;
};


export type MutationReceivePaymentWebhookArgs = {
  input: ReceivePaymentWebhookInput;
};


export type MutationCancelPaymentArgs = {
  input: PaymentOfOrderInput;
};

/** An order, with its payments. */
export type Order = {
  __typename?: 'Order';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Its payments, oldest first; empty when the viewer may not see them. Null, with an UNAVAILABLE error at this path, while they cannot be read: the order is told without them. */
  payments?: Maybe<Array<Payment>>;
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

/** What kind of movement a transaction is. */
export type TransactionKind =
  /** Money was reserved. */
  | 'AUTHORIZE'
  /** Reserved money was taken. */
  | 'CAPTURE'
  /** Reserved money was set free. */
  | 'VOID'
  /** Taken money went back. */
  | 'REFUND';

/** One order's way of paying. Balances derive from its transactions. */
export type Payment = {
  __typename?: 'Payment';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Where it stands. */
  status: PaymentStatus;
  /** What is to be paid. */
  amount: Money;
  /** Sum of the captures. */
  captured: Money;
  /** Sum of the refunds. */
  refunded: Money;
  /** Name of the provider. */
  provider: Scalars['String']['output'];
  /** The provider's own id; null until it answered. */
  reference?: Maybe<Scalars['String']['output']>;
  /** What the buyer has to do; null when nothing. */
  nextAction?: Maybe<PaymentAction>;
  /** Why the provider refused, for example `insufficient_funds`. */
  declineCode?: Maybe<Scalars['String']['output']>;
  /** The ledger, oldest first; entries are never changed. */
  transactions: Array<PaymentTransaction>;
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
};

/** Something the buyer has to do at the provider, such as 3-D Secure. */
export type PaymentAction = {
  __typename?: 'PaymentAction';
  /** Kind of action, for example `REDIRECT`. */
  kind: Scalars['String']['output'];
  /** Where to do it. */
  url: Scalars['String']['output'];
};

/** A movement of money. */
export type PaymentTransaction = {
  __typename?: 'PaymentTransaction';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** What kind of movement. */
  kind: TransactionKind;
  /** How much. */
  amount: Money;
  /** When. */
  at: Scalars['DateTime']['output'];
};

/** What sets our books and those of a provider apart. */
export type PaymentDifferenceReason =
  /** Both know the payment, and their sums differ. */
  | 'SUMS_DIFFER'
  /** We have booked money of which the provider knows nothing. */
  | 'UNKNOWN_TO_PROVIDER'
  /** The provider has booked money for a payment that we do not know. */
  | 'UNKNOWN_TO_US';

/** Sums of what was done with the money of one payment. */
export type PaymentSums = {
  __typename?: 'PaymentSums';
  /** Reserved, whatever became of it. */
  authorized: Money;
  /** Taken. */
  captured: Money;
  /** Set free again. */
  released: Money;
  /** Given back. */
  refunded: Money;
};

/** A payment of which our books and the provider's say different things. */
export type PaymentDifference = {
  __typename?: 'PaymentDifference';
  /** Id of the payment. */
  id: Scalars['ID']['output'];
  /** The payment; null when we do not know it. */
  payment?: Maybe<Payment>;
  /** Name of the provider. */
  provider: Scalars['String']['output'];
  /** What sets the books apart. */
  reason: PaymentDifferenceReason;
  /** What our ledger says now; null when we do not know the payment. */
  ours?: Maybe<PaymentSums>;
  /** What the provider said when they were last compared; null when it did not know the payment. */
  theirs?: Maybe<PaymentSums>;
  /** When it was found first. */
  foundAt: Scalars['DateTime']['output'];
  /** When both said the same again; null while it stands. */
  mendedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A page of differences. */
export type PaymentDifferenceConnection = {
  __typename?: 'PaymentDifferenceConnection';
  /** The items with their cursors. */
  edges: Array<PaymentDifferenceEdge>;
  /** The items. */
  nodes: Array<PaymentDifference>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** Number of differences that stand, or were mended. */
  totalCount: Scalars['Int']['output'];
};

/** An item of a page of differences. */
export type PaymentDifferenceEdge = {
  __typename?: 'PaymentDifferenceEdge';
  /** Position in the list, for `after`. */
  cursor: Scalars['String']['output'];
  /** The difference. */
  node: PaymentDifference;
};

/** How far the books of a provider were compared with ours; that happens every 15 s. */
export type BookComparison = {
  __typename?: 'BookComparison';
  /** Name of the provider. */
  provider: Scalars['String']['output'];
  /** What we have booked up to this time was compared; null while nothing was. */
  comparedUntil?: Maybe<Scalars['DateTime']['output']>;
  /** When the last round ended; null before the first. A round that the provider does not answer does not end. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** The payment to go on with. */
export type ConfirmPaymentInput = {
  /** The payment. */
  paymentId: Scalars['ID']['input'];
};

/** Money to give back. */
export type RefundPaymentInput = {
  /** The payment. */
  paymentId: Scalars['ID']['input'];
  /** How much: more than zero, in the payment's currency, at most what is captured and not yet refunded. */
  amount: MoneyInput;
  /** Key chosen by the client, 1 to 255 characters: the same key never refunds twice. */
  idempotencyKey: Scalars['String']['input'];
};

/** A payment for an order. */
export type AuthorizePaymentInput = {
  /** The order, which is the key of the payment. */
  orderId: Scalars['ID']['input'];
  /** The buyer, who may see the payment. */
  ownerId: Scalars['ID']['input'];
  /** The account that has claimed the order of a guest, and may see the payment too. */
  claimedBy?: InputMaybe<Scalars['ID']['input']>;
  /** How much. */
  amount: MoneyInput;
  /** Name of the provider. */
  provider: Scalars['String']['input'];
  /** The provider's token for the buyer's means of payment; card data is refused. */
  token: Scalars['String']['input'];
  /** The network address of the buyer, to slow down whoever tries out cards; null when it is not known. */
  clientAddress?: InputMaybe<Scalars['String']['input']>;
};

/** A part to capture. */
export type CapturePaymentPartInput = {
  /** The order whose payment is meant. */
  orderId: Scalars['ID']['input'];
  /** How much: more than zero, in the payment's currency, at most what is still reserved. */
  amount: MoneyInput;
  /** Key of the part, unique for the order: the same key never captures twice. */
  idempotencyKey: Scalars['String']['input'];
};

/** A webhook as it came. */
export type ReceivePaymentWebhookInput = {
  /** Name of the provider. */
  provider: Scalars['String']['input'];
  /** The raw body. */
  body: Scalars['String']['input'];
  /** The header with the signature. */
  signature: Scalars['String']['input'];
};

/** The order whose payment is meant. */
export type PaymentOfOrderInput = {
  /** The order. */
  orderId: Scalars['ID']['input'];
};

/** Answer of every mutation of a payment. */
export type PaymentPayload = {
  __typename?: 'PaymentPayload';
  /** The payment as it stands now; null when there is none. */
  payment?: Maybe<Payment>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Whether a webhook was taken in. */
export type ReceivePaymentWebhookPayload = {
  __typename?: 'ReceivePaymentWebhookPayload';
  /** True: the provider need not send it again. */
  received: Scalars['Boolean']['output'];
  /** Why it was refused; empty when it was taken in. */
  userErrors: Array<UserError>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  Payment: Payment;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Payment:
    ( { __typename: 'Payment' }
    & GraphQLRecursivePick<FederationTypes['Payment'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  FieldSet: ResolverTypeWrapper<Scalars['FieldSet']['output']>;
  federation__Scope: ResolverTypeWrapper<Scalars['federation__Scope']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Address: ResolverTypeWrapper<Address>;
  AddressInput: AddressInput;
  UserError: ResolverTypeWrapper<UserError>;
  ErrorCode: ErrorCode;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<OrderParent>;
  PaymentStatus: PaymentStatus;
  TransactionKind: TransactionKind;
  Payment: ResolverTypeWrapper<PaymentParent>;
  PaymentAction: ResolverTypeWrapper<PaymentAction>;
  PaymentTransaction: ResolverTypeWrapper<PaymentTransactionParent>;
  PaymentDifferenceReason: PaymentDifferenceReason;
  PaymentSums: ResolverTypeWrapper<PaymentSumsParent>;
  PaymentDifference: ResolverTypeWrapper<PaymentDifferenceParent>;
  PaymentDifferenceConnection: ResolverTypeWrapper<PaymentDifferenceConnectionParent>;
  PaymentDifferenceEdge: ResolverTypeWrapper<Omit<PaymentDifferenceEdge, 'node'> & { node: ResolversTypes['PaymentDifference'] }>;
  BookComparison: ResolverTypeWrapper<BookComparisonParent>;
  ConfirmPaymentInput: ConfirmPaymentInput;
  RefundPaymentInput: RefundPaymentInput;
  AuthorizePaymentInput: AuthorizePaymentInput;
  CapturePaymentPartInput: CapturePaymentPartInput;
  ReceivePaymentWebhookInput: ReceivePaymentWebhookInput;
  PaymentOfOrderInput: PaymentOfOrderInput;
  PaymentPayload: ResolverTypeWrapper<Omit<PaymentPayload, 'payment'> & { payment?: Maybe<ResolversTypes['Payment']> }>;
  ReceivePaymentWebhookPayload: ResolverTypeWrapper<ReceivePaymentWebhookPayload>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  FieldSet: Scalars['FieldSet']['output'];
  federation__Scope: Scalars['federation__Scope']['output'];
  DateTime: Scalars['DateTime']['output'];
  Decimal: Scalars['Decimal']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  Money: Money;
  MoneyInput: MoneyInput;
  PageInfo: PageInfo;
  Address: Address;
  AddressInput: AddressInput;
  UserError: UserError;
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  Order: OrderParent;
  Payment: PaymentParent;
  PaymentAction: PaymentAction;
  PaymentTransaction: PaymentTransactionParent;
  PaymentSums: PaymentSumsParent;
  PaymentDifference: PaymentDifferenceParent;
  PaymentDifferenceConnection: PaymentDifferenceConnectionParent;
  PaymentDifferenceEdge: Omit<PaymentDifferenceEdge, 'node'> & { node: ResolversParentTypes['PaymentDifference'] };
  BookComparison: BookComparisonParent;
  ConfirmPaymentInput: ConfirmPaymentInput;
  RefundPaymentInput: RefundPaymentInput;
  AuthorizePaymentInput: AuthorizePaymentInput;
  CapturePaymentPartInput: CapturePaymentPartInput;
  ReceivePaymentWebhookInput: ReceivePaymentWebhookInput;
  PaymentOfOrderInput: PaymentOfOrderInput;
  PaymentPayload: Omit<PaymentPayload, 'payment'> & { payment?: Maybe<ResolversParentTypes['Payment']> };
  ReceivePaymentWebhookPayload: ReceivePaymentWebhookPayload;
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
};

export type ShareableDirectiveArgs = { };

export type ShareableDirectiveResolver<Result, Parent, ContextType = Context, Args = ShareableDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type InaccessibleDirectiveArgs = { };

export type InaccessibleDirectiveResolver<Result, Parent, ContextType = Context, Args = InaccessibleDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AuthenticatedDirectiveArgs = { };

export type AuthenticatedDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthenticatedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type RequiresScopesDirectiveArgs = {
  scopes: Array<Array<Scalars['federation__Scope']['input']>>;
};

export type RequiresScopesDirectiveResolver<Result, Parent, ContextType = Context, Args = RequiresScopesDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CostDirectiveArgs = {
  weight: Scalars['Int']['input'];
};

export type CostDirectiveResolver<Result, Parent, ContextType = Context, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
  slicingArguments?: Maybe<Array<Scalars['String']['input']>>;
  sizedFields?: Maybe<Array<Scalars['String']['input']>>;
  requireOneSlicingArgument?: Maybe<Scalars['Boolean']['input']>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = Context, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type TagDirectiveArgs = {
  name: Scalars['String']['input'];
};

export type TagDirectiveResolver<Result, Parent, ContextType = Context, Args = TagDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type LinkDirectiveArgs = {
  url: Scalars['String']['input'];
  import?: Maybe<Array<Scalars['String']['input']>>;
};

export type LinkDirectiveResolver<Result, Parent, ContextType = Context, Args = LinkDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface FieldSetScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['FieldSet'], any> {
  name: 'FieldSet';
}

export interface Federation__ScopeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['federation__Scope'], any> {
  name: 'federation__Scope';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Address'] = ResolversParentTypes['Address']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line1?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line2?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  city?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  postalCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  countryCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<QueryPaymentArgs, 'id'>>;
  paymentProviders?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  paymentDifferences?: Resolver<ResolversTypes['PaymentDifferenceConnection'], ParentType, ContextType, RequireFields<QueryPaymentDifferencesArgs, 'first' | 'mended'>>;
  bookComparisons?: Resolver<Array<ResolversTypes['BookComparison']>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  confirmPayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationConfirmPaymentArgs, 'input'>>;
  refundPayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationRefundPaymentArgs, 'input'>>;
  authorizePayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationAuthorizePaymentArgs, 'input'>>;
  capturePayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationCapturePaymentArgs, 'input'>>;
  capturePaymentPart?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationCapturePaymentPartArgs, 'input'>>;
  releasePayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationReleasePaymentArgs, 'input'>>;
  receivePaymentWebhook?: Resolver<ResolversTypes['ReceivePaymentWebhookPayload'], ParentType, ContextType, RequireFields<MutationReceivePaymentWebhookArgs, 'input'>>;
  cancelPayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationCancelPaymentArgs, 'input'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  payments?: Resolver<Maybe<Array<ResolversTypes['Payment']>>, ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment'], FederationReferenceType extends FederationReferenceTypes['Payment'] = FederationReferenceTypes['Payment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Payment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  captured?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  refunded?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nextAction?: Resolver<Maybe<ResolversTypes['PaymentAction']>, ParentType, ContextType>;
  declineCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  transactions?: Resolver<Array<ResolversTypes['PaymentTransaction']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PaymentActionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentAction'] = ResolversParentTypes['PaymentAction']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PaymentTransactionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentTransaction'] = ResolversParentTypes['PaymentTransaction']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TransactionKind'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PaymentSumsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentSums'] = ResolversParentTypes['PaymentSums']> = {
  authorized?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  captured?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  released?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  refunded?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type PaymentDifferenceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDifference'] = ResolversParentTypes['PaymentDifference']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['PaymentDifferenceReason'], ParentType, ContextType>;
  ours?: Resolver<Maybe<ResolversTypes['PaymentSums']>, ParentType, ContextType>;
  theirs?: Resolver<Maybe<ResolversTypes['PaymentSums']>, ParentType, ContextType>;
  foundAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  mendedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type PaymentDifferenceConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDifferenceConnection'] = ResolversParentTypes['PaymentDifferenceConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PaymentDifferenceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['PaymentDifference']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PaymentDifferenceEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDifferenceEdge'] = ResolversParentTypes['PaymentDifferenceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PaymentDifference'], ParentType, ContextType>;
};

export type BookComparisonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookComparison'] = ResolversParentTypes['BookComparison']> = {
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  comparedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type PaymentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentPayload'] = ResolversParentTypes['PaymentPayload']> = {
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReceivePaymentWebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReceivePaymentWebhookPayload'] = ResolversParentTypes['ReceivePaymentWebhookPayload']> = {
  received?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  FieldSet?: GraphQLScalarType;
  federation__Scope?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  CurrencyCode?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Address?: AddressResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PaymentAction?: PaymentActionResolvers<ContextType>;
  PaymentTransaction?: PaymentTransactionResolvers<ContextType>;
  PaymentSums?: PaymentSumsResolvers<ContextType>;
  PaymentDifference?: PaymentDifferenceResolvers<ContextType>;
  PaymentDifferenceConnection?: PaymentDifferenceConnectionResolvers<ContextType>;
  PaymentDifferenceEdge?: PaymentDifferenceEdgeResolvers<ContextType>;
  BookComparison?: BookComparisonResolvers<ContextType>;
  PaymentPayload?: PaymentPayloadResolvers<ContextType>;
  ReceivePaymentWebhookPayload?: ReceivePaymentWebhookPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  inaccessible?: InaccessibleDirectiveResolver<any, any, ContextType>;
  authenticated?: AuthenticatedDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
  cost?: CostDirectiveResolver<any, any, ContextType>;
  listSize?: ListSizeDirectiveResolver<any, any, ContextType>;
  tag?: TagDirectiveResolver<any, any, ContextType>;
  link?: LinkDirectiveResolver<any, any, ContextType>;
};
