import { type Entry, entriesOf, heldBy, readEntry, writeEntry, writtenBy } from '../changes/entry.ts'
import type { Change } from './change.ts'
import type { History, Origin } from './history.ts'
import type { LogicalTime } from './logicalClock.ts'
import type { Store } from './store.ts'

// Whoever follows the changes must not fall further behind than this.
const maxEntries = 10_000
const maxHeldBytes = 16 * 1024 * 1024
const maxWrittenBytes = 64 * 1024 * 1024

// Entries leave in lots: one removal for each commit would cost as much as the commit.
const kept = 0.9

type Options = { readonly store: Store; readonly history: History; readonly clock?: () => number }

/**
 * The recent changes of all collections, in the order of their commits: what change streams tell. Bounded in number and
 * bytes. In memory only, until somebody opens the first change stream on this data: from then on they are written to
 * disk in the commit of the change itself, so that a stream can be resumed after a restart.
 */
export const makeOplog = ({ store, history, clock = Date.now }: Options) => {
  const saved = store.oplog().map(({ number, bytes }) => ({ number, entry: readEntry(bytes) }))
  let entries: Entry[] = saved.map(({ entry }) => entry)
  /** The number of `entries[0]`. */
  let first = saved[0]?.number ?? 1
  let held = 0
  let written = 0
  let persistent = saved.length > 0
  /** The number of the first entry that the disk may still refuse: nobody hears of it. */
  let told = first + entries.length

  const newest = entries[entries.length - 1]
  if (newest !== undefined) history.clock.advance(newest.time)
  /** Everything after this moment is known. */
  let knownSince: LogicalTime = entries[0]?.time ?? history.clock.now()

  const weigh = (entry: Entry, sign: 1 | -1): void => {
    held += sign * heldBy(entry)
    written += sign * writtenBy(entry)
  }
  for (const entry of entries) weigh(entry, 1)

  const exceeds = (count: number, share: number): boolean =>
    count > share * maxEntries || held > share * maxHeldBytes || (persistent && written > share * maxWrittenBytes)

  const shrink = (): void => {
    let dropped = 0
    while (entries.length - dropped > 1 && exceeds(entries.length - dropped, kept)) {
      const oldest = entries[dropped++]
      if (oldest === undefined) break
      weigh(oldest, -1)
      knownSince = oldest.time
    }
    entries = entries.slice(dropped)
    first += dropped
    if (persistent) store.trimOplog(first)
  }

  const append = (entry: Entry): void => {
    if (persistent) store.putOplog(first + entries.length, writeEntry(entry))
    entries.push(entry)
    weigh(entry, 1)
  }

  const add = (changes: readonly Change[], time: LogicalTime, origin?: Origin): void => {
    const moment = { time, wall: clock(), origin }
    for (const entry of entriesOf(changes, moment)) append(entry)
    if (exceeds(entries.length, 1)) shrink()
  }

  /** The number of the first entry for which `wanted` holds; entries are ordered by time and index. */
  const search = (wanted: (entry: Entry) => boolean): number => {
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = entries[middle]
      if (entry !== undefined && !wanted(entry)) low = middle + 1
      else high = middle
    }
    return first + low
  }

  history.onCommit(add)
  history.onSettled((until) => {
    told = search(({ time }) => time > until)
  })
  history.onRevert((from) => {
    const lost = entries.findIndex(({ time }) => time >= from)
    if (lost >= 0) for (const entry of entries.splice(lost)) weigh(entry, -1)
  })

  return {
    /** From now on, and after every later start on this data, changes are kept on disk too. */
    persist: (): void => {
      if (persistent) return
      persistent = true
      entries.forEach((entry, index) => {
        store.putOplog(first + index, writeEntry(entry))
      })
      if (entries.length === 0)
        append({ time: history.clock.tick(), index: 0, wall: clock(), kind: 'noop', namespace: '', images: false })
    },
    /** The number of the first entry for which `wanted` holds, of those that can be told. */
    find: (wanted: (entry: Entry) => boolean): number => Math.min(search(wanted), told),
    /** The entry of a number; 'lost' when it is older than what is kept, undefined when it is not on disk yet. */
    at: (number: number): Entry | 'lost' | undefined => {
      if (number < first) return 'lost'
      return number < told ? entries[number - first] : undefined
    },
    end: (): number => told,
    knownSince: (): LogicalTime => knownSince,
    statistics: () => ({ entries: entries.length, held, written, persistent }),
  }
}

export type Oplog = ReturnType<typeof makeOplog>
