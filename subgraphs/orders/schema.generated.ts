// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Order as OrderParent, OrderLine as OrderLineParent, OrderTotals as OrderTotalsParent, OrderMailing as OrderMailingParent, PriceChange as PriceChangeParent, ProductVariant as ProductVariantParent, OrderConnection as OrderConnectionParent, OrderUpdate as OrderUpdateParent, PersonalData as PersonalDataParent, Context } from './parents.ts';
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
  /** One order. Its buyer and support see it, a guest also with the order's access token; a seller sees the own part of it. Null otherwise. */
  order?: Maybe<Order>;
  /** The viewer's orders, last placed first; also what was ordered as a guest with the address of the account, once that is proved. */
  orders: OrderConnection;
  /** What a mail about an order tells; null when it must not go out: there is no such order, or its buyer is erased. For the workers. */
  orderMailing?: Maybe<OrderMailing>;
};


export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
  accessToken?: InputMaybe<Scalars['String']['input']>;
};


export type QueryOrdersArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<OrderFilter>;
};


export type QueryOrderMailingArgs = {
  orderId: Scalars['ID']['input'];
  seq: Scalars['Int']['input'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Orders the viewer's cart: holds the stock, authorises the payment, claims the stock, captures. The same key always answers with the same order. */
  placeOrder: PlaceOrderPayload;
  /** Cancels an order: money and stock go back. Canceling again changes nothing. ILLEGAL_STATE when its payment failed or all its money went back. */
  cancelOrder: CancelOrderPayload;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};

export type Subscription = {
  __typename?: 'Subscription';
  /**
   * One order: first its present state, then every event in order, `seq` rising by one. NOT_FOUND for an order the viewer may not see,
   * BAD_USER_INPUT when `after` is negative.
   */
  orderUpdated: OrderUpdate;
};


export type SubscriptionOrderUpdatedArgs = {
  id: Scalars['ID']['input'];
  accessToken?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['Int']['input']>;
};

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

/** Something that was bought. */
export type Order = {
  __typename?: 'Order';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Number for people, without gaps, given at confirmation; null before. */
  number?: Maybe<Scalars['String']['output']>;
  /** Where it stands. */
  status: OrderStatus;
  /** Where it may go from here. */
  nextStates: Array<OrderStatus>;
  /** What was bought, with titles and prices as they were; for a seller the own lines. */
  lines: Array<OrderLine>;
  /** What it costs; for a seller what the own lines come to, without delivery and discounts. */
  totals: OrderTotals;
  /** E-mail address for messages about it; null for a seller. */
  email?: Maybe<Scalars['String']['output']>;
  /** Where it goes. */
  shippingAddress: Address;
  /** Whom it is billed to; null for a seller. */
  billingAddress?: Maybe<Address>;
  /** Way of delivery. */
  shippingMethod: Scalars['String']['output'];
  /** How far the checkout is. */
  checkout: Checkout;
  /** What happened so far, oldest first. */
  timeline: Array<OrderEvent>;
  /** When it was placed. */
  placedAt: Scalars['DateTime']['output'];
  /** When it was last changed. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A line of an order: a snapshot that later changes of the product do not touch. */
export type OrderLine = {
  __typename?: 'OrderLine';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** The variant as it is today; null when it no longer exists. */
  variant?: Maybe<ProductVariant>;
  /** SKU at the time of the order. */
  sku: Scalars['String']['output'];
  /** Title at the time of the order. */
  title: Scalars['String']['output'];
  /** Units. */
  quantity: Scalars['Int']['output'];
  /** Price of one unit. */
  unitPrice: Money;
  /** Tax on the line. */
  tax: Money;
  /** Units times unit price. */
  total: Money;
};

/** What was bought; products and pricing know the rest. */
export type ProductVariant = {
  __typename?: 'ProductVariant';
  /** Opaque id. */
  id: Scalars['ID']['output'];
};

/** What a mail about an order tells, and to whom. For the workers. */
export type OrderMailing = {
  __typename?: 'OrderMailing';
  /** E-mail address of the buyer. */
  to: Scalars['String']['output'];
  /** Name of the buyer. */
  name: Scalars['String']['output'];
  /** Number for people; null before the confirmation. */
  number?: Maybe<Scalars['String']['output']>;
  /** What was bought. */
  lines: Array<OrderLine>;
  /** What it costs. */
  totals: OrderTotals;
  /** What went back with this event; null for other events. */
  refunded?: Maybe<Money>;
};

/** What an order costs. */
export type OrderTotals = {
  __typename?: 'OrderTotals';
  /** Sum of the lines. */
  subtotal: Money;
  /** Discounts; zero until the shop has promotions. */
  discount: Money;
  /** Delivery. */
  shipping: Money;
  /** Tax: contained in the prices when `taxIncluded`, else added. */
  tax: Money;
  /** True when prices contain tax. */
  taxIncluded: Scalars['Boolean']['output'];
  /** What the buyer pays. */
  total: Money;
};

/** The steps from a placed to a confirmed order, and back when one refuses. */
export type Checkout = {
  __typename?: 'Checkout';
  /** The steps, in the order they are taken. */
  steps: Array<CheckoutStep>;
};

/** How a step of the checkout went. */
export type CheckoutStepStatus =
  /** Not begun. */
  | 'PENDING'
  /** Begun; the outcome is not known yet, see `reason`. It goes on by itself. */
  | 'RUNNING'
  /** Waits for the buyer, see `Order.payments.nextAction`. */
  | 'ACTION_REQUIRED'
  /** Done. */
  | 'DONE'
  /** Refused; see `reason`. */
  | 'REFUSED'
  /** Taken back because a later step refused. */
  | 'COMPENSATED';

/** One step of the checkout. */
export type CheckoutStep = {
  __typename?: 'CheckoutStep';
  /** HOLD_STOCK, AUTHORIZE_PAYMENT, CLAIM_STOCK, CAPTURE_PAYMENT, CONFIRM or CLOSE_CART. */
  name: Scalars['String']['output'];
  /** How it went. */
  status: CheckoutStepStatus;
  /** How often it was tried. */
  attempt: Scalars['Int']['output'];
  /**
   * An `ErrorCode`: why it refused, or, while it runs, why there was no outcome at the last attempt. PAYMENT_UNAVAILABLE: the provider cannot
   * be reached, and nothing was charged; PAYMENT_PENDING: nobody knows yet.
   */
  reason?: Maybe<Scalars['String']['output']>;
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

/** Something that happened to an order. */
export type OrderEvent = {
  __typename?: 'OrderEvent';
  /** Number of the event: 1, 2, 3 ... */
  seq: Scalars['Int']['output'];
  /** What happened. */
  event: OrderEventName;
  /** When. */
  at: Scalars['DateTime']['output'];
};

/** A page of orders. */
export type OrderConnection = {
  __typename?: 'OrderConnection';
  /** The items with their cursors. */
  edges: Array<OrderEdge>;
  /** The items. */
  nodes: Array<Order>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** Number of orders that meet the filter. */
  totalCount: Scalars['Int']['output'];
};

/** An item of a page of orders. */
export type OrderEdge = {
  __typename?: 'OrderEdge';
  /** Position in the list, for `after`. */
  cursor: Scalars['String']['output'];
  /** The order. */
  node: Order;
};

/** What the shop knows about a person. For its owner only. */
export type PersonalData = {
  __typename?: 'PersonalData';
  /** Id of the account. */
  id: Scalars['ID']['output'];
  /** What the person has ordered, also as a guest, last placed first; at most 1,000. */
  orders: Array<Order>;
};

/** Conditions that an order must meet, all of them. */
export type OrderFilter = {
  /** Where it stands. */
  status?: InputMaybe<OrderStatus>;
};

/** How the buyer pays. Card data never comes here: only a provider's token. */
export type PaymentInput = {
  /** Name of the payment provider, for example `sandbox`. */
  provider: Scalars['String']['input'];
  /** Token from the provider, for example `tok_ok`. */
  token: Scalars['String']['input'];
};

/** An order to be placed from the viewer's cart. */
export type PlaceOrderInput = {
  /** Key chosen by the client, 1 to 255 characters: the same key always answers with the same order; IN_PROGRESS while the first request with it takes longer than 3 s, PAYMENT_PENDING once the order waits for its payment. */
  idempotencyKey: Scalars['String']['input'];
  /** E-mail address for messages about the order. */
  email: Scalars['String']['input'];
  /** Where it goes. */
  shippingAddress: AddressInput;
  /** Whom it is billed to; the shipping address when absent. */
  billingAddress?: InputMaybe<AddressInput>;
  /** One of `shippingMethods`; absent: the choice made in the cart, else the cheapest. */
  shippingMethodId?: InputMaybe<Scalars['ID']['input']>;
  /** The total that the buyer saw and agreed to. It is honoured for 15 minutes after the shop last told it, even if prices change; any other total is refused with PRICE_CHANGED. */
  acknowledgedTotal: MoneyInput;
  /** How the buyer pays. */
  payment: PaymentInput;
};

/** The order to cancel. */
export type CancelOrderInput = {
  /** The order. */
  id: Scalars['ID']['input'];
  /** Why, for the timeline, at most 200 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The `accessToken` of `placeOrder`, for guests. */
  accessToken?: InputMaybe<Scalars['String']['input']>;
};

/** Answer of `placeOrder`. */
export type PlaceOrderPayload = {
  __typename?: 'PlaceOrderPayload';
  /** The order as it stands now, also when its payment failed; null when none was written. */
  order?: Maybe<Order>;
  /** Lets the holder see this order without signing in: for links in messages to guests. */
  accessToken?: Maybe<Scalars['String']['output']>;
  /** With PRICE_CHANGED: what the total has become; null otherwise. */
  priceChange?: Maybe<PriceChange>;
  /** Why there is no confirmed order; empty when it is confirmed or waits for the buyer. */
  userErrors: Array<UserError>;
};

/** A total that is not the one the buyer agreed to. */
export type PriceChange = {
  __typename?: 'PriceChange';
  /** What the buyer agreed to. */
  acknowledged: Money;
  /** What it costs now: to be shown, and acknowledged in the next try. */
  total: Money;
  /** `total` less `acknowledged`: negative when it has become cheaper. */
  difference: Money;
};

/** Answer of `cancelOrder`. */
export type CancelOrderPayload = {
  __typename?: 'CancelOrderPayload';
  /** The order as it stands now; null when there is none. */
  order?: Maybe<Order>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** One change of an order. */
export type OrderUpdate = {
  __typename?: 'OrderUpdate';
  /** Number of the event, for a snapshot that of the last event it contains; to be passed as `after`. */
  seq: Scalars['Int']['output'];
  /** What happened; `Snapshot` for the present state. */
  event: OrderEventName;
  /** True when the subscription could not go on from `after`: this is the present state, and events before it are not told. */
  isReset: Scalars['Boolean']['output'];
  /** The order as it stands when the update is sent, so with several events at once already the last state. */
  order: Order;
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
  PersonalData: PersonalData;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  PersonalData:
    ( { __typename: 'PersonalData' }
    & GraphQLRecursivePick<FederationTypes['PersonalData'], {"id":true}> );
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
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OrderStatus: OrderStatus;
  Order: ResolverTypeWrapper<OrderParent>;
  OrderLine: ResolverTypeWrapper<OrderLineParent>;
  ProductVariant: ResolverTypeWrapper<ProductVariantParent>;
  OrderMailing: ResolverTypeWrapper<OrderMailingParent>;
  OrderTotals: ResolverTypeWrapper<OrderTotalsParent>;
  Checkout: ResolverTypeWrapper<Checkout>;
  CheckoutStepStatus: CheckoutStepStatus;
  CheckoutStep: ResolverTypeWrapper<CheckoutStep>;
  OrderEventName: OrderEventName;
  OrderEvent: ResolverTypeWrapper<OrderEvent>;
  OrderConnection: ResolverTypeWrapper<OrderConnectionParent>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  PersonalData: ResolverTypeWrapper<PersonalDataParent>;
  OrderFilter: OrderFilter;
  PaymentInput: PaymentInput;
  PlaceOrderInput: PlaceOrderInput;
  CancelOrderInput: CancelOrderInput;
  PlaceOrderPayload: ResolverTypeWrapper<Omit<PlaceOrderPayload, 'order' | 'priceChange'> & { order?: Maybe<ResolversTypes['Order']>, priceChange?: Maybe<ResolversTypes['PriceChange']> }>;
  PriceChange: ResolverTypeWrapper<PriceChangeParent>;
  CancelOrderPayload: ResolverTypeWrapper<Omit<CancelOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }>;
  OrderUpdate: ResolverTypeWrapper<OrderUpdateParent>;
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
  Subscription: Record<PropertyKey, never>;
  Order: OrderParent;
  OrderLine: OrderLineParent;
  ProductVariant: ProductVariantParent;
  OrderMailing: OrderMailingParent;
  OrderTotals: OrderTotalsParent;
  Checkout: Checkout;
  CheckoutStep: CheckoutStep;
  OrderEvent: OrderEvent;
  OrderConnection: OrderConnectionParent;
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  PersonalData: PersonalDataParent;
  OrderFilter: OrderFilter;
  PaymentInput: PaymentInput;
  PlaceOrderInput: PlaceOrderInput;
  CancelOrderInput: CancelOrderInput;
  PlaceOrderPayload: Omit<PlaceOrderPayload, 'order' | 'priceChange'> & { order?: Maybe<ResolversParentTypes['Order']>, priceChange?: Maybe<ResolversParentTypes['PriceChange']> };
  PriceChange: PriceChangeParent;
  CancelOrderPayload: Omit<CancelOrderPayload, 'order'> & { order?: Maybe<ResolversParentTypes['Order']> };
  OrderUpdate: OrderUpdateParent;
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
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  orders?: Resolver<ResolversTypes['OrderConnection'], ParentType, ContextType, RequireFields<QueryOrdersArgs, 'first'>>;
  orderMailing?: Resolver<Maybe<ResolversTypes['OrderMailing']>, ParentType, ContextType, RequireFields<QueryOrderMailingArgs, 'orderId' | 'seq'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  placeOrder?: Resolver<ResolversTypes['PlaceOrderPayload'], ParentType, ContextType, RequireFields<MutationPlaceOrderArgs, 'input'>>;
  cancelOrder?: Resolver<ResolversTypes['CancelOrderPayload'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  orderUpdated?: SubscriptionResolver<ResolversTypes['OrderUpdate'], "orderUpdated", ParentType, ContextType, RequireFields<SubscriptionOrderUpdatedArgs, 'id'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  nextStates?: Resolver<Array<ResolversTypes['OrderStatus']>, ParentType, ContextType>;
  lines?: Resolver<Array<ResolversTypes['OrderLine']>, ParentType, ContextType>;
  totals?: Resolver<ResolversTypes['OrderTotals'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  shippingAddress?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  billingAddress?: Resolver<Maybe<ResolversTypes['Address']>, ParentType, ContextType>;
  shippingMethod?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  checkout?: Resolver<ResolversTypes['Checkout'], ParentType, ContextType>;
  timeline?: Resolver<Array<ResolversTypes['OrderEvent']>, ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OrderLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderLine'] = ResolversParentTypes['OrderLine']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  variant?: Resolver<Maybe<ResolversTypes['ProductVariant']>, ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  tax?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ProductVariantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductVariant'] = ResolversParentTypes['ProductVariant']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type OrderMailingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderMailing'] = ResolversParentTypes['OrderMailing']> = {
  to?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  number?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<Array<ResolversTypes['OrderLine']>, ParentType, ContextType>;
  totals?: Resolver<ResolversTypes['OrderTotals'], ParentType, ContextType>;
  refunded?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type OrderTotalsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderTotals'] = ResolversParentTypes['OrderTotals']> = {
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  discount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  tax?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  taxIncluded?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type CheckoutResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Checkout'] = ResolversParentTypes['Checkout']> = {
  steps?: Resolver<Array<ResolversTypes['CheckoutStep']>, ParentType, ContextType>;
};

export type CheckoutStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckoutStep'] = ResolversParentTypes['CheckoutStep']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CheckoutStepStatus'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OrderEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEvent'] = ResolversParentTypes['OrderEvent']> = {
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['OrderEventName'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<Array<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type PersonalDataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonalData'] = ResolversParentTypes['PersonalData'], FederationReferenceType extends FederationReferenceTypes['PersonalData'] = FederationReferenceTypes['PersonalData']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['PersonalData']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders?: Resolver<Array<ResolversTypes['Order']>, ParentType, ContextType>;
};

export type PlaceOrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaceOrderPayload'] = ResolversParentTypes['PlaceOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  accessToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  priceChange?: Resolver<Maybe<ResolversTypes['PriceChange']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PriceChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PriceChange'] = ResolversParentTypes['PriceChange']> = {
  acknowledged?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  difference?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type CancelOrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOrderPayload'] = ResolversParentTypes['CancelOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type OrderUpdateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderUpdate'] = ResolversParentTypes['OrderUpdate']> = {
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['OrderEventName'], ParentType, ContextType>;
  isReset?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  order?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
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
  Subscription?: SubscriptionResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderLine?: OrderLineResolvers<ContextType>;
  ProductVariant?: ProductVariantResolvers<ContextType>;
  OrderMailing?: OrderMailingResolvers<ContextType>;
  OrderTotals?: OrderTotalsResolvers<ContextType>;
  Checkout?: CheckoutResolvers<ContextType>;
  CheckoutStep?: CheckoutStepResolvers<ContextType>;
  OrderEvent?: OrderEventResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  PersonalData?: PersonalDataResolvers<ContextType>;
  PlaceOrderPayload?: PlaceOrderPayloadResolvers<ContextType>;
  PriceChange?: PriceChangeResolvers<ContextType>;
  CancelOrderPayload?: CancelOrderPayloadResolvers<ContextType>;
  OrderUpdate?: OrderUpdateResolvers<ContextType>;
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
