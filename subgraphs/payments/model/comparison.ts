import { type Model, Schema } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import type { Database } from '#platform/mongo.ts'

/** How far the books of one provider were compared with ours. */
interface Place {
  readonly _id: string
  /** In the provider's books. */
  readonly cursor: number
  /** In ours: changes up to this time. */
  readonly until: Millis
}

/** A payment of which our books and the provider's say different things. */
export interface Difference {
  /** The payment. */
  readonly _id: string
  readonly provider: string
  readonly reason: string
  readonly foundAt: Millis
  /** Null while it stands. */
  readonly mendedAt: Millis | null
}

const options = { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false } as const

/** What the reconciler remembers. */
export const makeComparisonModel = (database: Database) => {
  const places = database.model<Place>(
    'PaymentComparison',
    new Schema({ _id: String, cursor: Number, until: Number }, options),
    'payment_comparisons',
  ) as unknown as Model<Place>
  const differences = database.model<Difference>(
    'PaymentDifference',
    new Schema({ _id: String, provider: String, reason: String, foundAt: Number, mendedAt: Number }, options),
    'payment_differences',
  ) as unknown as Model<Difference>
  return {
    models: [places, differences],
    place: async (provider: string): Promise<Omit<Place, '_id'>> =>
      (await places.findById(provider).lean<Place>().exec()) ?? { cursor: 0, until: 0 },
    goOn: async (provider: string, to: Partial<Omit<Place, '_id'>>): Promise<void> => {
      await places.updateOne({ _id: provider }, { $max: to }, { upsert: true })
    },
    /** True when this difference was not known, or had been mended. */
    report: async ({ _id, ...found }: Difference): Promise<boolean> => {
      const before = await differences.findOneAndUpdate(
        { _id },
        {
          $set: { reason: found.reason, mendedAt: null },
          $setOnInsert: { provider: found.provider, foundAt: found.foundAt },
        },
        { upsert: true },
      )
      return before === null || before.mendedAt !== null
    },
    mended: async (id: string, at: Millis): Promise<void> => {
      await differences.updateOne({ _id: id, mendedAt: null }, { $set: { mendedAt: at } })
    },
    /** Differences that stand, at most 100. */
    standing: (): Promise<Difference[]> => differences.find({ mendedAt: null }).limit(100).lean<Difference[]>().exec(),
  }
}

export type ComparisonModel = ReturnType<typeof makeComparisonModel>
