import { type Model, Schema } from 'mongoose'
import { ShopError } from '#kernel/errors.ts'
import { type Database, type IndexedModel, isDuplicateKey, readAll } from '#platform/mongo.ts'
import type { OutboxSource } from '#platform/outbox/source.ts'
import {
  type Aggregate,
  aggregateSchema,
  makeStore,
  type NewEvent,
  outboxEntry,
  type StoreDeps,
} from '#platform/store.ts'
import type { PricesByCurrency } from '../domain/prices.ts'
import type { PricesChanged } from '../events.ts'

/** All prices of one variant; `_id` is the id of the variant. */
export interface PriceDocument extends Aggregate {
  readonly sellerId: string
  readonly byCurrency: PricesByCurrency
}

/** New prices of one variant, and the currencies that differ from before. */
export interface PriceChange {
  readonly variantId: string
  readonly sellerId: string
  readonly byCurrency: PricesByCurrency
  readonly currencies: readonly string[]
}

export interface PriceModel {
  readonly model: IndexedModel
  readonly outbox: OutboxSource
  /** The prices of any number of variants in one operation, by variant id. */
  byIds(variantIds: readonly string[]): Promise<ReadonlyMap<string, PriceDocument>>
  /**
   * Loads, decides and saves the prices of any number of variants with two operations per round. A document that another writer
   * changed meanwhile is loaded and decided again, so `decide` must find nothing to do where its change is already made. `act`, which
   * has an id, goes with each of the changes, so that it is in the audit log once whatever becomes of the others.
   * @throws ShopError CONFLICT after too many rounds
   */
  updateMany(
    variantIds: readonly string[],
    decide: (current: ReadonlyMap<string, PriceDocument>) => readonly PriceChange[],
    act: NewEvent,
  ): Promise<void>
}

const maxRounds = 10

const eventOf = ({ variantId, currencies }: PriceChange): PricesChanged => ({
  type: 'PricesChanged',
  payload: { variantId, currencies },
})

const schema = () => aggregateSchema({ sellerId: String, byCurrency: Schema.Types.Mixed })

export const makePriceModel = (database: Database, deps: StoreDeps): PriceModel => {
  const model = database.model('Price', schema(), 'prices') as unknown as Model<PriceDocument>

  const { outbox } = makeStore(model, 'price', deps)

  const byIds = async (variantIds: readonly string[]): Promise<ReadonlyMap<string, PriceDocument>> => {
    const filter = { _id: { $in: variantIds } }
    const found = await readAll<PriceDocument>(model, filter, { projection: { outbox: 0 } })
    return new Map(found.map((document) => [document._id, document]))
  }

  /** One guarded write per document: a new one only when there is none, an old one only in the version it was read. */
  const writeOf = (change: PriceChange, current: PriceDocument | undefined, act: NewEvent) => {
    const entries = [eventOf(change), act].map((event) => outboxEntry(deps, event))
    const { variantId, sellerId, byCurrency } = change
    return current
      ? {
          filter: { _id: variantId, v: current.v },
          update: { $set: { sellerId, byCurrency }, $inc: { v: 1 }, $push: { outbox: { $each: entries } } },
        }
      : {
          filter: { _id: variantId },
          update: { $setOnInsert: { v: 1, sellerId, byCurrency, outbox: entries } },
          upsert: true,
        }
  }

  /** True when every document was written; false when another writer was faster with some. */
  const save = async (
    changes: readonly PriceChange[],
    current: ReadonlyMap<string, PriceDocument>,
    act: NewEvent,
  ): Promise<boolean> => {
    const writes = changes.map((change) => ({ updateOne: writeOf(change, current.get(change.variantId), act) }))
    try {
      const result = await model.bulkWrite(writes as never, { ordered: false })
      outbox.wake()
      const inserts = changes.filter(({ variantId }) => !current.has(variantId)).length
      return result.upsertedCount === inserts && result.matchedCount === changes.length - inserts
    } catch (error) {
      // Two first prices of one variant at the same moment.
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  const updateMany: PriceModel['updateMany'] = async (variantIds, decide, act) => {
    for (let round = 0; round < maxRounds; round++) {
      const current = await byIds(variantIds)
      const changes = decide(current)
      if (changes.length === 0 || (await save(changes, current, act))) return
    }
    throw new ShopError('CONFLICT', 'The prices are being changed by others; try again.')
  }

  return { model, outbox, byIds, updateMany }
}
