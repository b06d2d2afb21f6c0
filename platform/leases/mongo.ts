import { type Model, Schema } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import { type Database, operationTimeout } from '../mongo.ts'
import { insertOnce } from '../store.ts'
import type { LeaseRow, LeaseStore } from './leases.ts'

/** What came of the work under a lease the last time. */
export interface LastRun {
  readonly at: Millis
  readonly tookMs: Millis
  /** Null: all went well. */
  readonly reason: string | null
}

interface Row extends LeaseRow {
  readonly lastRun?: LastRun
}

const schema = () =>
  new Schema(
    { _id: String, holder: String, fence: Number, beat: Number, lastRun: Schema.Types.Mixed },
    { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false },
  )

/** They are few, and read by way of the index of their ids, so that no query of the shop scans a collection. */
const every = { _id: { $gt: '' } }

const collection = 'leases'
const options = { maxTimeMS: operationTimeout }

/** Who has what, and what came of it, in the order of their names. */
export const readLeases = async (database: Database): Promise<readonly Row[]> =>
  (await database.collection<Row>(collection).find(every, options).sort({ _id: 1 }).toArray()) as Row[]

/** Leases in a collection of their own, `leases`: one small document for each name. */
export const makeLeaseModel = (database: Database) => {
  const model = database.model<Row>('Lease', schema(), collection) as unknown as Model<Row>
  const store: LeaseStore = {
    all: () => model.find(every, { lastRun: 0 }, options).lean<LeaseRow[]>().exec(),
    beat: async (holder) => {
      await model.updateMany({ ...every, holder }, { $inc: { beat: 1 } }, options)
    },
    take: async (name, seen, holder) => {
      if (!seen) return insertOnce(() => model.collection.insertOne({ _id: name, holder, fence: 1, beat: 0 } as never))
      const { holder: before, fence, beat } = seen
      const guard = { _id: name, holder: before, fence, beat }
      const { modifiedCount } = await model.updateOne(guard, { $set: { holder }, $inc: { fence: 1, beat: 1 } }, options)
      return modifiedCount === 1
    },
    giveBack: async (holder) => {
      await model.updateMany({ ...every, holder }, { $set: { holder: null } }, options)
    },
  }
  return {
    store,
    /** Writes down what came of a run, unless somebody has the lease who got it later (rule R8). */
    note: async (name: string, fence: number, lastRun: LastRun): Promise<boolean> => {
      const { matchedCount } = await model.updateOne({ _id: name, fence }, { $set: { lastRun } }, options)
      return matchedCount === 1
    },
  }
}

export type LeaseModel = ReturnType<typeof makeLeaseModel>
