import type { StoredRecord } from '../storage/records.ts'

type Chunk = { keys: string[]; records: StoredRecord[] }

const chunkSize = 512

/** Key strings from `start` (inclusive) to `end` (exclusive). */
export type Interval = { readonly start: string; readonly end: string }

export type Entry = { readonly key: string; readonly record: StoredRecord }

const isBelow = (chunk: Chunk, at: number, key: string, id: number): boolean => {
  const own = chunk.keys[at] ?? ''
  return own < key || (own === key && (chunk.records[at]?.id ?? 0) < id)
}

/** The first position whose (key, record id) is not below the wanted one. */
const lowerBound = (chunk: Chunk, key: string, id: number): number => {
  let low = 0
  let high = chunk.keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBelow(chunk, middle, key, id)) low = middle + 1
    else high = middle
  }
  return low
}

const isSorted = (keys: readonly string[]): boolean => {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] ?? '') > (keys[at] ?? '')) return false
  return true
}

/** Positions in the order of their keys; of equal keys in the order they came. */
const sortedPositions = (keys: readonly string[]): Uint32Array => {
  const positions = Uint32Array.from(keys, (_key, at) => at)
  if (isSorted(keys)) return positions
  return positions.sort((a, b) => {
    const [left, right] = [keys[a] ?? '', keys[b] ?? '']
    return left < right ? -1 : left > right ? 1 : a - b
  })
}

/** Chunks out of entries in any order: far quicker than inserting them one by one. */
const build = (keys: readonly string[], records: readonly StoredRecord[]): Chunk[] => {
  const positions = sortedPositions(keys)
  const chunks: Chunk[] = []
  // A quarter stays free, so that the first inserts afterwards split nothing.
  const filled = (chunkSize * 3) / 4
  for (let start = 0; start < positions.length; start += filled) {
    const part = Array.from(positions.subarray(start, start + filled))
    chunks.push({
      keys: part.map((at) => keys[at] as string),
      records: part.map((at) => records[at] as StoredRecord),
    })
  }
  return chunks
}

