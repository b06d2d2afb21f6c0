import { type Model, Schema } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { type Database, isDuplicateKey, operationTimeout, readAll } from '#platform/mongo.ts'
import { changeTopic } from '#platform/store.ts'
import type { News, VariantNews } from '../domain/news.ts'

interface NewsRow {
  readonly _id: string
  readonly at: Millis
  readonly prices?: Readonly<Record<string, News>>
  readonly availability?: News
  /** The last event of each sibling: the one that may come again. */
  readonly last: Readonly<Record<string, string>>
}

/** A fact about a variant: what changed, `availability` or `prices.<currency>`. */
export interface VariantFact {
  readonly variantId: string
  readonly eventId: string
  readonly changedAt: Millis
  readonly from: 'pricing' | 'products'
  readonly parts: readonly string[]
}

const schema = (): Schema =>
  new Schema(
    { _id: String, at: Number, prices: Schema.Types.Mixed, availability: Schema.Types.Mixed, last: Schema.Types.Mixed },
    { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false },
  )

/** The topic that is published whenever there is news of a variant. */
export const newsTopic = (variantId: string): string => changeTopic('variantNews', variantId)

/**
 * When prices and availability of variants changed last: one small document for each variant that ever did. A fact costs one
 * write here, in however many carts the variant is; carts look when somebody watches them.
 */
export const makeNewsModel = (database: Database, bus: Bus) => {
  const model = database.model('VariantNews', schema(), 'variantNews') as unknown as Model<NewsRow>
  const collection = model.collection

  return {
    model,

    /** Writes a fact down once; the same event again changes nothing (rule R7). */
    record: async ({ variantId, eventId, changedAt, from, parts }: VariantFact, now: Millis): Promise<void> => {
      const news = Object.fromEntries(parts.map((part) => [part, { at: '$at', changedAt }]))
      try {
        await collection.updateOne(
          { _id: variantId as never, [`last.${from}`]: { $ne: eventId } },
          // Later than before, whatever the clock says.
          [
            { $set: { at: { $max: [now, { $add: [{ $ifNull: ['$at', 0] }, 1] }] } } },
            { $set: { ...news, [`last.${from}`]: eventId } },
          ],
          { upsert: true, maxTimeMS: operationTimeout },
        )
      } catch (error) {
        // The filter did not find the document because it has this event, or somebody made it at this moment: then it comes again.
        if (!isDuplicateKey(error)) throw error
        const row = await model.findById(variantId, { last: 1 }).lean<NewsRow>()
        if (row?.last[from] !== eventId) throw error
      }
      bus.publish(newsTopic(variantId))
    },

    of: async (variantIds: readonly string[]): Promise<(VariantNews & { readonly at: Millis })[]> => {
      const rows = await readAll<NewsRow>(model, { _id: { $in: variantIds } })
      return rows.map(({ _id, at, prices = {}, availability = null }) => ({ variantId: _id, at, prices, availability }))
    },

    /** The number of the last news of each variant. */
    numbersOf: async (variantIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const rows = await readAll<NewsRow>(model, { _id: { $in: variantIds } }, { projection: { at: 1 } })
      return new Map(rows.map(({ _id, at }) => [_id, at]))
    },
  }
}

export type NewsModel = ReturnType<typeof makeNewsModel>
