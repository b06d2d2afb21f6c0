import { inject } from 'vitest'
import { subgraphNames } from '../platform/config.ts'
import { connectMongo } from '../platform/mongo.ts'

/** Every database of a shop: those of the subgraphs, and that of the workers. */
const databases = [...subgraphNames, 'workers'] as const

/** Every document of a shop in all its databases, outboxes with their events included; with a filter, those that it finds. */
export const everythingStored = async (prefix: string, filter: object = {}): Promise<readonly object[]> => {
  const mongo = await connectMongo({ url: inject('mongoUrl'), prefix })
  const found: object[] = []
  for (const name of databases) {
    const { db } = mongo.database(name)
    for (const collection of (await db?.collections()) ?? []) found.push(...(await collection.find(filter).toArray()))
  }
  await mongo.stop()
  return found
}
