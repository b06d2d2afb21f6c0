import { backup } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { makeBatch, rowsOf } from './batch.ts'
import { DamagedError, type DataFile, LockedError, openFile } from './file.ts'
import type { FromWriter, ToWriter } from './protocol.ts'

/** The thread that owns the data file: a commit waits for the disk here, while the server goes on with other commands. */

const chunkBytes = 256 * 1024
const idleMs = 500
// Between two lots of pages: a commit that comes meanwhile goes first.
const breathMs = 10
const pagesAtOnce = 256
// Fewer empty pages than this are left for the next inserts.
const spareFreePages = 1024

const port = parentPort
if (port === null) throw new Error('writer.ts runs as a worker thread')

const send = (message: FromWriter, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const sendRows = (file: DataFile): void => {
  const batch = makeBatch()
  const flush = (): void => {
    const bytes = batch.take()
    if (bytes.length > 0) send({ type: 'rows', bytes }, [bytes.buffer])
  }
  for (const { table, key, bytes } of file.rows()) {
    batch.put(table, key, bytes)
    if (batch.size() > chunkBytes) flush()
  }
  flush()
}

const serve = (file: DataFile): void => {
  let idle: NodeJS.Timeout | undefined
  let compacted = false

  const shrink = (): void => {
    if (file.freePages() > spareFreePages) {
      file.compact(pagesAtOnce)
      compacted = true
      rest(breathMs)
    } else if (compacted) {
      file.checkpoint()
      compacted = false
    }
  }

  /** A disk that is full or fails cannot be tidied up; whether it takes writes is for the next commit to find out. */
  const tidy = (): void => {
    try {
      shrink()
    } catch {
      compacted = false
    }
  }

  const rest = (milliseconds = idleMs): void => {
    clearTimeout(idle)
    idle = setTimeout(tidy, milliseconds)
  }

  const commit = (batch: Uint8Array<ArrayBuffer>): void => {
    try {
      file.commit(rowsOf(Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength)))
      send({ type: 'committed', memory: batch.buffer }, [batch.buffer])
    } catch (error) {
      send({ type: 'refused', reason: text(error) })
    }
    rest()
  }

  const copy = (target: string): void => {
    backup(file.database, target).then(
      () => send({ type: 'copied' }),
      (error: unknown) => send({ type: 'copied', reason: text(error) }),
    )
  }

  const close = (): void => {
    clearTimeout(idle)
    file.close()
    port.close()
  }

  port.on('message', (message: ToWriter) => {
    if (message.type === 'commit') commit(message.bytes)
    else if (message.type === 'copy') copy(message.target)
    else close()
  })
}

const reasonOf = (error: unknown): 'locked' | 'damaged' | 'disk' =>
  error instanceof LockedError ? 'locked' : error instanceof DamagedError ? 'damaged' : 'disk'

try {
  const { path, maxPages } = workerData as { path: string; maxPages?: number }
  const file = openFile(path, maxPages)
  file.checkStructure()
  sendRows(file)
  serve(file)
  send({ type: 'open' })
} catch (error) {
  send({ type: 'failed', reason: reasonOf(error), message: text(error) })
  port.close()
}
