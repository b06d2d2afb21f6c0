/** How a collection would be spread over shards, and what then asks all of them. */
export interface Sharding {
  /** The field whose value says on which shard a document is; null: the collection stays whole. */
  readonly key: string | null
  readonly why: string
  /** Filters that do not fix the key, by their fields: each asks every shard, for this reason. */
  readonly scatter?: Readonly<Record<string, string>>
}

const outbox = {
  'outbox.at': 'the relay looks for facts that wait; a partial index holds nothing else',
  'outbox.dead': 'facts that were given up are counted; a partial index holds nothing else',
}
const overdue = { dueAt: 'a job looks for what stands still; a partial index holds nothing else' }

/** By database and collection. `tests/e2e/shardKeys.e2e.ts` holds it against what the shop really asks; `docs/sharding.md` is made of it. */
export const shardings: Readonly<Record<string, Sharding>> = {
  'users.accounts': {
    key: '_id',
    why: 'everything but a sign-in knows the account',
    scatter: {
      ...outbox,
      email:
        'a sign-in, a sign-up. The unique index on it does not reach over shards: addresses would need a collection keyed by them',
    },
  },
  'users.sessions': {
    key: '_id',
    why: 'each request asks for its session by id, at most once a second',
    scatter: {
      ...outbox,
      familyHash: 'a refresh, once in five minutes for each session. It is 256 random bits, so its unique index may go',
      'revokedAt subject.accountId subject.kind':
        'the sessions of an account: at a sign-in, and for the list of sessions',
      revokedAt: 'gateways ask once in two seconds which sessions have ended; a partial index holds nothing else',
    },
  },
  'users.signUps': {
    key: '_id',
    why: 'keyed by the fingerprint of an address',
    scatter: { ...outbox, 'token.id': 'a mail is answered' },
  },
  'users.resetRequests': { key: '_id', why: 'keyed by the fingerprint of an address', scatter: outbox },
  'users.attempts': { key: '_id', why: 'keyed by account' },
  'users.replays': { key: null, why: 'a few: what administrators have had tried again' },
  'users.audit': { key: null, why: 'one chain, whose entries are written one after the other', scatter: {} },
  'users.auditHeads': { key: null, why: 'one document' },
  'products.products': {
    key: '_id',
    why: 'pages and entities name products by id',
    scatter: {
      ...outbox,
      slug: 'a product page. The unique index on it does not reach over shards: slugs would need a collection keyed by them',
      '$or slug': 'as before, with what the viewer may see',
      '$or _id': 'whether a slug or a SKU is taken: once for each product that is written',
      'variants.id': 'variants of carts and orders, batched. They could be asked by product, if lines named it',
      'status variants.id': 'as before, published only',
      'slug status': 'a product page, published only',
      status: 'lists: every shard sorts its own, and the router merges one page',
      'categories.slug status': 'lists of a category',
      'status words': 'search',
      sellerId: 'the products of a seller',
    },
  },
  'products.categories': { key: null, why: 'a few hundred' },
  'products.locations': { key: null, why: 'a handful' },
  'products.stock': {
    key: 'variantId',
    why: 'all locations of a variant on one shard, so that availability and a hold ask one',
    scatter: {
      ...outbox,
      $or: 'availability that is to be told: sold out, or there again; partial indexes hold nothing else',
      'holds.expiresAt': 'a job looks for holds that have ended',
      _id: 'a change of one place; `_id` is the variant with its location, so the statement can name the variant as well',
    },
  },
  'pricing.prices': { key: '_id', why: 'keyed by variant', scatter: outbox },
  'cart.carts': {
    key: 'owner.id',
    why: 'a cart is asked for by its owner, and the unique index "one active cart of an owner" begins with the key, so that it holds over shards',
    scatter: {
      ...outbox,
      _id: 'checkout asks for the cart that it was told, once for each order; it knows the owner',
    },
  },
  'cart.variantNews': { key: '_id', why: 'keyed by variant' },
  'orders.orders': {
    key: '_id',
    why: 'every step of a checkout names the order',
    scatter: {
      ...outbox,
      ...overdue,
      'idempotencyKey ownerId':
        'a key that comes again. Its unique index does not reach over shards (I14): keys would need a collection keyed by them',
      liveCartId: 'one cart, one living order (C6): as before',
      'state.number': 'the last number given; numbers without gaps come from one place whatever the key',
      $or: 'the orders of a buyer',
    },
  },
  'payments.payments': {
    key: 'orderId',
    why: 'its unique index "one order, one payment" (I8) begins with the key, so that it holds over shards',
    scatter: {
      ...outbox,
      ...overdue,
      _id: 'a step of a payment; the id could carry the order',
      'state.kind updatedAt': 'a job looks for payments that wait for their buyer',
      updatedAt: 'the comparison of the books, every 15 s',
    },
  },
  'payments.payment_inbox': { key: '_id', why: 'keyed by the event of the provider', scatter: overdue },
  'payments.payment_comparisons': { key: null, why: 'one document for each provider' },
  'payments.payment_differences': { key: null, why: 'empty when the books agree' },
  'workers.mails': {
    key: '_id',
    why: 'keyed by the fact that asks for it',
    scatter: { ...overdue, state: 'mails that were given up are counted; a partial index holds nothing else' },
  },
  'workers.board': { key: null, why: 'one document: what waits' },
  'workers.leases': { key: null, why: 'one document for each job and process' },
}
