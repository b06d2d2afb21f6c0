// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Money as MoneyParent, ProductVariant as ProductVariantParent, Quote as QuoteParent, QuoteLine as QuoteLineParent, QuoteRow as QuoteRowParent, QuoteAttempt as QuoteAttemptParent, ShippingMethod as ShippingMethodParent, Context } from './parents.ts';
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
  /**
   * What lines cost at a destination: every row that makes up the total. A pure calculation; nothing is reserved. NOT_PRICED for a variant
   * that is not for sale, unless it is the viewer's own.
   */
  quote: Quote;
  /** Ways of delivery to a destination, cheapest first; empty when the shop does not deliver there. */
  shippingMethods: Array<ShippingMethod>;
  /** What lines cost, and when there is no quote which of them have prices and why: for the cart and for orders. */
  tryQuote: QuoteAttempt;
};


export type QueryQuoteArgs = {
  input: QuoteInput;
};


export type QueryShippingMethodsArgs = {
  destination: AddressInput;
};


export type QueryTryQuoteArgs = {
  input: QuoteInput;
  acknowledgedTotal?: InputMaybe<MoneyInput>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Sets the prices of own variants in the currencies given; other currencies stay. At most 250. For sellers and admins. */
  setPrices: SetPricesPayload;
};


export type MutationSetPricesArgs = {
  input: SetPricesInput;
};

/** A variant, with what it costs. */
export type ProductVariant = {
  __typename?: 'ProductVariant';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Price of one unit; null when there is none in the currency. Without an argument: the currency of the shop. */
  price?: Maybe<Price>;
};


/** A variant, with what it costs. */
export type ProductVariantPriceArgs = {
  currency?: InputMaybe<Scalars['CurrencyCode']['input']>;
};

/** What a variant costs in one currency. */
export type Price = {
  __typename?: 'Price';
  /** Price of one unit. */
  amount: Money;
  /** A higher price to compare with, as the seller states it. */
  compareAt?: Maybe<Money>;
  /** Lower unit prices from a quantity on, smallest quantity first. */
  tiers: Array<PriceTier>;
  /** Lowest unit price of the last 30 days, this one included (EU Directive 98/6/EC, article 6a). */
  lowestIn30Days: Money;
};

/** A unit price that holds from a quantity on. */
export type PriceTier = {
  __typename?: 'PriceTier';
  /** Smallest quantity of the line. */
  minQuantity: Scalars['Int']['output'];
  /** Price of one unit. */
  amount: Money;
};

/** A way of delivery. */
export type ShippingMethod = {
  __typename?: 'ShippingMethod';
  /** Opaque id, for `setCartDestination`. */
  id: Scalars['ID']['output'];
  /** Name for buyers. */
  name: Scalars['String']['output'];
  /** What it costs, tax included or not as `Quote.taxIncluded` says. */
  price: Money;
  /** From this subtotal on it is free; null when never. */
  freeFrom?: Maybe<Money>;
};

/** What to calculate. */
export type QuoteInput = {
  /** 1 to 250 lines. */
  lines: Array<QuoteLineInput>;
  /** Where it goes: decides tax and shipping. Without it: the shop's home country, no shipping. */
  destination?: InputMaybe<AddressInput>;
  /** Way of delivery; the cheapest when absent. */
  shippingMethodId?: InputMaybe<Scalars['ID']['input']>;
  /** Currency; the shop's when absent. */
  currency?: InputMaybe<Scalars['CurrencyCode']['input']>;
};

/** Units of a variant to calculate. */
export type QuoteLineInput = {
  /** The variant. */
  variantId: Scalars['ID']['input'];
  /** Units, 1 to 999. */
  quantity: Scalars['Int']['input'];
};

/** What kind of amount a row of a quote is. */
export type QuoteRowKind =
  /** Units times unit price of a line. */
  | 'LINE'
  /** Delivery. */
  | 'SHIPPING'
  /** Tax: added to the total, or contained in it when `Quote.taxIncluded`. */
  | 'TAX';

/** One amount of a quote, and where it comes from. */
export type QuoteRow = {
  __typename?: 'QuoteRow';
  /** What kind of amount. */
  kind: QuoteRowKind;
  /** What it is, for example `2 x 19.90 EUR` or `VAT DE 19 %`. */
  label: Scalars['String']['output'];
  /** The amount. */
  amount: Money;
  /** The variant, for rows of kind LINE. */
  variantId?: Maybe<Scalars['ID']['output']>;
};

/** A line of a quote. */
export type QuoteLine = {
  __typename?: 'QuoteLine';
  /** The variant. */
  variantId: Scalars['ID']['output'];
  /** Units. */
  quantity: Scalars['Int']['output'];
  /** Price of one unit at this quantity. */
  unitPrice: Money;
  /** Units times unit price. */
  total: Money;
  /** Tax on this line. */
  tax: Money;
};

