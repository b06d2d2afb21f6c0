// Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Seller as SellerParent, Account as AccountParent, AuditEntry as AuditEntryParent, AuditEntryConnection as AuditEntryConnectionParent, OutboxState as OutboxStateParent, BackgroundJob as BackgroundJobParent, Context } from './parents.ts';
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
  /** Who is asking: decided by the access token of the request. */
  viewer: Viewer;
  /** The viewer's sessions that stand, the one used last first: one per device and sign-in. */
  sessions: Array<DeviceSession>;
  /** The audit log, youngest entry first. For administrators. */
  auditLog: AuditEntryConnection;
  /** One account, by id or by address. For administrators; null when there is none. */
  account?: Maybe<Account>;
  /** What waits for the workers and what was given up, as they wrote it down last. For administrators; null when they never did. */
  outbox?: Maybe<OutboxState>;
  /** What the workers do by the clock, and how it went. For administrators. */
  jobs: Array<BackgroundJob>;
  /** Reads the whole audit log and reports what was deleted or edited. For `npm run audit:verify`. */
  auditVerification: AuditVerification;
  /** What a mail needs to know; null when it must not go out any more. For the workers. */
  mailing?: Maybe<Mailing>;
  /** Whose orders, placed as a guest, belong to an account; null unless its address is proved. For the orders service. */
  provedBuyer?: Maybe<ProvedBuyer>;
  /** The public keys that verify access tokens, as a JWK set in JSON. For the gateway. */
  jwks: Scalars['String']['output'];
  /** Whether sessions still stand. For the gateway, which asks before it trusts access tokens. */
  sessionStates: Array<SessionState>;
  /** What became of sessions, for the gateway, which closes the sockets of those that have ended. */
  sessionNews: SessionNews;
};


export type QueryAuditLogArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
};


export type QueryAccountArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  email?: InputMaybe<Scalars['String']['input']>;
};


export type QueryAuditVerificationArgs = {
  expected?: InputMaybe<Scalars['String']['input']>;
};


