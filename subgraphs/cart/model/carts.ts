import { type Model, type QueryFilter, Schema } from 'mongoose'
import type { Bus } from '#platform/bus/bus.ts'
import { type Database, type IndexedModel, operationTimeout, readAll } from '#platform/mongo.ts'
import type { OutboxSource } from '#platform/outbox/source.ts'
import { type Aggregate, aggregateSchema, changeTopic, makeStore, type StoreDeps } from '#platform/store.ts'
import type { Cart } from '../domain/cart.ts'

type CartDocument = Aggregate & Omit<Cart, 'id' | 'expiresAt'> & { readonly expiresAt: Date }

export interface CartModel {
  readonly model: IndexedModel
  readonly outbox: OutboxSource
  byIds(ids: readonly string[]): Promise<Cart[]>
  /** The active carts of these owners, and frozen ones that still have to be merged, in one operation. */
  openOf(ownerIds: readonly string[]): Promise<Cart[]>
  /** Every cart of these owners is gone, also what was ordered: the order has it. */
  removeOf(ownerIds: readonly string[]): Promise<void>
  /** The two newest carts of an owner, whatever their state, oldest first: what is remembered of an owner's changes. */
  latestOf(ownerId: string): Promise<Cart[]>
  /** The version of each owner's newest cart; who has none is left out. One operation, answered by an index alone. */
  lastVersionsOf(ownerIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** @throws a duplicate key error when the owner has an active cart, see `isDuplicateKey` */
  insert(cart: Cart): Promise<Cart>
  /**
   * One guarded write of what `decide` returns; the same cart is not written. `decide` may run again on a newer state.
   * @param known a cart that this model gave out just now: saves the read of the first round
   * @throws ShopError NOT_FOUND, CONFLICT, whatever `decide` throws; a duplicate key error as `insert`
   */
  update(id: string, decide: (cart: Cart) => Cart, known?: Cart): Promise<Cart>
}

const schema = (): Schema => {
  const carts = aggregateSchema({
    owner: { _id: false, id: String, kind: { type: String } },
    state: String,
    version: Number,
    lines: [
      {
        _id: false,
        id: String,
        variantId: String,
        quantity: Number,
        addedAt: Number,
        heardPrice: Number,
        heardAvailability: Number,
      },
    ],
    currency: String,
    shippingAddress: Schema.Types.Mixed,
    shippingMethodId: String,
    changes: [{ _id: false, seq: Number, reason: String, at: Number }],
    mergedFrom: [String],
    mergedInto: String,
    orderId: String,
    updatedAt: Number,
    expiresAt: Date,
  })
  // Two first lines at the same moment: the second insert fails and finds the cart of the first.
  carts.index({ 'owner.id': 1 }, { name: 'one_active', unique: true, partialFilterExpression: { state: 'active' } })
  carts.index({ 'owner.id': 1, state: 1 })
  carts.index({ 'owner.id': 1, version: -1 })
  carts.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  return carts
}

/** The documents behind the carts given out: their `v` is the store's business and no part of a cart. */
const documents = new WeakMap<Cart, CartDocument>()

const toCart = (document: CartDocument): Cart => {
  const { _id, v: _v, expiresAt, ...rest } = document
  const cart = { id: _id, ...rest, expiresAt: expiresAt.getTime() }
  documents.set(cart, document)
  return cart
}

const toDocument = ({ id, expiresAt, ...rest }: Cart, v: number): CartDocument => ({
  _id: id,
  v,
  ...rest,
  expiresAt: new Date(expiresAt),
})

/** The topic that is published whenever a cart of this owner changes, whichever cart it is. */
export const ownerTopic = (ownerId: string): string => changeTopic('carts', `of:${ownerId}`)

export const makeCartModel = (database: Database, deps: StoreDeps & { readonly bus: Bus }): CartModel => {
  const model = database.model('Cart', schema(), 'carts') as unknown as Model<CartDocument>
  const store = makeStore(model, 'cart', deps)

  const find = async (filter: QueryFilter<CartDocument>): Promise<Cart[]> =>
    (await readAll<CartDocument>(model, filter, { projection: { outbox: 0 } })).map(toCart)

  const announce = (cart: Cart): Cart => {
    deps.bus.publish(ownerTopic(cart.owner.id))
    return cart
  }

  return {
    model,
    outbox: store.outbox,
    byIds: (ids) => find({ _id: { $in: ids } }),
    openOf: (ownerIds) => find({ 'owner.id': { $in: ownerIds }, state: { $in: ['active', 'merging'] } }),
    removeOf: async (ownerIds) => {
      await model.deleteMany({ 'owner.id': { $in: [...ownerIds] } })
      for (const id of ownerIds) deps.bus.publish(ownerTopic(id))
    },
    latestOf: async (ownerId) => {
      // One operation: with two, a cart that is ordered in between would be in neither answer.
      const options = { projection: { outbox: 0 }, sort: { version: -1 }, limit: 2 } as const
      return (await readAll<CartDocument>(model, { 'owner.id': ownerId }, options)).map(toCart).reverse()
    },
    lastVersionsOf: async (ownerIds) => {
      const rows = await model
        .aggregate<{ _id: string; version: number }>([
          { $match: { 'owner.id': { $in: [...ownerIds] } } },
          { $group: { _id: '$owner.id', version: { $max: '$version' } } },
        ])
        .option({ maxTimeMS: operationTimeout })
      return new Map(rows.map(({ _id, version }) => [_id, version]))
    },
    insert: async (cart) => announce(toCart(await store.insert(toDocument(cart, 1)))),
    update: async (id, decide, known) => {
      const change = (document: CartDocument) => {
        const before = toCart(document)
        const after = decide(before)
        return after === before ? null : { state: toDocument(after, document.v) }
      }
      return announce(toCart(await store.update(id, change, known && documents.get(known))))
    },
  }
}