/** A calculation. Rows and totals always add up to the last minor unit. */
export type Quote = {
  __typename?: 'Quote';
  /** Hash of the content: equal input and prices give an equal id. */
  id: Scalars['ID']['output'];
  /** Currency of all amounts. */
  currency: Scalars['CurrencyCode']['output'];
  /** The lines with their prices, in the order given. */
  lines: Array<QuoteLine>;
  /** Rows that explain the total. */
  rows: Array<QuoteRow>;
  /** Sum of the lines. */
  subtotal: Money;
  /** Discounts; zero until the shop has promotions. */
  discount: Money;
  /** Delivery. */
  shipping: Money;
  /** The way of delivery that was calculated; null without destination. */
  shippingMethod?: Maybe<ShippingMethod>;
  /** Tax: contained in the prices when `taxIncluded`, else added. */
  tax: Money;
  /** True when prices contain tax. */
  taxIncluded: Scalars['Boolean']['output'];
  /** What the buyer pays. */
  total: Money;
  /** Until then an order at this total is honoured, even if prices change; ask again afterwards. */
  expiresAt: Scalars['DateTime']['output'];
};

/** A quote, or what stands in its way. */
export type QuoteAttempt = {
  __typename?: 'QuoteAttempt';
  /** The quote; null when it was refused. */
  quote?: Maybe<Quote>;
  /** Price of one unit for each line given, in order; null where there is none in the currency. */
  unitPrices: Array<Maybe<Money>>;
  /** Why there is no quote; empty when there is one. */
  userErrors: Array<UserError>;
};

/** Prices to set. */
export type SetPricesInput = {
  /** 1 to 250 prices. */
  prices: Array<VariantPriceInput>;
};

/** The price of one variant in one currency. */
export type VariantPriceInput = {
  /** The variant. */
  variantId: Scalars['ID']['input'];
  /** Price of one unit, not negative. */
  amount: MoneyInput;
  /** A higher price to compare with. */
  compareAt?: InputMaybe<MoneyInput>;
  /** Lower unit prices from a quantity on; at most 10. */
  tiers: Array<PriceTierInput>;
};

/** A unit price that holds from a quantity on. */
export type PriceTierInput = {
  /** Smallest quantity of the line, at least 2. */
  minQuantity: Scalars['Int']['input'];
  /** Price of one unit. */
  amount: MoneyInput;
};

