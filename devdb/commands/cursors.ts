import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { maxDocumentBytes } from '../bson/encode.ts'
import { failure } from '../errors.ts'
import type { Reply } from './command.ts'

type Cursor = { readonly namespace: string; readonly rows: Buffer[]; at: number; usedAt: number }

const idleLimit = 10 * 60 * 1000
const maxOpen = 1000
const firstBatchSize = 101

type Opening = {
  readonly namespace: string
  readonly rows: Iterable<Buffer>
  readonly batchSize: number | undefined
  readonly singleBatch?: boolean
}

const zero = Long.fromNumber(0)

/** Open cursors. What a cursor will still send is fixed when it opens, so writes between batches cannot disturb it. */
export const makeCursors = (clock: () => number = Date.now) => {
  const open = new Map<string, Cursor>()

  const expire = (): void => {
    const limit = clock() - idleLimit
    for (const [id, cursor] of open) if (cursor.usedAt < limit) open.delete(id)
    // The oldest go first: a client that never closes its cursors must not fill the memory.
    for (const id of open.keys()) {
      if (open.size < maxOpen) break
      open.delete(id)
    }
  }

  const keep = (namespace: string, rows: Buffer[]): Long => {
    expire()
    const id = Long.fromBigInt(randomBytes(8).readBigUInt64LE() >> 1n)
    open.set(id.toString(), { namespace, rows, at: 0, usedAt: clock() })
    return id
  }

  return {
    open: ({ namespace, rows, batchSize = firstBatchSize, singleBatch = false }: Opening): Reply => {
      const firstBatch: Buffer[] = []
      const rest: Buffer[] = []
      let size = 0
      if (batchSize > 0 || !singleBatch) {
        for (const row of rows) {
          const fits =
            rest.length === 0 && firstBatch.length < batchSize && (size === 0 || size + row.length <= maxDocumentBytes)
          if (fits) {
            firstBatch.push(row)
            size += row.length
          } else if (singleBatch) {
            break
          } else {
            rest.push(row)
          }
        }
      }
      const id = rest.length > 0 ? keep(namespace, rest) : zero
      return { cursor: { firstBatch, id, ns: namespace } }
    },

    more: (id: Long, namespace: string, batchSize = Number.POSITIVE_INFINITY): Reply => {
      expire()
      const key = id.toString()
      const cursor = open.get(key)
      if (cursor === undefined) throw failure('CursorNotFound', `cursor id ${key} not found`)
      if (cursor.namespace !== namespace) {
        throw failure(
          'BadValue',
          `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
        )
      }
      const nextBatch: Buffer[] = []
      let size = 0
      for (; cursor.at < cursor.rows.length && nextBatch.length < batchSize; cursor.at++) {
        const row = cursor.rows[cursor.at]
        if (row === undefined || (size > 0 && size + row.length > maxDocumentBytes)) break
        nextBatch.push(row)
        size += row.length
      }
      cursor.usedAt = clock()
      const done = cursor.at >= cursor.rows.length
      if (done) open.delete(key)
      return { cursor: { nextBatch, id: done ? zero : id, ns: namespace } }
    },

    kill: (id: Long): boolean => open.delete(id.toString()),
    killNamespace: (namespace: string): void => {
      for (const [id, cursor] of open) if (cursor.namespace === namespace) open.delete(id)
    },
    size: (): number => open.size,
  }
}

export type Cursors = ReturnType<typeof makeCursors>
