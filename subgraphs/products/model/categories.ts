import { Schema } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import type { Category } from '../domain/product.ts'

interface CategoryRow {
  readonly _id: string
  readonly name: string
}

const makeSchema = () => {
  const schema = new Schema({ _id: String, name: String }, { versionKey: false, strictQuery: 'throw', id: false })
  schema.index({ name: 1 })
  return schema
}

/** The categories that products name; a category exists from the first product on. */
export const makeCategoryModel = (database: Database) => {
  const model = database.model<CategoryRow>('Category', makeSchema() as never, 'categories')
  return {
    model,
    all: async (): Promise<Category[]> =>
      (await model.find({}).sort({ name: 1 }).limit(1_000).lean()).map(({ _id, name }) => ({ slug: _id, name })),
    /** Adding what is there changes nothing. */
    add: async (categories: readonly Category[]): Promise<void> => {
      if (categories.length === 0) return
      const operations = categories.map(({ slug, name }) => ({
        updateOne: { filter: { _id: slug }, update: { $setOnInsert: { name } }, upsert: true },
      }))
      await model.bulkWrite(operations as never, { ordered: false })
    },
  }
}

export type CategoryModel = ReturnType<typeof makeCategoryModel>