/** A sorted multimap from key strings to records: chunks of bounded size, found by binary search. */
export const makeSortedKeys = () => {
  let chunks: Chunk[] = []
  let size = 0
  // What was appended while loading and is not in the chunks yet.
  let loading: Chunk = { keys: [], records: [] }

  const chunkFor = (key: string, id: number): number => {
    let low = 0
    let high = chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = chunks[middle] as Chunk
      if (isBelow(chunk, chunk.keys.length - 1, key, id)) low = middle + 1
      else high = middle
    }
    return low
  }

  const split = (index: number, chunk: Chunk): void => {
    // Keys that only grow (times, counters, new ids) would otherwise leave every chunk half empty.
    const at = index === chunks.length - 1 ? chunk.keys.length - 1 : chunk.keys.length >>> 1
    chunks.splice(index + 1, 0, { keys: chunk.keys.splice(at), records: chunk.records.splice(at) })
  }

  const place = (key: string, record: StoredRecord): void => {
    if (chunks.length === 0) chunks.push({ keys: [], records: [] })
    const index = Math.min(chunkFor(key, record.id), chunks.length - 1)
    const chunk = chunks[index] as Chunk
    const at = lowerBound(chunk, key, record.id)
    if (chunk.keys[at] === key && chunk.records[at] === record) return
    if (at === chunk.keys.length) {
      chunk.keys.push(key)
      chunk.records.push(record)
    } else {
      chunk.keys.splice(at, 0, key)
      chunk.records.splice(at, 0, record)
    }
    size++
    if (chunk.keys.length > chunkSize) split(index, chunk)
  }

  const settle = (): void => {
    if (loading.keys.length === 0) return
    const { keys, records } = loading
    loading = { keys: [], records: [] }
    if (chunks.length > 0) {
      for (const [at, record] of records.entries()) place(keys[at] as string, record)
    } else {
      chunks = build(keys, records)
      size = keys.length
    }
  }

  const insert = (key: string, record: StoredRecord): void => {
    settle()
    place(key, record)
  }

  const remove = (key: string, record: StoredRecord): void => {
    settle()
    const index = chunkFor(key, record.id)
    const chunk = chunks[index]
    if (chunk === undefined) return
    const at = lowerBound(chunk, key, record.id)
    if (chunk.keys[at] !== key || chunk.records[at] !== record) return
    chunk.keys.splice(at, 1)
    chunk.records.splice(at, 1)
    size--
    if (chunk.keys.length === 0) chunks.splice(index, 1)
  }

  function* forward({ start, end }: Interval): Generator<StoredRecord> {
    let index = chunkFor(start, -1)
    let at = chunks[index] === undefined ? 0 : lowerBound(chunks[index] as Chunk, start, -1)
    for (let chunk = chunks[index]; chunk !== undefined; chunk = chunks[++index]) {
      for (; at < chunk.keys.length; at++) {
        if ((chunk.keys[at] as string) >= end) return
        yield chunk.records[at] as StoredRecord
      }
      at = 0
    }
  }

  function* backward({ start, end }: Interval): Generator<StoredRecord> {
    let index = Math.min(chunkFor(end, -1), chunks.length - 1)
    let at = chunks[index] === undefined ? -1 : lowerBound(chunks[index] as Chunk, end, -1) - 1
    for (let chunk = chunks[index]; chunk !== undefined; chunk = chunks[--index]) {
      for (; at >= 0; at--) {
        if ((chunk.keys[at] as string) < start) return
        yield chunk.records[at] as StoredRecord
      }
      at = (chunks[index - 1]?.keys.length ?? 0) - 1
    }
  }

  /** Where the first entry at or above a key is. */
  const locate = (key: string): { index: number; at: number } => {
    const index = chunkFor(key, -1)
    const chunk = chunks[index]
    return { index, at: chunk === undefined ? 0 : lowerBound(chunk, key, -1) }
  }

  const count = ({ start, end }: Interval): number => {
    settle()
    const [from, to] = [locate(start), locate(end)]
    let between = to.at - from.at
    for (let index = from.index; index < to.index; index++) between += chunks[index]?.keys.length ?? 0
    return Math.max(0, between)
  }

  const entryAt = (index: number, at: number): Entry | undefined => {
    const chunk = chunks[index]
    const [key, record] = [chunk?.keys[at], chunk?.records[at]]
    return key === undefined || record === undefined ? undefined : { key, record }
  }

  return {
    insert,
    remove,
    /** Takes an entry in any order; it is sorted in with all others at the next use. For loading and building. */
    append: (key: string, record: StoredRecord): void => {
      loading.keys.push(key)
      loading.records.push(record)
    },
    size: (): number => size + loading.keys.length,
    /** The index must not change while a scan of it is under way. */
    scan: (interval: Interval, reverse = false): Generator<StoredRecord> => {
      settle()
      return reverse ? backward(interval) : forward(interval)
    },
    /** The first entry of the interval. */
    first: ({ start, end }: Interval): Entry | undefined => {
      settle()
      const { index, at } = locate(start)
      const found = entryAt(index, at)
      return found !== undefined && found.key < end ? found : undefined
    },
    /** The last entry of the interval. */
    last: ({ start, end }: Interval): Entry | undefined => {
      settle()
      const { index, at } = locate(end)
      const found = at > 0 ? entryAt(index, at - 1) : entryAt(index - 1, (chunks[index - 1]?.keys.length ?? 0) - 1)
      return found !== undefined && found.key >= start ? found : undefined
    },
    /** A record other than `own` under exactly this key. */
    other: (key: string, own: StoredRecord | undefined): StoredRecord | undefined => {
      settle()
      let { index, at } = locate(key)
      for (;;) {
        if (at >= (chunks[index]?.keys.length ?? 0)) {
          index++
          at = 0
        }
        const found = entryAt(index, at)
        if (found?.key !== key) return undefined
        if (found.record !== own) return found.record
        at++
      }
    },
    /** The first key that two records share. */
    repeated: (): Entry | undefined => {
      settle()
      let before = ''
      for (const { keys, records } of chunks) {
        for (const [at, key] of keys.entries()) {
          if (key === before) return { key, record: records[at] as StoredRecord }
          before = key
        }
      }
      return undefined
    },
    count,
    /** All of it, for comparing an index with a rebuild of itself. */
    entries: (): [string, number][] => {
      settle()
      return chunks.flatMap(({ keys, records }) =>
        keys.map((key, at): [string, number] => [key, records[at]?.id ?? -1]),
      )
    },
  }
}
