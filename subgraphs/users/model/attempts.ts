import { type Model, Schema } from 'mongoose'
import { type Database, isDuplicateKey } from '#platform/mongo.ts'

interface Attempts {
  readonly _id: string
  readonly count: number
}

const schema = () => new Schema({ _id: String, count: Number }, { versionKey: false, strict: 'throw', id: false })

/** Rounds in which somebody else may write the first attempt of an account. */
const maxRounds = 3

/** How often each account was tried since the last good sign-in. Kept here and not in memory, because it counts for ever. */
export const makeAttemptModel = (database: Database) => {
  const model = database.model<Attempts>('Attempts', schema(), 'attempts') as unknown as Model<Attempts>

  return {
    model,
    /** Counts an attempt before anybody knows how it ends; false, and not counted, when there were `max` already. */
    count: async (id: string, max: number): Promise<boolean> => {
      for (let round = 0; round < maxRounds; round++) {
        try {
          await model.updateOne({ _id: id, count: { $lt: max } }, { $inc: { count: 1 } }, { upsert: true })
          return true
        } catch (error) {
          // The document is there and its count too high, or somebody has just written it.
          if (!isDuplicateKey(error)) throw error
          if (await model.exists({ _id: id, count: { $gte: max } })) return false
        }
      }
      return false
    },
    forget: async (id: string): Promise<void> => {
      await model.deleteOne({ _id: id })
    },
  }
}

export type AttemptModel = ReturnType<typeof makeAttemptModel>
