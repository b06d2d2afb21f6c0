import { decode } from '../bson/decode.ts'
import type { Doc } from '../bson/values.ts'

/** One stored document: the bytes as they were sent. `id` numbers records in their natural order. */
export type StoredRecord = { readonly id: number; bytes: Buffer }

const generationBytes = 2 * 1024 * 1024

type Generation = { readonly docs: Map<Buffer, Doc>; bytes: number }

const empty = (): Generation => ({ docs: new Map(), bytes: 0 })

/**
 * Decoded documents, kept for a while: two generations of bounded size, the older thrown away when the younger is
 * full. What it answers is shared: it must not be changed (`decode` gives a copy of one's own).
 */
export const makeDocCache = () => {
  let young = empty()
  let old = empty()
  return {
    get: (bytes: Buffer): Doc => {
      const known = young.docs.get(bytes)
      if (known !== undefined) return known
      const doc = old.docs.get(bytes) ?? decode(bytes)
      if (young.bytes > generationBytes) {
        old = young
        young = empty()
      }
      young.docs.set(bytes, doc)
      young.bytes += bytes.length
      return doc
    },
  }
}

const shared = makeDocCache()

export const docOf = (record: StoredRecord): Doc => shared.get(record.bytes)

export const docOfBytes = (bytes: Buffer): Doc => shared.get(bytes)

/**
 * The records of a collection in their natural order, which is that of their ids: a record that comes back (its removal
 * was reverted) takes its old place.
 */
export const makeRecords = () => {
  const byId = new Map<number, StoredRecord>()
  let last = 0
  let displaced = false

  const settle = (): void => {
    const ordered = [...byId.values()].sort((a, b) => a.id - b.id)
    byId.clear()
    for (const record of ordered) byId.set(record.id, record)
    displaced = false
  }

  return {
    add: (record: StoredRecord): void => {
      byId.set(record.id, record)
      if (record.id < last) displaced = true
      else last = record.id
    },
    delete: (record: StoredRecord): void => {
      byId.delete(record.id)
    },
    get: (id: number): StoredRecord | undefined => byId.get(id),
    get size(): number {
      return byId.size
    },
    values: (): MapIterator<StoredRecord> => {
      if (displaced) settle()
      return byId.values()
    },
  }
}

export type Records = {
  readonly size: number
  readonly get: (id: number) => StoredRecord | undefined
  readonly values: () => MapIterator<StoredRecord>
}
