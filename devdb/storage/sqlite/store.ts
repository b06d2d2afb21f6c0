import { Worker } from 'node:worker_threads'
import { DiskError, type Store } from '../store.ts'
import { type Key, makeBatch, type Row, rowsOf } from './batch.ts'
import { DamagedError, LockedError } from './file.ts'
import { keyOf, ownerOf, recordOf } from './keys.ts'
import type { FromWriter, ToWriter } from './protocol.ts'

const failureOf = ({ reason, message }: Extract<FromWriter, { type: 'failed' }>): Error => {
  if (reason === 'locked') return new LockedError(message)
  return reason === 'damaged' ? new DamagedError(message) : new Error(message)
}

/** What the file held when it was opened, given away once: the records then live in their collections only. */
const makeSaved = () => {
  const collections: { id: number; description: Buffer }[] = []
  const documents = new Map<number, { id: number; bytes: Buffer }[]>()
  const others: Record<'replies' | 'oplog', { key: Key; bytes: Buffer }[]> = { replies: [], oplog: [] }
  const documentsOf = (collection: number): { id: number; bytes: Buffer }[] => {
    const known = documents.get(collection)
    if (known !== undefined) return known
    const list: { id: number; bytes: Buffer }[] = []
    documents.set(collection, list)
    return list
  }
  const add = ({ table, key, bytes = Buffer.alloc(0) }: Row): void => {
    if (table === 'documents') documentsOf(ownerOf(Number(key))).push({ id: recordOf(Number(key)), bytes })
    else if (table === 'collections') collections.push({ id: Number(key), description: bytes })
    else others[table].push({ key, bytes })
  }
  return {
    take: (batch: Uint8Array): void => {
      for (const row of rowsOf(Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength))) add(row)
    },
    collections: () => collections.splice(0),
    documents: (collection: number) => {
      const list = documentsOf(collection)
      documents.delete(collection)
      return list
    },
    rest: (table: 'replies' | 'oplog') => others[table].splice(0),
  }
}

type Batch = PromiseWithResolvers<void>

/**
 * Batches on their way to the disk: one is being written, the next is being filled meanwhile. When the disk refuses
 * one, what was filled on top of it is void as well: both fail, and nothing of them is in the file.
 */
const makeQueue = (post: (batch: Buffer<ArrayBuffer>) => void, onRefused: (reason: string) => void) => {
  const rows = makeBatch()
  let filling: Batch | undefined
  let writing: Batch | undefined

  const flush = (): void => {
    if (writing !== undefined || filling === undefined) return
    writing = filling
    filling = undefined
    post(rows.take())
  }

  const begin = (): void => {
    filling = Promise.withResolvers<void>()
    // Everybody who waits handles a refusal; with nobody waiting it is no error of the process.
    filling.promise.catch(() => undefined)
    // At the end of the turn: what all clients wrote in it goes to the disk together.
    setImmediate(flush)
  }

  return {
    change: (write: (batch: typeof rows) => void): void => {
      if (filling === undefined) begin()
      write(rows)
    },
    settled: (): Promise<void> | undefined => (filling ?? writing)?.promise,
    committed: (memory: ArrayBuffer): void => {
      rows.reuse(memory)
      const done = writing
      writing = undefined
      done?.resolve()
      flush()
    },
    refused: (reason: string): void => {
      const lost = [writing, filling]
      writing = undefined
      filling = undefined
      rows.take()
      // Memory goes back first, then those are told who waited.
      onRefused(reason)
      for (const batch of lost) batch?.reject(new DiskError(reason))
    },
  }
}

export type SqliteOptions = {
  readonly path: string
  /** The disk refused a batch: nothing that was written since the last settled one is there. */
  readonly onRefused: (reason: string) => void
  /** The largest size of the file, in pages of 4 kB; without it the disk is the limit. */
  readonly maxPages?: number | undefined
}

// Text and no file: what strips the types of a file takes 17 MB of memory for good, unless the compile cache has it.
const entry = `
  require('node:module').enableCompileCache()
  import(${JSON.stringify(new URL('./writer.ts', import.meta.url).href)})
`

/**
 * Documents in an SQLite file, written by a thread of its own. All writes of one event-loop turn, and all that come
 * while the disk is busy, form one transaction; `settled` tells when it is on disk and throws DiskError when it is not.
 * Throws LockedError, DamagedError, or the disk's error.
 */
export const openSqliteStore = async ({ path, onRefused, maxPages }: SqliteOptions): Promise<Store> => {
  const worker = new Worker(entry, {
    eval: true,
    workerData: { path, maxPages },
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  })
  const post = (message: ToWriter, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer)
  const queue = makeQueue((bytes) => post({ type: 'commit', bytes }, [bytes.buffer]), onRefused)
  const saved = makeSaved()
  const opened = Promise.withResolvers<void>()
  const copies: PromiseWithResolvers<void>[] = []

  const copied = (reason: string | undefined): void => {
    const copy = copies.shift()
    if (reason === undefined) copy?.resolve()
    else copy?.reject(new DiskError(reason))
  }

  worker.on('message', (message: FromWriter) => {
    if (message.type === 'committed') queue.committed(message.memory)
    else if (message.type === 'refused') queue.refused(message.reason)
    else if (message.type === 'rows') saved.take(message.bytes)
    else if (message.type === 'copied') copied(message.reason)
    else if (message.type === 'failed') opened.reject(failureOf(message))
    else opened.resolve()
  })
  // Without its thread the server could not write any more: better to end, by the event's own throw, than to pretend.
  worker.once('error', opened.reject)
  await opened.promise
  worker.removeListener('error', opened.reject)

  return {
    collections: saved.collections,
    documents: saved.documents,
    replies: () =>
      saved.rest('replies').map(({ key, bytes }) => ({
        session: String(key),
        number: bytes.readBigInt64LE(0),
        bytes: bytes.subarray(8),
      })),
    oplog: () => saved.rest('oplog').map(({ key, bytes }) => ({ number: Number(key), bytes })),
    putCollection: (id, description) => queue.change((batch) => batch.put('collections', id, description)),
    dropCollection: (id) =>
      queue.change((batch) => {
        batch.remove('collections', id)
        batch.removeRange('documents', keyOf(id, 0), keyOf(id + 1, 0))
      }),
    put: (collection, id, bytes) => queue.change((batch) => batch.put('documents', keyOf(collection, id), bytes)),
    remove: (collection, id) => queue.change((batch) => batch.remove('documents', keyOf(collection, id))),
    putReply: (session, number, bytes) => {
      const row = Buffer.allocUnsafe(8 + bytes.length)
      row.writeBigInt64LE(number, 0)
      row.set(bytes, 8)
      queue.change((batch) => batch.put('replies', session, row))
    },
    removeReply: (session) => queue.change((batch) => batch.remove('replies', session)),
    putOplog: (number, bytes) => queue.change((batch) => batch.put('oplog', number, bytes)),
    trimOplog: (number) => queue.change((batch) => batch.removeRange('oplog', 0, number)),
    settled: queue.settled,
    copyTo: (target) => {
      const copy = Promise.withResolvers<void>()
      copies.push(copy)
      post({ type: 'copy', target })
      return copy.promise
    },
    close: async () => {
      await queue.settled()?.catch(() => undefined)
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      post({ type: 'close' })
      await ended
    },
  }
}