/** Answer of `setPrices`. */
export type SetPricesPayload = {
  __typename?: 'SetPricesPayload';
  /** The variants whose price was set or already so; empty when refused. */
  variants: Array<ProductVariant>;
  /** How many prices differ from before. */
  changed: Scalars['Int']['output'];
  /** Why it was refused; empty on success. */
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
  ProductVariant: ProductVariant;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  ProductVariant:
    ( { __typename: 'ProductVariant' }
    & GraphQLRecursivePick<FederationTypes['ProductVariant'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  FieldSet: ResolverTypeWrapper<Scalars['FieldSet']['output']>;
  federation__Scope: ResolverTypeWrapper<Scalars['federation__Scope']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  Money: ResolverTypeWrapper<MoneyParent>;
  MoneyInput: MoneyInput;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Address: ResolverTypeWrapper<Address>;
  AddressInput: AddressInput;
  UserError: ResolverTypeWrapper<UserError>;
  ErrorCode: ErrorCode;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ProductVariant: ResolverTypeWrapper<ProductVariantParent>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Price: ResolverTypeWrapper<Omit<Price, 'amount' | 'compareAt' | 'tiers' | 'lowestIn30Days'> & { amount: ResolversTypes['Money'], compareAt?: Maybe<ResolversTypes['Money']>, tiers: Array<ResolversTypes['PriceTier']>, lowestIn30Days: ResolversTypes['Money'] }>;
  PriceTier: ResolverTypeWrapper<Omit<PriceTier, 'amount'> & { amount: ResolversTypes['Money'] }>;
  ShippingMethod: ResolverTypeWrapper<ShippingMethodParent>;
  QuoteInput: QuoteInput;
  QuoteLineInput: QuoteLineInput;
  QuoteRowKind: QuoteRowKind;
  QuoteRow: ResolverTypeWrapper<QuoteRowParent>;
  QuoteLine: ResolverTypeWrapper<QuoteLineParent>;
  Quote: ResolverTypeWrapper<QuoteParent>;
  QuoteAttempt: ResolverTypeWrapper<QuoteAttemptParent>;
  SetPricesInput: SetPricesInput;
  VariantPriceInput: VariantPriceInput;
  PriceTierInput: PriceTierInput;
  SetPricesPayload: ResolverTypeWrapper<Omit<SetPricesPayload, 'variants'> & { variants: Array<ResolversTypes['ProductVariant']> }>;
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
  Money: MoneyParent;
  MoneyInput: MoneyInput;
  PageInfo: PageInfo;
  Address: Address;
  AddressInput: AddressInput;
  UserError: UserError;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  ProductVariant: ProductVariantParent;
  ID: Scalars['ID']['output'];
  Price: Omit<Price, 'amount' | 'compareAt' | 'tiers' | 'lowestIn30Days'> & { amount: ResolversParentTypes['Money'], compareAt?: Maybe<ResolversParentTypes['Money']>, tiers: Array<ResolversParentTypes['PriceTier']>, lowestIn30Days: ResolversParentTypes['Money'] };
  PriceTier: Omit<PriceTier, 'amount'> & { amount: ResolversParentTypes['Money'] };
  ShippingMethod: ShippingMethodParent;
  QuoteInput: QuoteInput;
  QuoteLineInput: QuoteLineInput;
  QuoteRow: QuoteRowParent;
  QuoteLine: QuoteLineParent;
  Quote: QuoteParent;
  QuoteAttempt: QuoteAttemptParent;
  SetPricesInput: SetPricesInput;
  VariantPriceInput: VariantPriceInput;
  PriceTierInput: PriceTierInput;
  SetPricesPayload: Omit<SetPricesPayload, 'variants'> & { variants: Array<ResolversParentTypes['ProductVariant']> };
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
  quote?: Resolver<ResolversTypes['Quote'], ParentType, ContextType, RequireFields<QueryQuoteArgs, 'input'>>;
  shippingMethods?: Resolver<Array<ResolversTypes['ShippingMethod']>, ParentType, ContextType, RequireFields<QueryShippingMethodsArgs, 'destination'>>;
  tryQuote?: Resolver<ResolversTypes['QuoteAttempt'], ParentType, ContextType, RequireFields<QueryTryQuoteArgs, 'input'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  setPrices?: Resolver<ResolversTypes['SetPricesPayload'], ParentType, ContextType, RequireFields<MutationSetPricesArgs, 'input'>>;
};

export type ProductVariantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductVariant'] = ResolversParentTypes['ProductVariant'], FederationReferenceType extends FederationReferenceTypes['ProductVariant'] = FederationReferenceTypes['ProductVariant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ProductVariant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Price']>, ParentType, ContextType, Partial<ProductVariantPriceArgs>>;
};

export type PriceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Price'] = ResolversParentTypes['Price']> = {
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  compareAt?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  tiers?: Resolver<Array<ResolversTypes['PriceTier']>, ParentType, ContextType>;
  lowestIn30Days?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type PriceTierResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PriceTier'] = ResolversParentTypes['PriceTier']> = {
  minQuantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ShippingMethodResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippingMethod'] = ResolversParentTypes['ShippingMethod']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  freeFrom?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type QuoteRowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QuoteRow'] = ResolversParentTypes['QuoteRow']> = {
  kind?: Resolver<ResolversTypes['QuoteRowKind'], ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  variantId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type QuoteLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QuoteLine'] = ResolversParentTypes['QuoteLine']> = {
  variantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  tax?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type QuoteResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Quote'] = ResolversParentTypes['Quote']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  lines?: Resolver<Array<ResolversTypes['QuoteLine']>, ParentType, ContextType>;
  rows?: Resolver<Array<ResolversTypes['QuoteRow']>, ParentType, ContextType>;
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  discount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shippingMethod?: Resolver<Maybe<ResolversTypes['ShippingMethod']>, ParentType, ContextType>;
  tax?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  taxIncluded?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type QuoteAttemptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QuoteAttempt'] = ResolversParentTypes['QuoteAttempt']> = {
  quote?: Resolver<Maybe<ResolversTypes['Quote']>, ParentType, ContextType>;
  unitPrices?: Resolver<Array<Maybe<ResolversTypes['Money']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SetPricesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetPricesPayload'] = ResolversParentTypes['SetPricesPayload']> = {
  variants?: Resolver<Array<ResolversTypes['ProductVariant']>, ParentType, ContextType>;
  changed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
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
  ProductVariant?: ProductVariantResolvers<ContextType>;
  Price?: PriceResolvers<ContextType>;
  PriceTier?: PriceTierResolvers<ContextType>;
  ShippingMethod?: ShippingMethodResolvers<ContextType>;
  QuoteRow?: QuoteRowResolvers<ContextType>;
  QuoteLine?: QuoteLineResolvers<ContextType>;
  Quote?: QuoteResolvers<ContextType>;
  QuoteAttempt?: QuoteAttemptResolvers<ContextType>;
  SetPricesPayload?: SetPricesPayloadResolvers<ContextType>;
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
