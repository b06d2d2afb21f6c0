import { type Model, type QueryFilter, Schema } from 'mongoose'
import type { Page } from '#kernel/page.ts'
import type { Millis } from '#kernel/time.ts'
import type { Database } from '#platform/mongo.ts'

/** How far the books of one provider were compared with ours. */
export interface Place {
  readonly _id: string
  /** In the provider's books. */
  readonly cursor: number
  /** In ours: changes up to this time. */
  readonly until: Millis
  /** When the last round ended; absent in places from before it was kept. */
  readonly finishedAt?: Millis
}

/** What sets the books apart. */
export type DifferenceReason = 'SUMS_DIFFER' | 'UNKNOWN_TO_PROVIDER' | 'UNKNOWN_TO_US'

/** Sums of what was done with the money of one payment, in minor units. */
export interface BookedSums {
  readonly currency: string
  readonly authorized: number
  readonly captured: number
  readonly released: number
  readonly refunded: number
}

/** A payment of which our books and the provider's say different things. */
export interface Difference {
  /** The payment. */
  readonly _id: string
  readonly provider: string
  readonly reason: DifferenceReason
  /** What the provider has; null where it has nothing. */
  readonly theirs: BookedSums | null
  readonly foundAt: Millis
  /** Null while it stands. */
  readonly mendedAt: Millis | null
}

const options = { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false } as const

const placeSchema = () => new Schema({ _id: String, cursor: Number, until: Number, finishedAt: Number }, options)

const differenceSchema = () => {
  const differences = new Schema(
    {
      _id: String,
      provider: String,
      reason: String,
      theirs: Schema.Types.Mixed,
      foundAt: Number,
      mendedAt: Number,
    },
    options,
  )
  differences.index({ mendedAt: 1, foundAt: -1, _id: -1 })
  return differences
}

const thatAre = (mended: boolean): QueryFilter<Difference> => ({ mendedAt: mended ? { $gt: 0 } : null })

const beyond = ({ after }: Page): QueryFilter<Difference> =>
  after
    ? { $or: [{ foundAt: { $lt: Number(after.value) } }, { foundAt: Number(after.value), _id: { $lt: after.id } }] }
    : {}

/** What the reconciler remembers. */
export const makeComparisonModel = (database: Database) => {
  const places = database.model<Place>(
    'PaymentComparison',
    placeSchema(),
    'payment_comparisons',
  ) as unknown as Model<Place>
  const differences = database.model<Difference>(
    'PaymentDifference',
    differenceSchema(),
    'payment_differences',
  ) as unknown as Model<Difference>
  return {
    models: [places, differences],
    place: async (provider: string): Promise<Place> =>
      (await places.findById(provider).lean<Place>().exec()) ?? { _id: provider, cursor: 0, until: 0 },
    goOn: async (provider: string, to: Partial<Omit<Place, '_id'>>): Promise<void> => {
      await places.updateOne({ _id: provider }, { $max: to }, { upsert: true })
    },
    /** True when this difference was not known, or had been mended. */
    report: async ({ _id, reason, theirs, provider, foundAt }: Difference): Promise<boolean> => {
      const before = await differences.findOneAndUpdate(
        { _id },
        { $set: { reason, theirs, mendedAt: null }, $setOnInsert: { provider, foundAt } },
        { upsert: true },
      )
      return before === null || before.mendedAt !== null
    },
    mended: async (id: string, at: Millis): Promise<void> => {
      await differences.updateOne({ _id: id, mendedAt: null }, { $set: { mendedAt: at } })
    },
    /** Those that stand, or those that are mended, last found first. One item more than the page holds tells that there is a next one. */
    page: (mended: boolean, page: Page): Promise<Difference[]> =>
      differences
        .find({ $and: [thatAre(mended), beyond(page)] })
        .sort({ foundAt: -1, _id: -1 })
        .limit(page.first + 1)
        .lean<Difference[]>()
        .exec(),
    count: (mended: boolean): Promise<number> => differences.countDocuments(thatAre(mended)).exec(),
  }
}

export type ComparisonModel = ReturnType<typeof makeComparisonModel>
