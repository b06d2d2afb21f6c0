import { AsyncLocalStorage } from 'node:async_hooks'

/** Most keys of one read. */
const maxKeys = 1_000

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

/**
 * Reads of many at the same moment become one: ten thousand subscribers of one thing hear of its change at once, and each wants to see
 * it. What is asked for within one turn of the event loop is read together, after all of it was asked for, so nobody gets a state that
 * is older than the question. Groups are those who may see the same. Rows are shared: nobody may change them.
 */
export const shareReads = <Row, Group = undefined>({ read, keysOf }: SharedReadsOptions<Row, Group>) => {
  const open = new Map<string, Batch<Row>>()
  // Not under the deadline of whoever happens to ask first.
  const readAside = AsyncLocalStorage.bind(read)

  const begin = (group: Group, name: string): Batch<Row> => {
    const keys = new Set<string>()
    const ready = new Promise<void>((resolve) => setImmediate(resolve))
    const rows = ready.then(async () => {
      if (open.get(name) === batch) open.delete(name)
      const found = await readAside([...keys], group)
      return new Map(found.flatMap((row) => keysOf(row).map((key) => [key, row])))
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
    return [...new Set(keys.flatMap((key) => rows.get(key) ?? []))]
  }
}
