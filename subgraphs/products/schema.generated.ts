// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Product as ProductParent, ProductVariant as ProductVariantParent, BundlePart as BundlePartParent, StockLocation as StockLocationParent, LocationStock as LocationStockParent, Seller as SellerParent, ProductConnection as ProductConnectionParent, ProductSearchConnection as ProductSearchConnectionParent, StockChange as StockChangeParent, Context } from './parents.ts';
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
  /** One product by id or by slug: give exactly one. Null when there is none that the viewer may see. */
  product?: Maybe<Product>;
  /** Products page by page. Buyers see published products; sellers and admins may ask for others by `filter.status`. */
  products: ProductConnection;
  /** Published products whose title, vendor, tags, categories, type or SKU contain all words of the query, best matches first. The last word may be a prefix. */
  search: ProductSearchConnection;
  /** The places that stock is kept at, those that are taken from first in front. For sellers and admins. */
  stockLocations: Array<StockLocation>;
  /** All categories, sorted by name. */
  categories: Array<Category>;
  /** Variants by id, in the order asked, null where there is none: for other subgraphs, at most 250. */
  variants: Array<Maybe<ProductVariant>>;
};


export type QueryProductArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  slug?: InputMaybe<Scalars['String']['input']>;
};


export type QueryProductsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ProductFilter>;
  sort: ProductSort;
};


export type QuerySearchArgs = {
  query: Scalars['String']['input'];
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ProductFilter>;
};


export type QueryVariantsArgs = {
  ids: Array<Scalars['ID']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Creates a product as a draft. For sellers and admins. */
  createProduct: ProductPayload;
  /** Changes the given fields of an own product. Variants are matched by id or SKU; others are kept. For sellers and admins. */
  updateProduct: ProductPayload;
  /** Makes an own product visible to buyers. For sellers and admins. */
  publishProduct: ProductPayload;
  /** Adds to or takes from the units on hand of an own variant at one location. The same key never counts twice. For sellers and admins. */
  adjustStock: AdjustStockPayload;
  /** Adds a place that stock is kept at. For admins. */
  createStockLocation: StockLocationPayload;
  /** Changes the given fields of a location. One that is not active sells nothing: its units no longer count as available; what is held there already is still sold. For admins. */
  updateStockLocation: StockLocationPayload;
  /** Creates or updates products by handle and SKU, as an importer does: same content changes nothing. For services. */
  importProducts: ImportProductsPayload;
  /** Holds units for an order until a time; all lines or none. Repeating it for the same order changes nothing. For the orders service. */
  holdStock: StockPayload;
  /** Turns the holds of an order into sold units. Repeating it changes nothing. For the orders service. */
  claimStock: StockPayload;
  /** Ends an order's part in the stock: gives its held units back, and nothing is held for it or sold to it any more. Repeating it changes nothing. For the orders service. */
  releaseStock: StockPayload;
  /** Puts the sold units of a canceled order back. Repeating it changes nothing. For the orders service. */
  restockStock: StockPayload;
};


export type MutationCreateProductArgs = {
  input: CreateProductInput;
};


export type MutationUpdateProductArgs = {
  input: UpdateProductInput;
};


export type MutationPublishProductArgs = {
  input: PublishProductInput;
};


export type MutationAdjustStockArgs = {
  input: AdjustStockInput;
};


export type MutationCreateStockLocationArgs = {
  input: CreateStockLocationInput;
};


export type MutationUpdateStockLocationArgs = {
  input: UpdateStockLocationInput;
};


export type MutationImportProductsArgs = {
  input: ImportProductsInput;
};


export type MutationHoldStockArgs = {
  input: HoldStockInput;
};


export type MutationClaimStockArgs = {
  input: OrderStockInput;
};


export type MutationReleaseStockArgs = {
  input: OrderStockInput;
};


export type MutationRestockStockArgs = {
  input: RestockStockInput;
};

export type Subscription = {
  __typename?: 'Subscription';
  /**
   * The availability of variants: first each one's present state, then its changes, the latest state of those that follow each other
   * within 100 ms. Variants that the viewer may not see are silent. BAD_USER_INPUT for none or more than 50 of them.
   */
  stockChanged: StockChange;
};