export type QueryMailingArgs = {
  accountId: Scalars['ID']['input'];
  tokenId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryProvedBuyerArgs = {
  accountId: Scalars['ID']['input'];
};


export type QuerySessionStatesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type QuerySessionNewsArgs = {
  since?: InputMaybe<Scalars['DateTime']['input']>;
  check: Array<Scalars['ID']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Starts a session without an account, so that a visitor has a cart and can order. */
  continueAsGuest: SessionPayload;
  /**
   * Creates an account and signs it in; EMAIL_TAKEN when the address has one. With a guest's access token in the header, the guest's cart
   * comes along. Where the shop confirms addresses first (`CONFIRM_EMAIL_FIRST`, always in production unless turned off), nobody is
   * signed in: a mail goes to the address, and the answer is the same whether or not it has an account.
   */
  signUp: SignUpPayload;
  /** Signs in. With a guest's access token in the header, the guest's cart merges into the user's. */
  signIn: SessionPayload;
  /** Exchanges a refresh token for new tokens. Each refresh token works once; using it again ends the session. */
  refreshSession: SessionPayload;
  /** Ends the session of the access token, or all sessions of its account. */
  signOut: SignOutPayload;
  /** Ends one of the viewer's sessions. */
  revokeSession: RevokeSessionPayload;
  /** Changes the password. Every other session of the account ends. */
  changePassword: ChangePasswordPayload;
  /** Sends a mail with a token for `resetPassword`, if there is an account with this address. The answer is the same in any case. */
  requestPasswordReset: RequestPasswordResetPayload;
  /** Sets a new password with a token from a mail. Every session of the account ends. */
  resetPassword: ResetPasswordPayload;
  /** Sends another mail with a token for `verifyEmail`; the first one goes out at sign-up. */
  requestEmailVerification: RequestEmailVerificationPayload;
  /** Proves with a token from a mail that its owner receives mail at the address. The token of a sign-up makes the account and signs it in. */
  verifyEmail: VerifyEmailPayload;
  /** Changes the viewer's profile. */
  updateProfile: UpdateProfilePayload;
  /** Adds an address to the viewer's address book, which holds at most 50. */
  addAddress: AddressBookPayload;
  /** Changes an address of the viewer's address book. */
  updateAddress: AddressBookPayload;
  /** Removes an address from the viewer's address book. Orders keep theirs. */
  removeAddress: AddressBookPayload;
  /** Sets what the viewer likes; what is absent stays. */
  setPreferences: SetPreferencesPayload;
  /** Opens a shop: the viewer sells from now on, under this name. A seller changes the name with it. */
  becomeSeller: BecomeSellerPayload;
  /** Closes the viewer's account for good: personal data is erased, orders stay without it, all sessions end. */
  closeAccount: CloseAccountPayload;
  /** Everything that the shop knows about the viewer: the account as JSON, and what other parts of the shop add to `data`. */
  exportMyData: ExportMyDataPayload;
  /** Shuts an account and ends its sessions. For administrators. */
  banAccount: AccountPayload;
  /** Opens an account again. For administrators. */
  unbanAccount: AccountPayload;
  /** Gives a role to an account. For administrators. */
  grantRole: AccountPayload;
  /** Takes a role from an account. For administrators. */
  revokeRole: AccountPayload;
  /** Has given-up events of a queue tried again: one, or at most 1,000. The answer comes before it is done; `outbox` shows it. NOT_FOUND for a queue that is not there. For administrators. */
  replayEvents: ReplayEventsPayload;
  /** Makes an account an administrator. For `npm run admin`. */
  makeAdmin: MakeAdminPayload;
  /** Makes sure that an account exists, with its roles: the seed's way to the first sellers and administrators. An existing account is left as it is. */
  ensureAccount: EnsureAccountPayload;
};


export type MutationSignUpArgs = {
  input: SignUpInput;
};


export type MutationSignInArgs = {
  input: SignInInput;
};


export type MutationRefreshSessionArgs = {
  input: RefreshSessionInput;
};


export type MutationSignOutArgs = {
  input: SignOutInput;
};


export type MutationRevokeSessionArgs = {
  input: RevokeSessionInput;
};


export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


export type MutationRequestPasswordResetArgs = {
  input: RequestPasswordResetInput;
};


export type MutationResetPasswordArgs = {
  input: ResetPasswordInput;
};


export type MutationVerifyEmailArgs = {
  input: VerifyEmailInput;
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationAddAddressArgs = {
  input: AddAddressInput;
};


export type MutationUpdateAddressArgs = {
  input: UpdateAddressInput;
};


export type MutationRemoveAddressArgs = {
  input: RemoveAddressInput;
};


export type MutationSetPreferencesArgs = {
  input: SetPreferencesInput;
};


export type MutationBecomeSellerArgs = {
  input: BecomeSellerInput;
};


export type MutationCloseAccountArgs = {
  input: CloseAccountInput;
};


export type MutationExportMyDataArgs = {
  input: ExportMyDataInput;
};


export type MutationBanAccountArgs = {
  input: BanAccountInput;
};


export type MutationUnbanAccountArgs = {
  input: UnbanAccountInput;
};


export type MutationGrantRoleArgs = {
  input: GrantRoleInput;
};


export type MutationRevokeRoleArgs = {
  input: RevokeRoleInput;
};


export type MutationReplayEventsArgs = {
  input: ReplayEventsInput;
};


export type MutationMakeAdminArgs = {
  input: MakeAdminInput;
};


export type MutationEnsureAccountArgs = {
  input: EnsureAccountInput;
};

/** What kind of viewer asks. */
export type ViewerKind =
  /** No access token: may browse. */
  | 'ANONYMOUS'
  /** A visitor with a session but no account: may also have a cart and order. */
  | 'GUEST'
  /** A signed-in account. */
  | 'USER';

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

/** The person or program behind the request. */
export type Viewer = {
  __typename?: 'Viewer';
  /** Account or guest id; null for anonymous viewers. */
  id?: Maybe<Scalars['ID']['output']>;
  /** Anonymous, guest or user. */
  kind: ViewerKind;
  /** E-mail address of the account; null for guests. */
  email?: Maybe<Scalars['String']['output']>;
  /** Name of the account; null for guests. */
  name?: Maybe<Scalars['String']['output']>;
  /** The name of the viewer's shop; null for who never sold. */
  shopName?: Maybe<Scalars['String']['output']>;
  /** The address book, the default address first; empty for guests. */
  addresses: Array<SavedAddress>;
  /** What the viewer likes; null for guests. */
  preferences?: Maybe<Preferences>;
  /** Whether the owner has proved to receive mail at the address; false for guests. */
  isEmailVerified: Scalars['Boolean']['output'];
  /** Roles of the account; empty for guests. */
  roles: Array<Role>;
  /** When the session ends at the latest; null for anonymous viewers. */
  sessionExpiresAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Somebody who sells in this shop. */
export type Seller = {
  __typename?: 'Seller';
  /** The id of the seller's account. */
  id: Scalars['ID']['output'];
  /** The name buyers see. */
  shopName: Scalars['String']['output'];
};

/** A pair of tokens. Send the access token as `Authorization: Bearer ...` and keep the refresh token secret. */
export type Session = {
  __typename?: 'Session';
  /** JWT (ES256, RFC 9068), valid for minutes. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires. */
  accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** Opaque token for `refreshSession`; works once. */
  refreshToken: Scalars['String']['output'];
  /** When the refresh token expires unless it is used. */
  refreshTokenExpiresAt: Scalars['DateTime']['output'];
};

/** A session as its owner sees it: one device, from sign-in to sign-out. */
export type DeviceSession = {
  __typename?: 'DeviceSession';
  /** Opaque id, for `revokeSession`. */
  id: Scalars['ID']['output'];
  /** What the browser or app called itself at the sign-in (User-Agent); may be empty. */
  device: Scalars['String']['output'];
  /** When it signed in. */
  createdAt: Scalars['DateTime']['output'];
  /** When it last exchanged its refresh token, or signed in. */
  lastUsedAt: Scalars['DateTime']['output'];
  /** When it ends unless it is used. */
  expiresAt: Scalars['DateTime']['output'];
  /** True for the session that asks. */
  isCurrent: Scalars['Boolean']['output'];
};

/** Acts that the audit log keeps. */
export type AuditAction =
  /** The seed made an account with its roles. */
  | 'ACCOUNT_CREATED'
  /** An administrator shut an account. */
  | 'ACCOUNT_BANNED'
  /** An owner closed an account. */
  | 'ACCOUNT_CLOSED'
  /** An administrator opened an account again. */
  | 'ACCOUNT_UNBANNED'
  /** An owner exported the data of an account. */
  | 'DATA_EXPORTED'
  /** An owner proved to receive mail at the address. */
  | 'EMAIL_VERIFIED'
  /** An administrator had given-up events tried again. */
  | 'EVENTS_REPLAYED'
  /** Somebody canceled an order. */
  | 'ORDER_CANCELED'
  /** Somebody placed an order. */
  | 'ORDER_PLACED'
  /** An owner changed the password. */
  | 'PASSWORD_CHANGED'
  /** A password was set with a token from a mail. */
  | 'PASSWORD_RESET'
  /** Somebody asked for a mail to set a new password. */
  | 'PASSWORD_RESET_REQUESTED'
  /** A buyer went on with a payment after an action at the provider. */
  | 'PAYMENT_CONFIRMED'
  /** Somebody of the shop gave money back. */
  | 'PAYMENT_REFUNDED'
  /** Prices were set; of several variants the target is the first. */
  | 'PRICES_SET'
  /** An import wrote products of a seller, who is the target. */
  | 'PRODUCTS_IMPORTED'
  /** Somebody made a product. */
  | 'PRODUCT_CREATED'
  /** Somebody made a product visible to buyers. */
  | 'PRODUCT_PUBLISHED'
  /** Somebody changed a product. */
  | 'PRODUCT_UPDATED'
  /** A used refresh token came back, so its session was ended. */
  | 'REFRESH_TOKEN_REUSED'
  /** An account got a role. */
  | 'ROLE_GRANTED'
  /** An account lost a role. */
  | 'ROLE_REVOKED'
  /** One session was ended from a list. */
  | 'SESSION_REVOKED'
  /** Somebody signed in. */
  | 'SIGNED_IN'
  /** Somebody signed out. */
  | 'SIGNED_OUT'
  /** Somebody signed out on all devices. */
  | 'SIGNED_OUT_EVERYWHERE'
  /** Somebody created an account. */
  | 'SIGNED_UP'
  /** A sign-in with a wrong password or an unknown address. */
  | 'SIGN_IN_FAILED'
  /** Somebody changed the stock of a variant. */
  | 'STOCK_ADJUSTED'
  /** A place that stock is kept at was added. */
  | 'STOCK_LOCATION_CREATED'
  /** Name, priority or state of such a place were changed. */
  | 'STOCK_LOCATION_UPDATED';

/** Who did what to whom, from where. Entries are added and never changed; each one's hash covers the one before. */
export type AuditEntry = {
  __typename?: 'AuditEntry';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** Number of the entry: 1, 2, 3 ... */
  seq: Scalars['Int']['output'];
  /** When it was done. */
  at: Scalars['DateTime']['output'];
  /** What was done. */
  action: AuditAction;
  /** anonymous, guest, user or service. */
  actorKind: Scalars['String']['output'];
  /** Account or guest id, or the name of the service; null for anonymous. */
  actorId?: Maybe<Scalars['String']['output']>;
  /** Id of the account, session, order, payment, product or variant it was done to. */
  target?: Maybe<Scalars['String']['output']>;
  /** Network address of who did it; empty when it came from inside. */
  address: Scalars['String']['output'];
  /** Id of the request, as in the logs. */
  requestId: Scalars['String']['output'];
  /** SHA-256 over the entry and the hash before it, in base64url. */
  hash: Scalars['String']['output'];
};

/** A page of the audit log. */
export type AuditEntryConnection = {
  __typename?: 'AuditEntryConnection';
  /** The items with their cursors. */
  edges: Array<AuditEntryEdge>;
  /** The items. */
  nodes: Array<AuditEntry>;
  /** Where the page lies. */
  pageInfo: PageInfo;
  /** Number of entries that meet the filter. */
  totalCount: Scalars['Int']['output'];
};

/** An item of a page of the audit log. */
export type AuditEntryEdge = {
  __typename?: 'AuditEntryEdge';
  /** Position in the list, for `after`. */
  cursor: Scalars['String']['output'];
  /** The entry. */
  node: AuditEntry;
};

/** Conditions that an entry must meet, all of them. */
export type AuditFilter = {
  /** What was done. */
  action?: InputMaybe<AuditAction>;
  /** Who did it. */
  actorId?: InputMaybe<Scalars['String']['input']>;
  /** To whom it was done. */
  target?: InputMaybe<Scalars['String']['input']>;
  /** Not before this time. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What a check of the audit log found. */
export type AuditVerification = {
  __typename?: 'AuditVerification';
  /** Number of entries. */
  entries: Scalars['Int']['output'];
  /** Number and hash of the last entry: kept elsewhere, they prove later that nothing before it was touched. */
  head: Scalars['String']['output'];
  /** What is wrong; empty when nothing is. */
  problems: Array<Scalars['String']['output']>;
};

/** What waits for the workers, at one moment. */
export type OutboxState = {
  __typename?: 'OutboxState';
  /** When the workers looked: every 5 s while they run. */
  asOf: Scalars['DateTime']['output'];
  /** Events on their way to their consumers and mails to be sent, all queues together. */
  pending: Scalars['Int']['output'];
  /** Events and mails that were given up. */
  dead: Scalars['Int']['output'];
  /** Milliseconds for which the oldest on its way has waited; 0 when none waits. */
  lagMs: Scalars['Int']['output'];
  /** Each queue by itself. */
  queues: Array<QueueState>;
  /** Some of what was given up, 100 at most. */
  deadLetters: Array<DeadLetter>;
};

/** One queue: the outboxes in the documents of a collection, or the mails. */
export type QueueState = {
  __typename?: 'QueueState';
  /** Name of the collection, or `mails`. */
  name: Scalars['String']['output'];
  /** On their way. */
  pending: Scalars['Int']['output'];
  /** Given up. */
  dead: Scalars['Int']['output'];
  /** Milliseconds for which the oldest on its way has waited; 0 when none waits. */
  lagMs: Scalars['Int']['output'];
};

/** An event or a mail that was given up after all its attempts. */
export type DeadLetter = {
  __typename?: 'DeadLetter';
  /** Opaque id: the `eventId` of `replayEvents`. */
  id: Scalars['ID']['output'];
  /** The queue that it is in. */
  queue: Scalars['String']['output'];
  /** Type of the event. */
  type: Scalars['String']['output'];
  /** Id of what it is about. */
  aggregateId: Scalars['ID']['output'];
  /** Why it was given up, in one line without personal data. */
  reason: Scalars['String']['output'];
};

/** Something that the workers do by the clock, in one process at a time. */
export type BackgroundJob = {
  __typename?: 'BackgroundJob';
  /** Its name; `relay` is the delivery of events, where no Redis divides it. */
  name: Scalars['String']['output'];
  /** Whether a process has it now. */
  isHeld: Scalars['Boolean']['output'];
  /** When it ran, as it was written down last: at least every 10 s while it runs; null when it never did. */
  lastRunAt?: Maybe<Scalars['DateTime']['output']>;
  /** Milliseconds that it took. */
  tookMs?: Maybe<Scalars['Int']['output']>;
  /** Why it failed; null when it did not. */
  failure?: Maybe<Scalars['String']['output']>;
};

/** Whom a mail goes to, and the token it carries. For the workers. */
export type Mailing = {
  __typename?: 'Mailing';
  /** E-mail address. */
  to: Scalars['String']['output'];
  /** Name of the person. */
  name: Scalars['String']['output'];
  /** The token in clear; null for mails without one. */
  token?: Maybe<Scalars['String']['output']>;
};

/** What an account may claim of what was ordered without it. For the orders service. */
export type ProvedBuyer = {
  __typename?: 'ProvedBuyer';
  /** Its address, normalised: the owner has proved to receive mail there. */
  email: Scalars['String']['output'];
  /** The guests that its sign-ins have absorbed. */
  guestIds: Array<Scalars['ID']['output']>;
};

/** An address of an address book. */
export type SavedAddress = {
  __typename?: 'SavedAddress';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** The address. */
  address: Address;
};

/** What somebody likes. */
export type Preferences = {
  __typename?: 'Preferences';
  /** Language tag of BCP 47, for example `de-AT`; null: whatever the browser says. */
  locale?: Maybe<Scalars['String']['output']>;
  /** Currency of prices; null: the currency of the shop. */
  currency?: Maybe<Scalars['CurrencyCode']['output']>;
  /** Whether the owner wants to hear about offers. */
  marketingConsent: Scalars['Boolean']['output'];
};

/** An account as administrators see it. */
export type Account = {
  __typename?: 'Account';
  /** Opaque id. */
  id: Scalars['ID']['output'];
  /** E-mail address. */
  email: Scalars['String']['output'];
  /** Name of the person. */
  name: Scalars['String']['output'];
  /** What it may do. */
  roles: Array<Role>;
  /** The name of its shop; null for who never sold. */
  shopName?: Maybe<Scalars['String']['output']>;
  /** Whether its owner has proved to receive mail at the address. */
  isEmailVerified: Scalars['Boolean']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When an administrator shut it; null while it is open. */
  bannedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What became of sessions since a moment. For the gateway. */
export type SessionNews = {
  __typename?: 'SessionNews';
  /** The moment of this answer. */
  asOf: Scalars['DateTime']['output'];
  /** Sessions that have ended since, at most 10,000; some may have been told before. */
  ended: Array<Scalars['ID']['output']>;
  /** How those stand that were asked for. */
  states: Array<SessionState>;
};

/** Whether a session stands, and what its account may do now. For the gateway. */
export type SessionState = {
  __typename?: 'SessionState';
  /** The session. */
  id: Scalars['ID']['output'];
  /** True while neither signed out, revoked nor expired. */
  active: Scalars['Boolean']['output'];
  /** Current roles of the account. */
  roles: Array<Role>;
};

/** An account to be created. */
export type SignUpInput = {
  /** E-mail address; compared without regard to case. */
  email: Scalars['String']['input'];
  /** 12 to 128 characters, any characters; well-known passwords are refused (OWASP ASVS 6.2). */
  password: Scalars['String']['input'];
  /** Name of the person, 1 to 200 characters. */
  name: Scalars['String']['input'];
};

/** Credentials of an account. */
export type SignInInput = {
  /** E-mail address; compared without regard to case. */
  email: Scalars['String']['input'];
  /** The account's password. */
  password: Scalars['String']['input'];
};

/** The token to exchange. */
export type RefreshSessionInput = {
  /** The refresh token of the last sign-in or refresh. */
  refreshToken: Scalars['String']['input'];
};

/** How far signing out goes. */
export type SignOutInput = {
  /** True ends every session of the account, on all devices. */
  everywhere: Scalars['Boolean']['input'];
};

/** The session to end. */
export type RevokeSessionInput = {
  /** One of `sessions`. */
  id: Scalars['ID']['input'];
};

/** A new password. */
export type ChangePasswordInput = {
  /** The password until now. */
  currentPassword: Scalars['String']['input'];
  /** 12 to 128 characters, any characters; well-known passwords are refused (OWASP ASVS 6.2). */
  newPassword: Scalars['String']['input'];
};

/** Whose password is forgotten. */
export type RequestPasswordResetInput = {
  /** E-mail address of the account. */
  email: Scalars['String']['input'];
};

/** A new password for who got the mail. */
export type ResetPasswordInput = {
  /** The token from the mail: works once, for 10 minutes. */
  token: Scalars['String']['input'];
  /** 12 to 128 characters, any characters; well-known passwords are refused (OWASP ASVS 6.2). */
  newPassword: Scalars['String']['input'];
};

/** The proof that a mail arrived. */
export type VerifyEmailInput = {
  /** The token from the mail: works once, for 24 hours. */
  token: Scalars['String']['input'];
};

/** A profile. */
export type UpdateProfileInput = {
  /** Name of the person, 1 to 200 characters. */
  name: Scalars['String']['input'];
};

/** An address for the address book. */
export type AddAddressInput = {
  /** The address. */
  address: AddressInput;
  /** True makes it the one that is offered first. */
  isDefault?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A changed address of the address book. */
export type UpdateAddressInput = {
  /** One of `Viewer.addresses`. */
  id: Scalars['ID']['input'];
  /** The address as it is now. */
  address: AddressInput;
  /** True makes it the one that is offered first. */
  isDefault?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The address to remove. */
export type RemoveAddressInput = {
  /** One of `Viewer.addresses`. */
  id: Scalars['ID']['input'];
};

/** What somebody likes. Absent: as before; null: no preference. */
export type SetPreferencesInput = {
  /** Language tag of BCP 47, for example `de-AT`. */
  locale?: InputMaybe<Scalars['String']['input']>;
  /** Currency of prices. */
  currency?: InputMaybe<Scalars['CurrencyCode']['input']>;
  /** Whether the owner wants to hear about offers. */
  marketingConsent?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A shop to be opened. */
export type BecomeSellerInput = {
  /** The name buyers see, 1 to 200 characters. */
  shopName: Scalars['String']['input'];
};

/** Closing an account needs its password once more. */
export type CloseAccountInput = {
  /** The account's password. */
  password: Scalars['String']['input'];
};

/** An export needs the account's password once more. */
export type ExportMyDataInput = {
  /** The account's password. */
  password: Scalars['String']['input'];
};

/** The account to shut. */
export type BanAccountInput = {
  /** The account. */
  id: Scalars['ID']['input'];
};

/** Which given-up events are tried again. */
export type ReplayEventsInput = {
  /** Name of the queue in `outbox`. */
  queue: Scalars['String']['input'];
  /** The one; absent: all, at most 1,000 at once. */
  eventId?: InputMaybe<Scalars['ID']['input']>;
};

/** The account to open again. */
export type UnbanAccountInput = {
  /** The account. */
  id: Scalars['ID']['input'];
};

/** A role for an account. */
export type GrantRoleInput = {
  /** The account. */
  id: Scalars['ID']['input'];
  /** The role. */
  role: Role;
};

/** A role that an account loses. */
export type RevokeRoleInput = {
  /** The account. */
  id: Scalars['ID']['input'];
  /** The role. */
  role: Role;
};

/** The account of the first administrator. */
export type MakeAdminInput = {
  /** E-mail address of an account that exists. */
  email: Scalars['String']['input'];
};

/** An account that shall exist. */
export type EnsureAccountInput = {
  /** Id to give it; a new one when absent. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** E-mail address; compared without regard to case. */
  email: Scalars['String']['input'];
  /** 12 to 128 characters; well-known passwords are refused. */
  password: Scalars['String']['input'];
  /** Name of the person, 1 to 200 characters. */
  name: Scalars['String']['input'];
  /** Roles; everybody buys. */
  roles: Array<Role>;
  /** The name buyers see, 1 to 200 characters; needed with the role SELLER. */
  shopName?: InputMaybe<Scalars['String']['input']>;
};

/** Answer of every mutation that starts or renews a session. */
export type SessionPayload = {
  __typename?: 'SessionPayload';
  /** The tokens; null when refused. */
  session?: Maybe<Session>;
  /** The viewer the tokens stand for; null when refused. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `signUp`. */
export type SignUpPayload = {
  __typename?: 'SignUpPayload';
  /** The tokens; null when refused, and when the address has to be confirmed first. */
  session?: Maybe<Session>;
  /** The viewer the tokens stand for; null like the tokens. */
  viewer?: Maybe<Viewer>;
  /** True when a mail is on its way: to a new address with a token for `verifyEmail`, to the owner of an account with what to do. */
  confirmationSent: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `signOut`. */
export type SignOutPayload = {
  __typename?: 'SignOutPayload';
  /** How many sessions were ended. */
  endedSessions: Scalars['Int']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `revokeSession`. */
export type RevokeSessionPayload = {
  __typename?: 'RevokeSessionPayload';
  /** The sessions that are left; null when refused. */
  sessions?: Maybe<Array<DeviceSession>>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `changePassword`. */
export type ChangePasswordPayload = {
  __typename?: 'ChangePasswordPayload';
  /** The viewer; null when refused. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `requestPasswordReset`: tells nothing about the address. */
export type RequestPasswordResetPayload = {
  __typename?: 'RequestPasswordResetPayload';
  /** True when the request was taken, whether or not there is an account. */
  accepted: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `resetPassword`. */
export type ResetPasswordPayload = {
  __typename?: 'ResetPasswordPayload';
  /** True when the new password is set. */
  done: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `requestEmailVerification`. */
export type RequestEmailVerificationPayload = {
  __typename?: 'RequestEmailVerificationPayload';
  /** True when the request was taken; no mail goes out when the address is proved already. */
  accepted: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `verifyEmail`. */
export type VerifyEmailPayload = {
  __typename?: 'VerifyEmailPayload';
  /** True when the address is proved. */
  verified: Scalars['Boolean']['output'];
  /** The tokens of the account that the token has made; null when the account was there before, or the token was refused. */
  session?: Maybe<Session>;
  /** The viewer the tokens stand for; null like the tokens. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `updateProfile`. */
export type UpdateProfilePayload = {
  __typename?: 'UpdateProfilePayload';
  /** The viewer; null when refused. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of every mutation that changes the address book. */
export type AddressBookPayload = {
  __typename?: 'AddressBookPayload';
  /** The address book, the default address first; null when refused. */
  addresses?: Maybe<Array<SavedAddress>>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `setPreferences`. */
export type SetPreferencesPayload = {
  __typename?: 'SetPreferencesPayload';
  /** The viewer; null when refused. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `becomeSeller`. The access token has the new role within a second. */
export type BecomeSellerPayload = {
  __typename?: 'BecomeSellerPayload';
  /** The viewer; null when refused. */
  viewer?: Maybe<Viewer>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `closeAccount`. */
export type CloseAccountPayload = {
  __typename?: 'CloseAccountPayload';
  /** True when the account is closed. */
  closed: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** What the shop knows about a person besides the account: each part of the shop adds its own. */
export type PersonalData = {
  __typename?: 'PersonalData';
  /** Id of the account. */
  id: Scalars['ID']['output'];
};

/** Answer of `exportMyData`. */
export type ExportMyDataPayload = {
  __typename?: 'ExportMyDataPayload';
  /** The account with addresses, preferences, sessions and acts, as a JSON document; null when refused. */
  json?: Maybe<Scalars['String']['output']>;
  /** Orders and cart; null when refused. */
  data?: Maybe<PersonalData>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of what administrators do with an account. */
export type AccountPayload = {
  __typename?: 'AccountPayload';
  /** The account as it is now; null when refused. */
  account?: Maybe<Account>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `makeAdmin`. */
export type MakeAdminPayload = {
  __typename?: 'MakeAdminPayload';
  /** Id of the account; null when refused. */
  accountId?: Maybe<Scalars['ID']['output']>;
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `replayEvents`. */
export type ReplayEventsPayload = {
  __typename?: 'ReplayEventsPayload';
  /** True when the workers will do it. */
  requested: Scalars['Boolean']['output'];
  /** Why it was refused; empty on success. */
  userErrors: Array<UserError>;
};

/** Answer of `ensureAccount`. */
export type EnsureAccountPayload = {
  __typename?: 'EnsureAccountPayload';
  /** Id of the account, new or found; null when refused. */
  accountId?: Maybe<Scalars['ID']['output']>;
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
  Seller: Seller;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Seller:
    ( { __typename: 'Seller' }
    & GraphQLRecursivePick<FederationTypes['Seller'], {"id":true}> );
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
  ViewerKind: ViewerKind;
  Role: Role;
  Viewer: ResolverTypeWrapper<Viewer>;
  Seller: ResolverTypeWrapper<SellerParent>;
  Session: ResolverTypeWrapper<Session>;
  DeviceSession: ResolverTypeWrapper<DeviceSession>;
  AuditAction: AuditAction;
  AuditEntry: ResolverTypeWrapper<AuditEntryParent>;
  AuditEntryConnection: ResolverTypeWrapper<AuditEntryConnectionParent>;
  AuditEntryEdge: ResolverTypeWrapper<Omit<AuditEntryEdge, 'node'> & { node: ResolversTypes['AuditEntry'] }>;
  AuditFilter: AuditFilter;
  AuditVerification: ResolverTypeWrapper<AuditVerification>;
  OutboxState: ResolverTypeWrapper<OutboxStateParent>;
  QueueState: ResolverTypeWrapper<QueueState>;
  DeadLetter: ResolverTypeWrapper<DeadLetter>;
  BackgroundJob: ResolverTypeWrapper<BackgroundJobParent>;
  Mailing: ResolverTypeWrapper<Mailing>;
  ProvedBuyer: ResolverTypeWrapper<ProvedBuyer>;
  SavedAddress: ResolverTypeWrapper<SavedAddress>;
  Preferences: ResolverTypeWrapper<Preferences>;
  Account: ResolverTypeWrapper<AccountParent>;
  SessionNews: ResolverTypeWrapper<SessionNews>;
  SessionState: ResolverTypeWrapper<SessionState>;
  SignUpInput: SignUpInput;
  SignInInput: SignInInput;
  RefreshSessionInput: RefreshSessionInput;
  SignOutInput: SignOutInput;
  RevokeSessionInput: RevokeSessionInput;
  ChangePasswordInput: ChangePasswordInput;
  RequestPasswordResetInput: RequestPasswordResetInput;
  ResetPasswordInput: ResetPasswordInput;
  VerifyEmailInput: VerifyEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  AddAddressInput: AddAddressInput;
  UpdateAddressInput: UpdateAddressInput;
  RemoveAddressInput: RemoveAddressInput;
  SetPreferencesInput: SetPreferencesInput;
  BecomeSellerInput: BecomeSellerInput;
  CloseAccountInput: CloseAccountInput;
  ExportMyDataInput: ExportMyDataInput;
  BanAccountInput: BanAccountInput;
  ReplayEventsInput: ReplayEventsInput;
  UnbanAccountInput: UnbanAccountInput;
  GrantRoleInput: GrantRoleInput;
  RevokeRoleInput: RevokeRoleInput;
  MakeAdminInput: MakeAdminInput;
  EnsureAccountInput: EnsureAccountInput;
  SessionPayload: ResolverTypeWrapper<SessionPayload>;
  SignUpPayload: ResolverTypeWrapper<SignUpPayload>;
  SignOutPayload: ResolverTypeWrapper<SignOutPayload>;
  RevokeSessionPayload: ResolverTypeWrapper<RevokeSessionPayload>;
  ChangePasswordPayload: ResolverTypeWrapper<ChangePasswordPayload>;
  RequestPasswordResetPayload: ResolverTypeWrapper<RequestPasswordResetPayload>;
  ResetPasswordPayload: ResolverTypeWrapper<ResetPasswordPayload>;
  RequestEmailVerificationPayload: ResolverTypeWrapper<RequestEmailVerificationPayload>;
  VerifyEmailPayload: ResolverTypeWrapper<VerifyEmailPayload>;
  UpdateProfilePayload: ResolverTypeWrapper<UpdateProfilePayload>;
  AddressBookPayload: ResolverTypeWrapper<AddressBookPayload>;
  SetPreferencesPayload: ResolverTypeWrapper<SetPreferencesPayload>;
  BecomeSellerPayload: ResolverTypeWrapper<BecomeSellerPayload>;
  CloseAccountPayload: ResolverTypeWrapper<CloseAccountPayload>;
  PersonalData: ResolverTypeWrapper<PersonalData>;
  ExportMyDataPayload: ResolverTypeWrapper<ExportMyDataPayload>;
  AccountPayload: ResolverTypeWrapper<Omit<AccountPayload, 'account'> & { account?: Maybe<ResolversTypes['Account']> }>;
  MakeAdminPayload: ResolverTypeWrapper<MakeAdminPayload>;
  ReplayEventsPayload: ResolverTypeWrapper<ReplayEventsPayload>;
  EnsureAccountPayload: ResolverTypeWrapper<EnsureAccountPayload>;
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
  Viewer: Viewer;
  Seller: SellerParent;
  Session: Session;
  DeviceSession: DeviceSession;
  AuditEntry: AuditEntryParent;
  AuditEntryConnection: AuditEntryConnectionParent;
  AuditEntryEdge: Omit<AuditEntryEdge, 'node'> & { node: ResolversParentTypes['AuditEntry'] };
  AuditFilter: AuditFilter;
  AuditVerification: AuditVerification;
  OutboxState: OutboxStateParent;
  QueueState: QueueState;
  DeadLetter: DeadLetter;
  BackgroundJob: BackgroundJobParent;
  Mailing: Mailing;
  ProvedBuyer: ProvedBuyer;
  SavedAddress: SavedAddress;
  Preferences: Preferences;
  Account: AccountParent;
  SessionNews: SessionNews;
  SessionState: SessionState;
  SignUpInput: SignUpInput;
  SignInInput: SignInInput;
  RefreshSessionInput: RefreshSessionInput;
  SignOutInput: SignOutInput;
  RevokeSessionInput: RevokeSessionInput;
  ChangePasswordInput: ChangePasswordInput;
  RequestPasswordResetInput: RequestPasswordResetInput;
  ResetPasswordInput: ResetPasswordInput;
  VerifyEmailInput: VerifyEmailInput;
  UpdateProfileInput: UpdateProfileInput;
  AddAddressInput: AddAddressInput;
  UpdateAddressInput: UpdateAddressInput;
  RemoveAddressInput: RemoveAddressInput;
  SetPreferencesInput: SetPreferencesInput;
  BecomeSellerInput: BecomeSellerInput;
  CloseAccountInput: CloseAccountInput;
  ExportMyDataInput: ExportMyDataInput;
  BanAccountInput: BanAccountInput;
  ReplayEventsInput: ReplayEventsInput;
  UnbanAccountInput: UnbanAccountInput;
  GrantRoleInput: GrantRoleInput;
  RevokeRoleInput: RevokeRoleInput;
  MakeAdminInput: MakeAdminInput;
  EnsureAccountInput: EnsureAccountInput;
  SessionPayload: SessionPayload;
  SignUpPayload: SignUpPayload;
  SignOutPayload: SignOutPayload;
  RevokeSessionPayload: RevokeSessionPayload;
  ChangePasswordPayload: ChangePasswordPayload;
  RequestPasswordResetPayload: RequestPasswordResetPayload;
  ResetPasswordPayload: ResetPasswordPayload;
  RequestEmailVerificationPayload: RequestEmailVerificationPayload;
  VerifyEmailPayload: VerifyEmailPayload;
  UpdateProfilePayload: UpdateProfilePayload;
  AddressBookPayload: AddressBookPayload;
  SetPreferencesPayload: SetPreferencesPayload;
  BecomeSellerPayload: BecomeSellerPayload;
  CloseAccountPayload: CloseAccountPayload;
  PersonalData: PersonalData;
  ExportMyDataPayload: ExportMyDataPayload;
  AccountPayload: Omit<AccountPayload, 'account'> & { account?: Maybe<ResolversParentTypes['Account']> };
  MakeAdminPayload: MakeAdminPayload;
  ReplayEventsPayload: ReplayEventsPayload;
  EnsureAccountPayload: EnsureAccountPayload;
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
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  sessions?: Resolver<Array<ResolversTypes['DeviceSession']>, ParentType, ContextType>;
  auditLog?: Resolver<ResolversTypes['AuditEntryConnection'], ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType, Partial<QueryAccountArgs>>;
  outbox?: Resolver<Maybe<ResolversTypes['OutboxState']>, ParentType, ContextType>;
  jobs?: Resolver<Array<ResolversTypes['BackgroundJob']>, ParentType, ContextType>;
  auditVerification?: Resolver<ResolversTypes['AuditVerification'], ParentType, ContextType, Partial<QueryAuditVerificationArgs>>;
  mailing?: Resolver<Maybe<ResolversTypes['Mailing']>, ParentType, ContextType, RequireFields<QueryMailingArgs, 'accountId'>>;
  provedBuyer?: Resolver<Maybe<ResolversTypes['ProvedBuyer']>, ParentType, ContextType, RequireFields<QueryProvedBuyerArgs, 'accountId'>>;
  jwks?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sessionStates?: Resolver<Array<ResolversTypes['SessionState']>, ParentType, ContextType, RequireFields<QuerySessionStatesArgs, 'ids'>>;
  sessionNews?: Resolver<ResolversTypes['SessionNews'], ParentType, ContextType, RequireFields<QuerySessionNewsArgs, 'check'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  continueAsGuest?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType>;
  signUp?: Resolver<ResolversTypes['SignUpPayload'], ParentType, ContextType, RequireFields<MutationSignUpArgs, 'input'>>;
  signIn?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType, RequireFields<MutationSignInArgs, 'input'>>;
  refreshSession?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType, RequireFields<MutationRefreshSessionArgs, 'input'>>;
  signOut?: Resolver<ResolversTypes['SignOutPayload'], ParentType, ContextType, RequireFields<MutationSignOutArgs, 'input'>>;
  revokeSession?: Resolver<ResolversTypes['RevokeSessionPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'input'>>;
  changePassword?: Resolver<ResolversTypes['ChangePasswordPayload'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  requestPasswordReset?: Resolver<ResolversTypes['RequestPasswordResetPayload'], ParentType, ContextType, RequireFields<MutationRequestPasswordResetArgs, 'input'>>;
  resetPassword?: Resolver<ResolversTypes['ResetPasswordPayload'], ParentType, ContextType, RequireFields<MutationResetPasswordArgs, 'input'>>;
  requestEmailVerification?: Resolver<ResolversTypes['RequestEmailVerificationPayload'], ParentType, ContextType>;
  verifyEmail?: Resolver<ResolversTypes['VerifyEmailPayload'], ParentType, ContextType, RequireFields<MutationVerifyEmailArgs, 'input'>>;
  updateProfile?: Resolver<ResolversTypes['UpdateProfilePayload'], ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  addAddress?: Resolver<ResolversTypes['AddressBookPayload'], ParentType, ContextType, RequireFields<MutationAddAddressArgs, 'input'>>;
  updateAddress?: Resolver<ResolversTypes['AddressBookPayload'], ParentType, ContextType, RequireFields<MutationUpdateAddressArgs, 'input'>>;
  removeAddress?: Resolver<ResolversTypes['AddressBookPayload'], ParentType, ContextType, RequireFields<MutationRemoveAddressArgs, 'input'>>;
  setPreferences?: Resolver<ResolversTypes['SetPreferencesPayload'], ParentType, ContextType, RequireFields<MutationSetPreferencesArgs, 'input'>>;
  becomeSeller?: Resolver<ResolversTypes['BecomeSellerPayload'], ParentType, ContextType, RequireFields<MutationBecomeSellerArgs, 'input'>>;
  closeAccount?: Resolver<ResolversTypes['CloseAccountPayload'], ParentType, ContextType, RequireFields<MutationCloseAccountArgs, 'input'>>;
  exportMyData?: Resolver<ResolversTypes['ExportMyDataPayload'], ParentType, ContextType, RequireFields<MutationExportMyDataArgs, 'input'>>;
  banAccount?: Resolver<ResolversTypes['AccountPayload'], ParentType, ContextType, RequireFields<MutationBanAccountArgs, 'input'>>;
  unbanAccount?: Resolver<ResolversTypes['AccountPayload'], ParentType, ContextType, RequireFields<MutationUnbanAccountArgs, 'input'>>;
  grantRole?: Resolver<ResolversTypes['AccountPayload'], ParentType, ContextType, RequireFields<MutationGrantRoleArgs, 'input'>>;
  revokeRole?: Resolver<ResolversTypes['AccountPayload'], ParentType, ContextType, RequireFields<MutationRevokeRoleArgs, 'input'>>;
  replayEvents?: Resolver<ResolversTypes['ReplayEventsPayload'], ParentType, ContextType, RequireFields<MutationReplayEventsArgs, 'input'>>;
  makeAdmin?: Resolver<ResolversTypes['MakeAdminPayload'], ParentType, ContextType, RequireFields<MutationMakeAdminArgs, 'input'>>;
  ensureAccount?: Resolver<ResolversTypes['EnsureAccountPayload'], ParentType, ContextType, RequireFields<MutationEnsureAccountArgs, 'input'>>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ViewerKind'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  shopName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  addresses?: Resolver<Array<ResolversTypes['SavedAddress']>, ParentType, ContextType>;
  preferences?: Resolver<Maybe<ResolversTypes['Preferences']>, ParentType, ContextType>;
  isEmailVerified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['Role']>, ParentType, ContextType>;
  sessionExpiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SellerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Seller'] = ResolversParentTypes['Seller'], FederationReferenceType extends FederationReferenceTypes['Seller'] = FederationReferenceTypes['Seller']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Seller']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shopName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refreshTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type DeviceSessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeviceSession'] = ResolversParentTypes['DeviceSession']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  device?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isCurrent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  action?: Resolver<ResolversTypes['AuditAction'], ParentType, ContextType>;
  actorKind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actorId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  target?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  address?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditEntryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryConnection'] = ResolversParentTypes['AuditEntryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AuditEntryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryEdge'] = ResolversParentTypes['AuditEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEntry'], ParentType, ContextType>;
};

export type AuditVerificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditVerification'] = ResolversParentTypes['AuditVerification']> = {
  entries?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  head?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  problems?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OutboxStateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutboxState'] = ResolversParentTypes['OutboxState']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dead?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lagMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  queues?: Resolver<Array<ResolversTypes['QueueState']>, ParentType, ContextType>;
  deadLetters?: Resolver<Array<ResolversTypes['DeadLetter']>, ParentType, ContextType>;
};

export type QueueStateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QueueState'] = ResolversParentTypes['QueueState']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dead?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lagMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DeadLetterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetter'] = ResolversParentTypes['DeadLetter']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  queue?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  aggregateId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type BackgroundJobResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BackgroundJob'] = ResolversParentTypes['BackgroundJob']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isHeld?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastRunAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MailingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mailing'] = ResolversParentTypes['Mailing']> = {
  to?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  token?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProvedBuyerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProvedBuyer'] = ResolversParentTypes['ProvedBuyer']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  guestIds?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type SavedAddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SavedAddress'] = ResolversParentTypes['SavedAddress']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  address?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
};

export type PreferencesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Preferences'] = ResolversParentTypes['Preferences']> = {
  locale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  currency?: Resolver<Maybe<ResolversTypes['CurrencyCode']>, ParentType, ContextType>;
  marketingConsent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['Role']>, ParentType, ContextType>;
  shopName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isEmailVerified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  bannedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SessionNewsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionNews'] = ResolversParentTypes['SessionNews']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ended?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  states?: Resolver<Array<ResolversTypes['SessionState']>, ParentType, ContextType>;
};

export type SessionStateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionState'] = ResolversParentTypes['SessionState']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['Role']>, ParentType, ContextType>;
};

export type SessionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionPayload'] = ResolversParentTypes['SessionPayload']> = {
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SignUpPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignUpPayload'] = ResolversParentTypes['SignUpPayload']> = {
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  confirmationSent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SignOutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignOutPayload'] = ResolversParentTypes['SignOutPayload']> = {
  endedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RevokeSessionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionPayload'] = ResolversParentTypes['RevokeSessionPayload']> = {
  sessions?: Resolver<Maybe<Array<ResolversTypes['DeviceSession']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ChangePasswordPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordPayload'] = ResolversParentTypes['ChangePasswordPayload']> = {
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RequestPasswordResetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestPasswordResetPayload'] = ResolversParentTypes['RequestPasswordResetPayload']> = {
  accepted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ResetPasswordPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResetPasswordPayload'] = ResolversParentTypes['ResetPasswordPayload']> = {
  done?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RequestEmailVerificationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestEmailVerificationPayload'] = ResolversParentTypes['RequestEmailVerificationPayload']> = {
  accepted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type VerifyEmailPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerifyEmailPayload'] = ResolversParentTypes['VerifyEmailPayload']> = {
  verified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UpdateProfilePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfilePayload'] = ResolversParentTypes['UpdateProfilePayload']> = {
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AddressBookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddressBookPayload'] = ResolversParentTypes['AddressBookPayload']> = {
  addresses?: Resolver<Maybe<Array<ResolversTypes['SavedAddress']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SetPreferencesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetPreferencesPayload'] = ResolversParentTypes['SetPreferencesPayload']> = {
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type BecomeSellerPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BecomeSellerPayload'] = ResolversParentTypes['BecomeSellerPayload']> = {
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CloseAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CloseAccountPayload'] = ResolversParentTypes['CloseAccountPayload']> = {
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PersonalDataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonalData'] = ResolversParentTypes['PersonalData']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ExportMyDataPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExportMyDataPayload'] = ResolversParentTypes['ExportMyDataPayload']> = {
  json?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  data?: Resolver<Maybe<ResolversTypes['PersonalData']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountPayload'] = ResolversParentTypes['AccountPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MakeAdminPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MakeAdminPayload'] = ResolversParentTypes['MakeAdminPayload']> = {
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReplayEventsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReplayEventsPayload'] = ResolversParentTypes['ReplayEventsPayload']> = {
  requested?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type EnsureAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EnsureAccountPayload'] = ResolversParentTypes['EnsureAccountPayload']> = {
  accountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
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
  Viewer?: ViewerResolvers<ContextType>;
  Seller?: SellerResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  DeviceSession?: DeviceSessionResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  AuditEntryConnection?: AuditEntryConnectionResolvers<ContextType>;
  AuditEntryEdge?: AuditEntryEdgeResolvers<ContextType>;
  AuditVerification?: AuditVerificationResolvers<ContextType>;
  OutboxState?: OutboxStateResolvers<ContextType>;
  QueueState?: QueueStateResolvers<ContextType>;
  DeadLetter?: DeadLetterResolvers<ContextType>;
  BackgroundJob?: BackgroundJobResolvers<ContextType>;
  Mailing?: MailingResolvers<ContextType>;
  ProvedBuyer?: ProvedBuyerResolvers<ContextType>;
  SavedAddress?: SavedAddressResolvers<ContextType>;
  Preferences?: PreferencesResolvers<ContextType>;
  Account?: AccountResolvers<ContextType>;
  SessionNews?: SessionNewsResolvers<ContextType>;
  SessionState?: SessionStateResolvers<ContextType>;
  SessionPayload?: SessionPayloadResolvers<ContextType>;
  SignUpPayload?: SignUpPayloadResolvers<ContextType>;
  SignOutPayload?: SignOutPayloadResolvers<ContextType>;
  RevokeSessionPayload?: RevokeSessionPayloadResolvers<ContextType>;
  ChangePasswordPayload?: ChangePasswordPayloadResolvers<ContextType>;
  RequestPasswordResetPayload?: RequestPasswordResetPayloadResolvers<ContextType>;
  ResetPasswordPayload?: ResetPasswordPayloadResolvers<ContextType>;
  RequestEmailVerificationPayload?: RequestEmailVerificationPayloadResolvers<ContextType>;
  VerifyEmailPayload?: VerifyEmailPayloadResolvers<ContextType>;
  UpdateProfilePayload?: UpdateProfilePayloadResolvers<ContextType>;
  AddressBookPayload?: AddressBookPayloadResolvers<ContextType>;
  SetPreferencesPayload?: SetPreferencesPayloadResolvers<ContextType>;
  BecomeSellerPayload?: BecomeSellerPayloadResolvers<ContextType>;
  CloseAccountPayload?: CloseAccountPayloadResolvers<ContextType>;
  PersonalData?: PersonalDataResolvers<ContextType>;
  ExportMyDataPayload?: ExportMyDataPayloadResolvers<ContextType>;
  AccountPayload?: AccountPayloadResolvers<ContextType>;
  MakeAdminPayload?: MakeAdminPayloadResolvers<ContextType>;
  ReplayEventsPayload?: ReplayEventsPayloadResolvers<ContextType>;
  EnsureAccountPayload?: EnsureAccountPayloadResolvers<ContextType>;
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
