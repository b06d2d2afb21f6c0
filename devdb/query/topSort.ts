import { failure } from '../errors.ts'
import { compareSortKeys, type SortField, sortKeys } from './sort.ts'

type SortKeys = ReturnType<typeof sortKeys>

type Row<T> = { readonly row: T; readonly keys: SortKeys; readonly place: number }

/** What a sort in memory may hold when the client forbids it the disk (which it would not use anyway). */
export const sortMemoryBytes = 100 * 1024 * 1024

export type SortOptions<T> = {
  readonly sort: readonly SortField[]
  /** How many of the first rows are wanted. */
  readonly keep: number
  readonly docOf: (row: T) => Parameters<typeof sortKeys>[0]
  readonly bytesOf: (row: T) => number
  /** Fails with code 292 beyond 100 MB. */
  readonly limited: boolean
}

/** The first rows of an order, held in a heap whose root is the last of them: no more than wanted is ever kept. */
const makeHeap = <T>(compare: (a: T, b: T) => number) => {
  const heap: T[] = []
  const at = (index: number): T => heap[index] as T
  const swap = (a: number, b: number): void => {
    const held = at(a)
    heap[a] = at(b)
    heap[b] = held
  }

  const up = (from: number): void => {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >>> 1
      if (compare(at(index), at(parent)) <= 0) return
      swap(index, parent)
      index = parent
    }
  }

  const down = (): void => {
    let index = 0
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      let last = index
      if (left < heap.length && compare(at(left), at(last)) > 0) last = left
      if (right < heap.length && compare(at(right), at(last)) > 0) last = right
      if (last === index) return
      swap(index, last)
      index = last
    }
  }

  return {
    heap,
    push: (item: T): void => {
      heap.push(item)
      up(heap.length - 1)
    },
    /** Takes the item in the place of the last one; answers which of the two is out. */
    offer: (item: T): T => {
      const last = at(0)
      if (compare(item, last) >= 0) return item
      heap[0] = item
      down()
      return last
    },
  }
}

const exceeded = (): Error =>
  failure(
    'QueryExceededMemoryLimitNoDiskUseAllowed',
    `Executor error during find command :: caused by :: Sort exceeded memory limit of ${sortMemoryBytes} bytes, but did not opt in to external sorting. Aborting operation. Pass allowDiskUse:true to opt in.`,
  )

/** The first `keep` rows in the order of the sort; rows that sort alike stay in the order they came. */
export const sortRows = <T>(rows: Iterable<T>, { sort, keep, docOf, bytesOf, limited }: SortOptions<T>): T[] => {
  const compare = (a: Row<T>, b: Row<T>): number => compareSortKeys(a.keys, b.keys, sort) || a.place - b.place
  const { heap, push, offer } = makeHeap(compare)
  const all: Row<T>[] = Number.isFinite(keep) ? heap : []
  let bytes = 0
  let place = 0
  for (const row of rows) {
    const next = { row, keys: sortKeys(docOf(row), sort), place: place++ }
    bytes += bytesOf(row)
    if (!Number.isFinite(keep)) all.push(next)
    else if (all.length < keep) push(next)
    else bytes -= bytesOf(keep === 0 ? row : offer(next).row)
    if (limited && bytes > sortMemoryBytes) throw exceeded()
  }
  return all.sort(compare).map(({ row }) => row)
}
