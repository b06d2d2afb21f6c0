/** A guard: one place in the source that keeps a promise, and a test that must fail without it. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** The guard as it stands in the source, once. */
  readonly source: string
  /** What stands there without it. */
  readonly without: string
  readonly test: { readonly file: string; readonly name: string }
}

/** The guards that decide races, repetitions and late writers (docs/proof.md). */
export const guards: readonly Guard[] = [
  {
    name: 'a hold needs free units (C1, I1)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: "  available: { $gte: quantity },\n  'holds.orderId'",
    without: "  'holds.orderId'",
    test: { file: 'subgraphs/products/stock.int.test.ts', name: 'when 40 orders race for one each' },
  },
  {
    name: 'an order holds once (I3)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: "  'holds.orderId': { $ne: orderId },\n  'claims.orderId': { $ne: orderId },\n})",
    without: '})',
    test: { file: 'subgraphs/products/model/stock/stock.int.test.ts', name: 'given two who act for one order' },
  },
  {
    name: 'a closed location gives nothing',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: '  isActive: true,\n',
    without: '',
    test: { file: 'subgraphs/products/model/stock/stock.int.test.ts', name: 'given a place that was closed' },
  },
  {
    name: 'an order restocks once (I2)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: '        { restocks: { $ne: orderId } },\n        { $inc',
    without: '        {},\n        { $inc',
    test: { file: 'subgraphs/products/stock.int.test.ts', name: 'units move and repeating changes nothing' },
  },
  {
    name: 'the fence of an order that is over (R8, F3)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: '({ ended: { $ne: orderId }, restocks: { $ne: orderId } })',
    without: '({ _id: { $ne: orderId } })',
    test: { file: 'subgraphs/products/model/stock/stock.int.test.ts', name: 'given an order that ended' },
  },
  {
    name: 'an adjustment counts once (C13)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: ", 'adjustments.key': { $ne: key } }",
    without: ' }',
    test: { file: 'subgraphs/products/stock.int.test.ts', name: 'given an adjustment whose answer was never stored' },
  },
  {
    name: 'a hold is given back once (I3)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: 'guarded(place, heldBy(taking), {\n        $inc: { available: taking.quantity',
    without: 'guarded(place, {}, {\n        $inc: { available: taking.quantity',
    test: { file: 'subgraphs/products/stockRaces.int.test.ts', name: 'C10: given holds that end' },
  },
  {
    name: 'a hold is sold once (I1)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: '{ ...living(orderId), ...heldBy({ orderId, quantity }) }',
    without: '{ ...living(orderId) }',
    test: { file: 'subgraphs/products/model/stock/stock.int.test.ts', name: 'given two who act for one order' },
  },
  {
    name: 'an adjustment takes what is free and no more (I1)',
    file: 'subgraphs/products/model/stock/changes.ts',
    source: '{ available: { $gte: Math.max(0, -delta) }, ',
    without: '{ ',
    test: { file: 'subgraphs/products/locations.int.test.ts', name: 'given bad input, a code that is taken' },
  },
  {
    name: 'a location that was changed since says what its stock is (R6)',
    file: 'subgraphs/products/model/stock/following.ts',
    source: '{ _id: { $in: ids }, locationV: { $lt: locationV } }',
    without: '{ _id: { $in: ids } }',
    test: { file: 'subgraphs/products/model/stock/stock.int.test.ts', name: 'given the stock of a location has read' },
  },
  {
    name: 'one SKU, one product: unique index',
    file: 'subgraphs/products/model/products.ts',
    source: "products.index({ 'variants.sku': 1 }, { unique: true })",
    without: "products.index({ 'variants.sku': 1 })",
    test: { file: 'subgraphs/products/catalogue.int.test.ts', name: 'given five products with one' },
  },
  {
    name: 'one slug, one product: unique index',
    file: 'subgraphs/products/model/products.ts',
    source: 'products.index({ slug: 1 }, { unique: true })',
    without: 'products.index({ slug: 1 })',
    test: { file: 'subgraphs/products/catalogue.int.test.ts', name: 'given five products with one' },
  },
  {
    name: 'one owner, one active cart: unique index',
    file: 'subgraphs/cart/model/carts.ts',
    source: "name: 'one_active', unique: true, ",
    without: "name: 'one_active', ",
    test: { file: 'subgraphs/cart/shopping.int.test.ts', name: 'when 20 lines of one variant are added at once' },
  },
  {
    name: 'one address, one account: unique index',
    file: 'subgraphs/users/model/accounts.ts',
    source: 'accounts.index({ email: 1 }, { unique: true })',
    without: 'accounts.index({ email: 1 })',
    test: { file: 'subgraphs/users/confirming.int.test.ts', name: 'given two sign-ups for one address' },
  },
  {
    name: 'one chain of audit entries: unique index (I22)',
    file: 'subgraphs/users/model/audit.ts',
    source: 'entries.index({ seq: 1 }, { unique: true })',
    without: 'entries.index({ seq: 1 })',
    test: { file: 'subgraphs/users/audit.int.test.ts', name: 'given a fact that is delivered again' },
  },
  {
    name: 'one key, one order: unique index (I14, C5)',
    file: 'subgraphs/orders/model.ts',
    source: 'orders.index({ ownerId: 1, idempotencyKey: 1 }, { unique: true })',
    without: 'orders.index({ ownerId: 1, idempotencyKey: 1 })',
    test: { file: 'subgraphs/orders/model.int.test.ts', name: '' },
  },
  {
    name: 'one cart, one living order: unique index (C6)',
    file: 'subgraphs/orders/model.ts',
    source: 'orders.index({ liveCartId: 1 }, { unique: true, ',
    without: 'orders.index({ liveCartId: 1 }, { ',
    test: { file: 'subgraphs/orders/placing.int.test.ts', name: 'C6: given 20 keys for one cart at once' },
  },
  {
    name: 'a number belongs to one order: unique index',
    file: 'subgraphs/orders/model.ts',
    source: "orders.index({ 'state.number': 1 }, { unique: true, ",
    without: "orders.index({ 'state.number': 1 }, { ",
    test: { file: 'subgraphs/orders/model.int.test.ts', name: 'given a number is taken' },
  },
  {
    name: 'the fingerprint of an order (C7)',
    file: 'subgraphs/orders/service/placing.ts',
    source: 'if (order.fingerprint !== print)',
    without: "if (order.fingerprint === '')",
    test: { file: 'subgraphs/orders/placing.int.test.ts', name: 'C7: given the same key' },
  },
  {
    name: 'the version check of a write (R6)',
    file: 'platform/store.ts',
    source: 'const guard = { _id: before._id as never, v: before.v }',
    without: 'const guard = { _id: before._id as never }',
    test: { file: 'platform/store.int.test.ts', name: 'when each adds 50 in parallel' },
  },
  {
    name: 'one order, one payment: unique index (I8)',
    file: 'subgraphs/payments/model/payments.ts',
    source: 'payments.index({ orderId: 1 }, { unique: true })',
    without: 'payments.index({ orderId: 1 })',
    test: { file: 'subgraphs/payments/settling.int.test.ts', name: 'given two processes that open a payment' },
  },
  {
    name: 'the inbox mark of a webhook (C9, R7)',
    file: 'subgraphs/payments/model/inbox.ts',
    source: 'insertOnce(() => model.collection.insertOne(entry as never))',
    without: 'insertOnce(() => model.collection.insertOne({ ...entry, _id: entry._id + Math.random() } as never))',
    test: { file: 'subgraphs/payments/hearing.int.test.ts', name: 'given the news come after the answer, ten times' },
  },
  {
    name: 'an outcome counts once (C9)',
    file: 'subgraphs/payments/domain/outcome.ts',
    source: "if (operation?.state !== 'pending') return",
    without: 'if (!operation) return',
    test: {
      file: 'subgraphs/payments/hearing.int.test.ts',
      name: 'given the news come while the answer is on its way',
    },
  },
  {
    name: 'the fence of a provider call (R8)',
    file: 'subgraphs/payments/domain/outcome.ts',
    source: 'if (!isForGood(outcome, operation) && attempt !== operation.attempt) return',
    without: 'if (!isForGood(outcome, operation) && attempt === -1) return',
    test: { file: 'subgraphs/payments/domain/payment.test.ts', name: 'who makes a call' },
  },
  {
    name: 'the fingerprint of a key (C7)',
    file: 'platform/idempotency/idempotency.ts',
    source: 'if (known && known.fingerprint !== fingerprint)',
    without: "if (known && known.fingerprint === '')",
    test: { file: 'platform/idempotency/idempotency.int.test.ts', name: 'given other input, then it is refused' },
  },
  {
    name: 'the fence of who does the work of a key (R8)',
    file: 'platform/idempotency/mongo.ts',
    source: 'updateOne({ _id: id, attempt }, ',
    without: 'updateOne({ _id: id }, ',
    test: { file: 'platform/idempotency/idempotency.int.test.ts', name: 'given a holder that is gone' },
  },
  {
    name: 'a key is taken over as it was seen (C5)',
    file: 'platform/idempotency/mongo.ts',
    source: 'const guard = { _id, attempt, answer: null }',
    without: 'const guard = { _id }',
    test: { file: 'platform/idempotency/idempotency.int.test.ts', name: 'given ten who come' },
  },
  {
    name: 'a provider that is away settles nothing (F5)',
    file: 'subgraphs/orders/service/outcomes.ts',
    source: "  'PAYMENT_UNAVAILABLE',\n",
    without: '',
    test: { file: 'subgraphs/orders/waiting.int.test.ts', name: 'given the provider is away, then the order waits' },
  },
  {
    name: 'what nobody has answered is not known (R3)',
    file: 'subgraphs/payments/service/asking.ts',
    source: "      log.warn('the outcome of a provider call is unknown', { reason })\n      return { kind: 'unknown' }",
    without:
      "      log.warn('the outcome of a provider call is unknown', { reason })\n      return { kind: 'unavailable' }",
    test: { file: 'subgraphs/payments/settling.int.test.ts', name: 'given an authorisation of unknown outcome' },
  },
  {
    name: 'a refund counts once (R7)',
    file: 'subgraphs/orders/domain/refunding.ts',
    source: '  if (refunds.some(({ id }) => id === refund.id)) return order\n',
    without: '',
    test: { file: 'subgraphs/orders/domain/refunding.test.ts', name: 'given the same fact twice' },
  },
  {
    name: 'a webhook with another amount pays nothing (threat: payments)',
    file: 'subgraphs/payments/service/hearing.ts',
    source:
      "if (!entry.amount || !isSame(entry.amount, operation.amount)) return alert(entry, 'it tells another amount')",
    without: 'if (!entry.amount) return alert(entry, "it tells another amount")',
    test: { file: 'subgraphs/payments/hearing.int.test.ts', name: '' },
  },
  {
    name: 'one order and type, one mail: unique index (I18, R7)',
    file: 'workers/emails/model.ts',
    source: 'mails.index({ key: 1 }, { unique: true })',
    without: 'mails.index({ key: 1 })',
    test: { file: 'workers/emails/sender.int.test.ts', name: 'given facts that come twice' },
  },
  {
    name: 'the fence of a mail that somebody else has sent (R8, F3)',
    file: 'workers/emails/model.ts',
    source: "const guard = { _id: id, state: 'WAITING' as const, fence: { $lte: fence } }",
    without: 'const guard = { _id: id }',
    test: { file: 'workers/emails/sender.int.test.ts', name: 'when another process has the lease' },
  },
  {
    name: 'the claim of a relay on a job (I16)',
    file: 'platform/queue/redis.ts',
    source: "if wait > 0 and state == 'held' then return {'wait', math.min(wait, 100), ''} end\n",
    without: "if state == 'held' then wait = 0 end\n",
    test: { file: 'platform/queue/redis.int.test.ts', name: 'given two processes that add the same jobs' },
  },
  {
    name: 'the fence of a claim that another relay has taken over (R8, F3)',
    file: 'platform/queue/redis.ts',
    source:
      "if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'state') ~= 'held' then return 0 end\n",
    without: '',
    test: { file: 'platform/queue/redis.int.test.ts', name: 'given Redis forgets who works' },
  },
  {
    name: 'the fence of a run that ends late (R8, F3)',
    file: 'platform/leases/mongo.ts',
    source: 'updateOne({ _id: name, fence }, { $set: { lastRun } }',
    without: 'updateOne({ _id: name }, { $set: { lastRun } }',
    test: { file: 'workers/jobs.int.test.ts', name: 'given a run that ends after its lease went' },
  },
  {
    name: 'a lease is taken as it was seen (R8)',
    file: 'platform/leases/mongo.ts',
    source: 'const guard = { _id: name, holder: before, fence, beat }',
    without: 'const guard = { _id: name, $or: [{ fence }, { beat }, { holder: before }, {}] }',
    test: { file: 'workers/jobs.int.test.ts', name: 'given a row that was seen' },
  },
]