export type SubscriptionStockChangedArgs = {
  variantIds: Array<Scalars['ID']['input']>;
};

/** Who can see a product. */
export type ProductStatus =
  /** Only its seller and admins. */
  | 'DRAFT'
  /** Everybody. */
  | 'PUBLISHED';

/** Orders of a list of products; ties are broken by id. */
export type ProductSort =
  /** Last created first. */
  | 'NEWEST'
  /** First created first. */
  | 'OLDEST'
  /** By title, A to Z. */
  | 'TITLE_ASC'
  /** By title, Z to A. */
  | 'TITLE_DESC';

/** Conditions that a product must meet, all of them. */
export type ProductFilter = {
  /** Slug of a category. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** A tag, exactly. */
  tag?: InputMaybe<Scalars['String']['input']>;
  /** A vendor, exactly. */
  vendor?: InputMaybe<Scalars['String']['input']>;
  /** Id of a seller. */
  sellerId?: InputMaybe<Scalars['ID']['input']>;
  /** Status; anything but PUBLISHED shows a seller only the seller's own products. */
  status?: InputMaybe<ProductStatus>;
};

/** Something that is sold, in one or more variants. */
export type Product = {
  __typename?: 'Product';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Unique name in URLs, lower case. */
  slug: Scalars['String']['output'];
  /** Title for buyers. */
  title: Scalars['String']['output'];
  /** Description as HTML, as the seller wrote it: sanitise before showing. */
  descriptionHtml: Scalars['String']['output'];
  /** Brand or maker. */
  vendor?: Maybe<Scalars['String']['output']>;
  /** Kind of product in the seller's words, for example `Shirts`. */
  productType?: Maybe<Scalars['String']['output']>;
  /** Categories it belongs to. */
  categories: Array<Category>;
  /** Free labels. */
  tags: Array<Scalars['String']['output']>;
  /** Pictures, the main one first. */
  media: Array<Media>;
  /** What a buyer can choose, for example size and colour; empty for a product with one variant. */
  options: Array<ProductOption>;
  /** What can be bought, at most 250. */
  variants: Array<ProductVariant>;
  /** Who sells it. */
  seller: Seller;
  /** Draft or published. */
  status: ProductStatus;
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** When it was published; null for drafts. */
  publishedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A picture. */
export type Media = {
  __typename?: 'Media';
  /** Absolute URL. */
  url: Scalars['String']['output'];
  /** What it shows, for people who do not see it. */
  alt?: Maybe<Scalars['String']['output']>;
};

/** Something a buyer chooses. */
export type ProductOption = {
  __typename?: 'ProductOption';
  /** For example `Size`. */
  name: Scalars['String']['output'];
  /** For example `S`, `M`, `L`, in the order of the variants. */
  values: Array<Scalars['String']['output']>;
};

/** A choice made in one variant. */
export type SelectedOption = {
  __typename?: 'SelectedOption';
  /** For example `Size`. */
  name: Scalars['String']['output'];
  /** For example `M`. */
  value: Scalars['String']['output'];
};

/** A group of products. */
export type Category = {
  __typename?: 'Category';
  /** Unique name in URLs. */
  slug: Scalars['String']['output'];
  /** Name for buyers. */
  name: Scalars['String']['output'];
};

/** What is put in a cart: one choice of every option of a product. */
export type ProductVariant = {
  __typename?: 'ProductVariant';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Stock keeping unit, unique in the shop. */
  sku: Scalars['String']['output'];
  /** EAN, UPC or the like. */
  barcode?: Maybe<Scalars['String']['output']>;
  /** Title of the variant, for example `M / blue`. */
  title: Scalars['String']['output'];
  /** Weight in grams. */
  weightGrams?: Maybe<Scalars['Int']['output']>;
  /** The choices. */
  selectedOptions: Array<SelectedOption>;
  /** The product it belongs to. */
  product: Product;
  /** Most units of it in one order; null: as many as a line of a cart may have. */
  maxPerOrder?: Maybe<Scalars['Int']['output']>;
  /** What a bundle is made of: it is sold from the stock of its parts. Empty for everything else. */
  parts: Array<BundlePart>;
  /** Units left, read from stock when asked; of a bundle as many as its scarcest part allows. */
  availability: Availability;
  /** Its units at each location, those that are taken from first in front; empty for a bundle, and for anybody but its seller and admins. */
  stock: Array<LocationStock>;
  /** True when it can be put in a cart: its product is published. For other subgraphs. */
  isSold: Scalars['Boolean']['output'];
  /** Id of the seller of its product. For other subgraphs. */
  sellerId: Scalars['ID']['output'];
};

/** A part of a bundle. */
export type BundlePart = {
  __typename?: 'BundlePart';
  /** The variant; null when the viewer may not see it. */
  variant?: Maybe<ProductVariant>;
  /** Units of it in one bundle. */
  quantity: Scalars['Int']['output'];
};

/** A place that stock is kept at. */
export type StockLocation = {
  __typename?: 'StockLocation';
  /** Short name in lower case, unique in the shop, for example `main`, which every shop has. */
  code: Scalars['String']['output'];
  /** Name for people. */
  name: Scalars['String']['output'];
  /** 0 to 1,000: an order takes its units from the lowest number that has all of them, and from several only when none has. */
  priority: Scalars['Int']['output'];
  /** False: its units are not for sale. */
  isActive: Scalars['Boolean']['output'];
};

/** The units of a variant at one location. */
export type LocationStock = {
  __typename?: 'LocationStock';
  /** The location. */
  location: StockLocation;
  /** Units that are not kept for an order; for sale when the location is active. */
  available: Scalars['Int']['output'];
  /** Units kept for orders that are on their way. */
  reserved: Scalars['Int']['output'];
  /** Units that are there: available and reserved. */
  onHand: Scalars['Int']['output'];
};

/** How many units of a variant can be bought now. */
export type Availability = {
  __typename?: 'Availability';
  /** At least one unit is left. */
  inStock: Scalars['Boolean']['output'];
  /** Units left at all active locations together, without those held for orders. */
  left: Scalars['Int']['output'];
  /** When this was read from stock. */
  asOf: Scalars['DateTime']['output'];
};

/** Somebody who sells; the users subgraph knows the rest. */
export type Seller = {
  __typename?: 'Seller';
  /** The id of the seller's account. */
  id: Scalars['ID']['output'];
};

/** A page of products. */
export type ProductConnection = {
  __typename?: 'ProductConnection';
  /** The items with their cursors. */
  edges: Array<ProductEdge>;
  /** The items. */
  nodes: Array<Product>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** Number of products that meet the filter. */
  totalCount: Scalars['Int']['output'];
};

/** An item of a page of products. */
export type ProductEdge = {
  __typename?: 'ProductEdge';
  /** Position in the list, for `after`. */
  cursor: Scalars['String']['output'];
  /** The product. */
  node: Product;
};

/** A page of search results. */
export type ProductSearchConnection = {
  __typename?: 'ProductSearchConnection';
  /** The items with their cursors. */
  edges: Array<ProductEdge>;
  /** The items. */
  nodes: Array<Product>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** Number of matches; at most 1,000 are ranked and counted. */
  totalCount: Scalars['Int']['output'];
};

/** A picture given by a seller. */
export type MediaInput = {
  /** Absolute http or https URL, at most 2,000 characters. */
  url: Scalars['String']['input'];
  /** What it shows. */
  alt?: InputMaybe<Scalars['String']['input']>;
};

/** A choice given by a seller. */
export type SelectedOptionInput = {
  /** Name of the option. */
  name: Scalars['String']['input'];
  /** Value chosen. */
  value: Scalars['String']['input'];
};

/** A variant given by a seller. */
export type VariantInput = {
  /** Id of an existing variant to change; absent for a new one. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Stock keeping unit, 1 to 100 characters, unique in the shop. */
  sku: Scalars['String']['input'];
  /** EAN, UPC or the like. */
  barcode?: InputMaybe<Scalars['String']['input']>;
  /** Title; made from the choices when absent. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** Weight in grams. */
  weightGrams?: InputMaybe<Scalars['Int']['input']>;
  /** One choice for each option of the product. */
  selectedOptions: Array<SelectedOptionInput>;
  /** Units on hand of a new variant; ignored for an existing one (use `adjustStock`). */
  initialStock: Scalars['Int']['input'];
  /** Code of the location where these units are; `main` when absent. NOT_FOUND when there is none. */
  location?: InputMaybe<Scalars['String']['input']>;
  /** Most units in one order, 1 to 999; absent: stays as it is, null: no such limit. */
  maxPerOrder?: InputMaybe<Scalars['Int']['input']>;
  /** What a bundle is made of, at most 20 variants of the same seller that are no bundles; absent: stays as it is, null: no bundle. */
  parts?: InputMaybe<Array<BundlePartInput>>;
};

/** A part of a bundle. */
export type BundlePartInput = {
  /** The variant. */
  variantId: Scalars['ID']['input'];
  /** Units of it in one bundle, 1 to 99. */
  quantity: Scalars['Int']['input'];
};

/** A product to be created. */
export type CreateProductInput = {
  /** 1 to 255 characters. */
  title: Scalars['String']['input'];
  /** Unique name in URLs; made from the title when absent. */
  slug?: InputMaybe<Scalars['String']['input']>;
  /** Description as HTML, at most 100,000 characters. */
  descriptionHtml: Scalars['String']['input'];
  /** Brand or maker. */
  vendor?: InputMaybe<Scalars['String']['input']>;
  /** Kind of product. */
  productType?: InputMaybe<Scalars['String']['input']>;
  /** Names of categories; unknown ones are created. A path such as `Clothing > Shirts` means its parts. */
  categories: Array<Scalars['String']['input']>;
  /** Free labels, at most 250. */
  tags: Array<Scalars['String']['input']>;
  /** Pictures, at most 250. */
  media: Array<MediaInput>;
  /** 1 to 250 variants. */
  variants: Array<VariantInput>;
};

/** Changes to a product; absent fields stay as they are. */
export type UpdateProductInput = {
  /** The product. */
  id: Scalars['ID']['input'];
  /** 1 to 255 characters. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** Unique name in URLs. */
  slug?: InputMaybe<Scalars['String']['input']>;
  /** Description as HTML, at most 100,000 characters. */
  descriptionHtml?: InputMaybe<Scalars['String']['input']>;
  /** Brand or maker. */
  vendor?: InputMaybe<Scalars['String']['input']>;
  /** Kind of product. */
  productType?: InputMaybe<Scalars['String']['input']>;
  /** Names of categories. */
  categories?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Free labels. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Pictures. */
  media?: InputMaybe<Array<MediaInput>>;
  /** Variants to add or change. */
  variants?: InputMaybe<Array<VariantInput>>;
};

/** The product to publish. */
export type PublishProductInput = {
  /** The product. */
  id: Scalars['ID']['input'];
};

/** A change of the units on hand. */
export type AdjustStockInput = {
  /** The variant. */
  variantId: Scalars['ID']['input'];
  /** Code of the location. NOT_FOUND when there is none. */
  location: Scalars['String']['input'];
  /** Units to add, or to take when negative; -1,000,000 to 1,000,000, not 0. */
  delta: Scalars['Int']['input'];
  /** Why, for the stock record, at most 200 characters. */
  reason: Scalars['String']['input'];
  /** Key chosen by the client, 1 to 255 characters: the same key never counts twice. */
  idempotencyKey: Scalars['String']['input'];
};

/** A new place that stock is kept at. */
export type CreateStockLocationInput = {
  /** 1 to 40 lower-case letters, digits and single hyphens, unique in the shop; it stays. */
  code: Scalars['String']['input'];
  /** 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** 0 to 1,000, lower ones are taken from first; 100 when absent, as the main location has it at first. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** Changes to a location; absent fields stay as they are. */
export type UpdateStockLocationInput = {
  /** The location. */
  code: Scalars['String']['input'];
  /** 1 to 100 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** 0 to 1,000. */
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** False to sell nothing from it any more; refused for `main`. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A product of an import, matched by handle. */
export type ImportProductInput = {
  /** Handle: becomes the slug. */
  handle: Scalars['String']['input'];
  /** Title. */
  title: Scalars['String']['input'];
  /** Description as HTML. */
  descriptionHtml: Scalars['String']['input'];
  /** Brand or maker. */
  vendor?: InputMaybe<Scalars['String']['input']>;
  /** Kind of product. */
  productType?: InputMaybe<Scalars['String']['input']>;
  /** Names of categories. */
  categories: Array<Scalars['String']['input']>;
  /** Free labels. */
  tags: Array<Scalars['String']['input']>;
  /** Pictures. */
  media: Array<MediaInput>;
  /** Visible to buyers. */
  published: Scalars['Boolean']['input'];
  /** Variants, matched by SKU; `initialStock` counts only for new ones. */
  variants: Array<VariantInput>;
};

/** A batch of an import. */
export type ImportProductsInput = {
  /** Account that sells the products. */
  sellerId: Scalars['ID']['input'];
  /** At most 100 products. */
  products: Array<ImportProductInput>;
};

/** What an import did with a product. */
export type ImportOutcome =
  /** It is new. */
  | 'CREATED'
  /** Something of it changed. */
  | 'UPDATED'
  /** It was already so. */
  | 'UNCHANGED'
  /** It was refused; see `message`. */
  | 'REFUSED';

/** What an import did with one product. */
export type ImportedProduct = {
  __typename?: 'ImportedProduct';
  /** The handle given. */
  handle: Scalars['String']['output'];
  /** What happened. */
  outcome: ImportOutcome;
  /** Why it was refused. */
  message?: Maybe<Scalars['String']['output']>;
  /** Its variants as they stand now. */
  variants: Array<ImportedVariant>;
};

/** A variant of an imported product. */
export type ImportedVariant = {
  __typename?: 'ImportedVariant';
  /** Its id. */
  id: Scalars['ID']['output'];
  /** Its SKU. */
  sku: Scalars['String']['output'];
};

/** Answer of `importProducts`. */
export type ImportProductsPayload = {
  __typename?: 'ImportProductsPayload';
  /** One entry for each product given, in order. */
  products: Array<ImportedProduct>;
  /** Why the whole batch was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Units of a variant for an order. */
export type StockLineInput = {
  /** The variant. */
  variantId: Scalars['ID']['input'];
  /** Units, at least 1. */
  quantity: Scalars['Int']['input'];
};

/** What to hold. */
export type HoldStockInput = {
  /** The order, which is the key of the hold. */
  orderId: Scalars['ID']['input'];
  /** The units; lines of the same variant are summed. */
  lines: Array<StockLineInput>;
  /** When the hold ends by itself. */
  expiresAt: Scalars['DateTime']['input'];
};

/** The order whose holds are meant. */
export type OrderStockInput = {
  /** The order. */
  orderId: Scalars['ID']['input'];
  /** The units of the order. */
  lines: Array<StockLineInput>;
};

/** The units of a canceled order to put back. */
export type RestockStockInput = {
  /** The order. */
  orderId: Scalars['ID']['input'];
  /** The units of the order. */
  lines: Array<StockLineInput>;
  /** True when the claim was answered as done. False when its outcome is unknown: then only what was claimed comes back, and a claim that arrives late is refused. */
  claimed: Scalars['Boolean']['input'];
};

/** Answer of the stock operations. */
export type StockPayload = {
  __typename?: 'StockPayload';
  /** Whether it is done. */
  done: Scalars['Boolean']['output'];
  /** Why it was refused, each naming the variant in `field`; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of the mutations on a product. */
export type ProductPayload = {
  __typename?: 'ProductPayload';
  /** The product as it stands now; null when refused. */
  product?: Maybe<Product>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of the mutations on a location. */
export type StockLocationPayload = {
  __typename?: 'StockLocationPayload';
  /** The location as it stands now; null when refused. */
  location?: Maybe<StockLocation>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `adjustStock`. */
export type AdjustStockPayload = {
  __typename?: 'AdjustStockPayload';
  /** The variant as it stands now; null when refused. */
  variant?: Maybe<ProductVariant>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** The availability of one variant at one moment. */
export type StockChange = {
  __typename?: 'StockChange';
  /** Rises with every change of this variant: of two messages about it, the one with the higher number is the present. */
  seq: Scalars['Int']['output'];
  /** The variant. */
  variant: ProductVariant;
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
  Product: Product;
  ProductVariant: ProductVariant;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"id":true}> );
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
  ProductStatus: ProductStatus;
  ProductSort: ProductSort;
  ProductFilter: ProductFilter;
  Product: ResolverTypeWrapper<ProductParent>;
  Media: ResolverTypeWrapper<Media>;
  ProductOption: ResolverTypeWrapper<ProductOption>;
  SelectedOption: ResolverTypeWrapper<SelectedOption>;
  Category: ResolverTypeWrapper<Category>;
  ProductVariant: ResolverTypeWrapper<ProductVariantParent>;
  BundlePart: ResolverTypeWrapper<BundlePartParent>;
  StockLocation: ResolverTypeWrapper<StockLocationParent>;
  LocationStock: ResolverTypeWrapper<LocationStockParent>;
  Availability: ResolverTypeWrapper<Availability>;
  Seller: ResolverTypeWrapper<SellerParent>;
  ProductConnection: ResolverTypeWrapper<ProductConnectionParent>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  ProductSearchConnection: ResolverTypeWrapper<ProductSearchConnectionParent>;
  MediaInput: MediaInput;
  SelectedOptionInput: SelectedOptionInput;
  VariantInput: VariantInput;
  BundlePartInput: BundlePartInput;
  CreateProductInput: CreateProductInput;
  UpdateProductInput: UpdateProductInput;
  PublishProductInput: PublishProductInput;
  AdjustStockInput: AdjustStockInput;
  CreateStockLocationInput: CreateStockLocationInput;
  UpdateStockLocationInput: UpdateStockLocationInput;
  ImportProductInput: ImportProductInput;
  ImportProductsInput: ImportProductsInput;
  ImportOutcome: ImportOutcome;
  ImportedProduct: ResolverTypeWrapper<ImportedProduct>;
  ImportedVariant: ResolverTypeWrapper<ImportedVariant>;
  ImportProductsPayload: ResolverTypeWrapper<ImportProductsPayload>;
  StockLineInput: StockLineInput;
  HoldStockInput: HoldStockInput;
  OrderStockInput: OrderStockInput;
  RestockStockInput: RestockStockInput;
  StockPayload: ResolverTypeWrapper<StockPayload>;
  ProductPayload: ResolverTypeWrapper<Omit<ProductPayload, 'product'> & { product?: Maybe<ResolversTypes['Product']> }>;
  StockLocationPayload: ResolverTypeWrapper<Omit<StockLocationPayload, 'location'> & { location?: Maybe<ResolversTypes['StockLocation']> }>;
  AdjustStockPayload: ResolverTypeWrapper<Omit<AdjustStockPayload, 'variant'> & { variant?: Maybe<ResolversTypes['ProductVariant']> }>;
  StockChange: ResolverTypeWrapper<StockChangeParent>;
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
  ProductFilter: ProductFilter;
  Product: ProductParent;
  Media: Media;
  ProductOption: ProductOption;
  SelectedOption: SelectedOption;
  Category: Category;
  ProductVariant: ProductVariantParent;
  BundlePart: BundlePartParent;
  StockLocation: StockLocationParent;
  LocationStock: LocationStockParent;
  Availability: Availability;
  Seller: SellerParent;
  ProductConnection: ProductConnectionParent;
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  ProductSearchConnection: ProductSearchConnectionParent;
  MediaInput: MediaInput;
  SelectedOptionInput: SelectedOptionInput;
  VariantInput: VariantInput;
  BundlePartInput: BundlePartInput;
  CreateProductInput: CreateProductInput;
  UpdateProductInput: UpdateProductInput;
  PublishProductInput: PublishProductInput;
  AdjustStockInput: AdjustStockInput;
  CreateStockLocationInput: CreateStockLocationInput;
  UpdateStockLocationInput: UpdateStockLocationInput;
  ImportProductInput: ImportProductInput;
  ImportProductsInput: ImportProductsInput;
  ImportedProduct: ImportedProduct;
  ImportedVariant: ImportedVariant;
  ImportProductsPayload: ImportProductsPayload;
  StockLineInput: StockLineInput;
  HoldStockInput: HoldStockInput;
  OrderStockInput: OrderStockInput;
  RestockStockInput: RestockStockInput;
  StockPayload: StockPayload;
  ProductPayload: Omit<ProductPayload, 'product'> & { product?: Maybe<ResolversParentTypes['Product']> };
  StockLocationPayload: Omit<StockLocationPayload, 'location'> & { location?: Maybe<ResolversParentTypes['StockLocation']> };
  AdjustStockPayload: Omit<AdjustStockPayload, 'variant'> & { variant?: Maybe<ResolversParentTypes['ProductVariant']> };
  StockChange: StockChangeParent;
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
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, Partial<QueryProductArgs>>;
  products?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QueryProductsArgs, 'first' | 'sort'>>;
  search?: Resolver<ResolversTypes['ProductSearchConnection'], ParentType, ContextType, RequireFields<QuerySearchArgs, 'query' | 'first'>>;
  stockLocations?: Resolver<Array<ResolversTypes['StockLocation']>, ParentType, ContextType>;
  categories?: Resolver<Array<ResolversTypes['Category']>, ParentType, ContextType>;
  variants?: Resolver<Array<Maybe<ResolversTypes['ProductVariant']>>, ParentType, ContextType, RequireFields<QueryVariantsArgs, 'ids'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationCreateProductArgs, 'input'>>;
  updateProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationUpdateProductArgs, 'input'>>;
  publishProduct?: Resolver<ResolversTypes['ProductPayload'], ParentType, ContextType, RequireFields<MutationPublishProductArgs, 'input'>>;
  adjustStock?: Resolver<ResolversTypes['AdjustStockPayload'], ParentType, ContextType, RequireFields<MutationAdjustStockArgs, 'input'>>;
  createStockLocation?: Resolver<ResolversTypes['StockLocationPayload'], ParentType, ContextType, RequireFields<MutationCreateStockLocationArgs, 'input'>>;
  updateStockLocation?: Resolver<ResolversTypes['StockLocationPayload'], ParentType, ContextType, RequireFields<MutationUpdateStockLocationArgs, 'input'>>;
  importProducts?: Resolver<ResolversTypes['ImportProductsPayload'], ParentType, ContextType, RequireFields<MutationImportProductsArgs, 'input'>>;
  holdStock?: Resolver<ResolversTypes['StockPayload'], ParentType, ContextType, RequireFields<MutationHoldStockArgs, 'input'>>;
  claimStock?: Resolver<ResolversTypes['StockPayload'], ParentType, ContextType, RequireFields<MutationClaimStockArgs, 'input'>>;
  releaseStock?: Resolver<ResolversTypes['StockPayload'], ParentType, ContextType, RequireFields<MutationReleaseStockArgs, 'input'>>;
  restockStock?: Resolver<ResolversTypes['StockPayload'], ParentType, ContextType, RequireFields<MutationRestockStockArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  stockChanged?: SubscriptionResolver<ResolversTypes['StockChange'], "stockChanged", ParentType, ContextType, RequireFields<SubscriptionStockChangedArgs, 'variantIds'>>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  descriptionHtml?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vendor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  productType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  categories?: Resolver<Array<ResolversTypes['Category']>, ParentType, ContextType>;
  tags?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  media?: Resolver<Array<ResolversTypes['Media']>, ParentType, ContextType>;
  options?: Resolver<Array<ResolversTypes['ProductOption']>, ParentType, ContextType>;
  variants?: Resolver<Array<ResolversTypes['ProductVariant']>, ParentType, ContextType>;
  seller?: Resolver<ResolversTypes['Seller'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ProductStatus'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  publishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type MediaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Media'] = ResolversParentTypes['Media']> = {
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  alt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProductOptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductOption'] = ResolversParentTypes['ProductOption']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  values?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SelectedOptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SelectedOption'] = ResolversParentTypes['SelectedOption']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CategoryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category']> = {
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProductVariantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductVariant'] = ResolversParentTypes['ProductVariant'], FederationReferenceType extends FederationReferenceTypes['ProductVariant'] = FederationReferenceTypes['ProductVariant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ProductVariant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  barcode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  weightGrams?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  selectedOptions?: Resolver<Array<ResolversTypes['SelectedOption']>, ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  maxPerOrder?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  parts?: Resolver<Array<ResolversTypes['BundlePart']>, ParentType, ContextType>;
  availability?: Resolver<ResolversTypes['Availability'], ParentType, ContextType>;
  stock?: Resolver<Array<ResolversTypes['LocationStock']>, ParentType, ContextType>;
  isSold?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  sellerId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type BundlePartResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BundlePart'] = ResolversParentTypes['BundlePart']> = {
  variant?: Resolver<Maybe<ResolversTypes['ProductVariant']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockLocationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockLocation'] = ResolversParentTypes['StockLocation']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type LocationStockResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LocationStock'] = ResolversParentTypes['LocationStock']> = {
  location?: Resolver<ResolversTypes['StockLocation'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reserved?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  onHand?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AvailabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Availability'] = ResolversParentTypes['Availability']> = {
  inStock?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  left?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SellerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Seller'] = ResolversParentTypes['Seller']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type ProductSearchConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductSearchConnection'] = ResolversParentTypes['ProductSearchConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ImportedProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ImportedProduct'] = ResolversParentTypes['ImportedProduct']> = {
  handle?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['ImportOutcome'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  variants?: Resolver<Array<ResolversTypes['ImportedVariant']>, ParentType, ContextType>;
};

export type ImportedVariantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ImportedVariant'] = ResolversParentTypes['ImportedVariant']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ImportProductsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ImportProductsPayload'] = ResolversParentTypes['ImportProductsPayload']> = {
  products?: Resolver<Array<ResolversTypes['ImportedProduct']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockPayload'] = ResolversParentTypes['StockPayload']> = {
  done?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ProductPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductPayload'] = ResolversParentTypes['ProductPayload']> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockLocationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockLocationPayload'] = ResolversParentTypes['StockLocationPayload']> = {
  location?: Resolver<Maybe<ResolversTypes['StockLocation']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AdjustStockPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdjustStockPayload'] = ResolversParentTypes['AdjustStockPayload']> = {
  variant?: Resolver<Maybe<ResolversTypes['ProductVariant']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockChange'] = ResolversParentTypes['StockChange']> = {
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  variant?: Resolver<ResolversTypes['ProductVariant'], ParentType, ContextType>;
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
  Product?: ProductResolvers<ContextType>;
  Media?: MediaResolvers<ContextType>;
  ProductOption?: ProductOptionResolvers<ContextType>;
  SelectedOption?: SelectedOptionResolvers<ContextType>;
  Category?: CategoryResolvers<ContextType>;
  ProductVariant?: ProductVariantResolvers<ContextType>;
  BundlePart?: BundlePartResolvers<ContextType>;
  StockLocation?: StockLocationResolvers<ContextType>;
  LocationStock?: LocationStockResolvers<ContextType>;
  Availability?: AvailabilityResolvers<ContextType>;
  Seller?: SellerResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  ProductSearchConnection?: ProductSearchConnectionResolvers<ContextType>;
  ImportedProduct?: ImportedProductResolvers<ContextType>;
  ImportedVariant?: ImportedVariantResolvers<ContextType>;
  ImportProductsPayload?: ImportProductsPayloadResolvers<ContextType>;
  StockPayload?: StockPayloadResolvers<ContextType>;
  ProductPayload?: ProductPayloadResolvers<ContextType>;
  StockLocationPayload?: StockLocationPayloadResolvers<ContextType>;
  AdjustStockPayload?: AdjustStockPayloadResolvers<ContextType>;
  StockChange?: StockChangeResolvers<ContextType>;
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
