import { bracketOf, encodeKey } from '../bson/keys.ts'
import { intervalOf } from '../index/stretches.ts'
import type { Catalog } from './catalog.ts'
import type { Collection } from './collection.ts'
import { Conflict } from './history.ts'
import type { StoredRecord } from './records.ts'

/** What an open transaction holds expires at a later look. */
const removeIfFree = (collection: Collection, record: StoredRecord): boolean => {
  try {
    collection.remove(record)
    return true
  } catch (error) {
    if (error instanceof Conflict) return false
    throw error
  }
}

const expireIndex = (collection: Collection, now: number): number => {
  let expired = 0
  for (const { definition, entries } of collection.indexes) {
    const { expireAfterSeconds: seconds, fields } = definition
    if (seconds === undefined) continue
    const limit = new Date(now - seconds * 1000)
    const [low] = bracketOf(limit)
    const stretch = { low, lowIncluded: true, high: encodeKey(limit), highIncluded: true }
    // Only dates expire; of an array the earliest decides, and it is among the keys of this interval.
    const records = new Set(entries.scan(intervalOf('', stretch, fields[0]?.direction ?? 1)))
    for (const record of records) if (removeIfFree(collection, record)) expired++
  }
  return expired
}

/** Removes every document whose TTL index says it is over; answers how many. */
export const expire = (catalog: Catalog, now: number): number => {
  let expired = 0
  for (const collection of catalog.all()) expired += expireIndex(collection, now)
  return expired
}
