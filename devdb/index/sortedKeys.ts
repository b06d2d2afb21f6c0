import type { StoredRecord } from '../storage/records.ts'

type Chunk = { readonly keys: string[]; readonly records: StoredRecord[] }

const chunkSize = 512

/** Key strings from `start` (inclusive) to `end` (exclusive). */
export type Interval = { readonly start: string; readonly end: string }

/** The first position whose (key, record id) is not below the wanted one. */
const lowerBound = (chunk: Chunk, key: string, id: number): number => {
  let low = 0
  let high = chunk.keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const own = chunk.keys[middle] ?? ''
    if (own < key || (own === key && (chunk.records[middle]?.id ?? 0) < id)) low = middle + 1
    else high = middle
  }
  return low
}

/** A sorted multimap from key strings to records: chunks of bounded size, found by binary search. */
export const makeSortedKeys = () => {
  const chunks: Chunk[] = []

  const chunkFor = (key: string, id: number): number => {
    let low = 0
    let high = chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const { keys, records } = chunks[middle] ?? { keys: [], records: [] }
      const last = keys[keys.length - 1] ?? ''
      if (last < key || (last === key && (records[records.length - 1]?.id ?? 0) < id)) low = middle + 1
      else high = middle
    }
    return low
  }

  const split = (index: number, chunk: Chunk): void => {
    const half = chunk.keys.length >>> 1
    chunks.splice(index + 1, 0, { keys: chunk.keys.splice(half), records: chunk.records.splice(half) })
  }

  const insert = (key: string, record: StoredRecord): void => {
    if (chunks.length === 0) chunks.push({ keys: [], records: [] })
    const index = Math.min(chunkFor(key, record.id), chunks.length - 1)
    const chunk = chunks[index]
    if (chunk === undefined) return
    const at = lowerBound(chunk, key, record.id)
    if (chunk.keys[at] === key && chunk.records[at] === record) return
    chunk.keys.splice(at, 0, key)
    chunk.records.splice(at, 0, record)
    if (chunk.keys.length > chunkSize) split(index, chunk)
  }

  const remove = (key: string, record: StoredRecord): void => {
    const index = chunkFor(key, record.id)
    const chunk = chunks[index]
    if (chunk === undefined) return
    const at = lowerBound(chunk, key, record.id)
    if (chunk.keys[at] !== key || chunk.records[at] !== record) return
    chunk.keys.splice(at, 1)
    chunk.records.splice(at, 1)
    if (chunk.keys.length === 0) chunks.splice(index, 1)
  }

  function* forward({ start, end }: Interval): Generator<[string, StoredRecord]> {
    let index = chunkFor(start, -1)
    let at = chunks[index] === undefined ? 0 : lowerBound(chunks[index] as Chunk, start, -1)
    for (let chunk = chunks[index]; chunk !== undefined; chunk = chunks[++index]) {
      for (; at < chunk.keys.length; at++) {
        const [key, record] = [chunk.keys[at], chunk.records[at]]
        if (key === undefined || record === undefined || key >= end) return
        yield [key, record]
      }
      at = 0
    }
  }

  function* backward({ start, end }: Interval): Generator<[string, StoredRecord]> {
    let index = Math.min(chunkFor(end, -1), chunks.length - 1)
    let at = chunks[index] === undefined ? -1 : lowerBound(chunks[index] as Chunk, end, -1) - 1
    for (let chunk = chunks[index]; chunk !== undefined; chunk = chunks[--index]) {
      for (; at >= 0; at--) {
        const [key, record] = [chunk.keys[at], chunk.records[at]]
        if (key === undefined || record === undefined || key < start) return
        yield [key, record]
      }
      at = (chunks[index - 1]?.keys.length ?? 0) - 1
    }
  }

  const position = (key: string): number => {
    const index = chunkFor(key, -1)
    let before = 0
    for (let other = 0; other < index; other++) before += chunks[other]?.keys.length ?? 0
    const chunk = chunks[index]
    return before + (chunk === undefined ? 0 : lowerBound(chunk, key, -1))
  }

  return {
    insert,
    remove,
    /** The index must not change while a scan of it is under way. */
    scan: (interval: Interval, reverse = false) => (reverse ? backward(interval) : forward(interval)),
    /** A record other than `own` under exactly this key. */
    other: (key: string, own: StoredRecord | undefined): StoredRecord | undefined => {
      for (const [found, record] of forward({ start: key, end: `${key}\0` })) {
        if (found === key && record !== own) return record
      }
      return undefined
    },
    count: ({ start, end }: Interval): number => Math.max(0, position(end) - position(start)),
  }
}

export type SortedKeys = ReturnType<typeof makeSortedKeys>
