import { AsyncLocalStorage } from 'node:async_hooks'
import { turns } from './turns.ts'

/** Most keys of one read. */
const maxKeys = 1_000

/** How long a read waits for the one before it: under load one takes a few milliseconds, and one that hangs holds up nobody. */
const patience = 20

export interface SharedReadsOptions<Row, Group> {
  /** Reads rows by their keys, for one group of readers. */
  readonly read: (keys: readonly string[], group: Group) => Promise<readonly Row[]>
  /** The keys under which a row is asked for. */
  readonly keysOf: (row: Row) => readonly string[]
}

interface Batch<Row> {
  readonly keys: Set<string>
  readonly rows: Promise<ReadonlyMap<string, Row>>
}

/** The next turn of the event loop in which the work before is over or takes too long. */
const turnAfter = async (before: Promise<unknown> | undefined): Promise<void> => {
  const turn = new Promise<void>((resolve) => setImmediate(resolve))
  if (!before) return turn
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patience)
  await Promise.race([before, late])
  clearTimeout(timer)
  await turn
}

/**
 * Reads of many at the same moment become one: ten thousand subscribers of one thing hear of its change at once, and each wants to see
 * it. What is asked for within one turn of the event loop is read together, after all of it was asked for, so nobody gets a state that
 * is older than the question. While a read is under way the next one gathers: the more there is to do, the more is done at once. Groups
 * are those who may see the same. Rows are shared: nobody may change them.
 */
export const shareReads = <Row, Group = undefined>({ read, keysOf }: SharedReadsOptions<Row, Group>) => {
  const open = new Map<string, Batch<Row>>()
  const underWay = new Map<string, Promise<unknown>>()
  // Not under the deadline of whoever happens to ask first.
  const readAside = AsyncLocalStorage.bind(read)

  const begin = (group: Group, name: string): Batch<Row> => {
    const keys = new Set<string>()
    const rows = turnAfter(underWay.get(name)).then(async () => {
      if (open.get(name) === batch) open.delete(name)
      const reading = readAside([...keys], group)
      const over = reading
        .catch(() => undefined)
        .then(() => {
          if (underWay.get(name) === over) underWay.delete(name)
        })
      underWay.set(name, over)
      return new Map((await reading).flatMap((row) => keysOf(row).map((key) => [key, row])))
    })
    const batch: Batch<Row> = { keys, rows }
    open.set(name, batch)
    return batch
  }

  const batchFor = (group: Group): Batch<Row> => {
    const name = JSON.stringify(group) ?? ''
    const batch = open.get(name)
    return batch && batch.keys.size < maxKeys ? batch : begin(group, name)
  }

  /** The rows that exist, each once. */
  return async (keys: readonly string[], group: Group): Promise<Row[]> => {
    const batch = batchFor(group)
    for (const key of keys) batch.keys.add(key)
    const rows = await batch.rows
    await turns.breathe()
    return [...new Set(keys.flatMap((key) => rows.get(key) ?? []))]
  }
}
