/**
 * The tables of the data file, and batches of changes to them as one piece of memory: a batch is handed to the writing
 * thread whole, without being copied, and rows come back from it in the same form when the file is opened.
 */
export const tables = ['collections', 'documents', 'replies', 'oplog'] as const

export type Table = (typeof tables)[number]

export type Key = number | string

/** A row to be written; without `bytes` the row is removed, and with `until` all rows from `key` up to before it. */
export type Row = { readonly table: Table; readonly key: Key; readonly bytes?: Buffer; readonly until?: number }

const actions = { put: 0, remove: 1, removeRange: 2 } as const

const leastBytes = 16 * 1024
const largestSpare = 1024 * 1024

/** Collects rows; `take` answers what was collected and begins anew. */
export const makeBatch = () => {
  let memory: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(leastBytes)
  let spare: Buffer<ArrayBuffer> | undefined
  let used = 0

  const reserve = (length: number): number => {
    const at = used
    used += length
    if (used > memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(used, memory.length * 2))
      memory.copy(larger, 0, 0, at)
      memory = larger
    }
    return at
  }

  const head = (table: Table, action: number): void => {
    const at = reserve(2)
    memory[at] = tables.indexOf(table)
    memory[at + 1] = action
  }

  const number = (value: number): void => {
    const at = reserve(8)
    memory.writeDoubleLE(value, at)
  }

  const bytes = (value: Uint8Array): void => {
    const at = reserve(4 + value.length)
    memory.writeUInt32LE(value.length, at)
    memory.set(value, at + 4)
  }

  const key = (value: Key): void => {
    const at = reserve(1)
    memory[at] = typeof value === 'number' ? 0 : 1
    if (typeof value === 'number') number(value)
    else bytes(Buffer.from(value))
  }

  return {
    size: (): number => used,
    put: (table: Table, id: Key, value: Uint8Array): void => {
      head(table, actions.put)
      key(id)
      bytes(value)
    },
    remove: (table: Table, id: Key): void => {
      head(table, actions.remove)
      key(id)
    },
    removeRange: (table: Table, from: number, until: number): void => {
      head(table, actions.removeRange)
      key(from)
      number(until)
    },
    take: (): Buffer<ArrayBuffer> => {
      const taken = memory.subarray(0, used)
      memory = spare ?? Buffer.allocUnsafeSlow(leastBytes)
      spare = undefined
      used = 0
      return taken
    },
    /** Memory of a batch that is done with: new memory for each would be thrown away faster than it is collected. */
    reuse: (done: ArrayBuffer): void => {
      if (done.byteLength >= leastBytes && done.byteLength <= largestSpare) spare = Buffer.from(done)
    },
  }
}

/** The rows of a batch, in order. Their bytes are views of the batch. */
export function* rowsOf(batch: Buffer): Generator<Row> {
  let at = 0
  const number = (): number => {
    at += 8
    return batch.readDoubleLE(at - 8)
  }
  const bytes = (): Buffer => {
    const start = at + 4
    at = start + batch.readUInt32LE(at)
    return batch.subarray(start, at)
  }
  const key = (): Key => (batch[at++] === 0 ? number() : bytes().toString())
  while (at < batch.length) {
    const table = tables[batch[at] ?? 0] ?? 'documents'
    const action = batch[at + 1]
    at += 2
    const id = key()
    if (action === actions.put) yield { table, key: id, bytes: bytes() }
    else if (action === actions.remove) yield { table, key: id }
    else yield { table, key: id, until: number() }
  }
}
