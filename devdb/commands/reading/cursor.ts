import type { Long } from 'bson'
import { maxDocumentBytes } from '../../bson/encode.ts'
import { MongoError } from '../../errors.ts'
import type { RowSource } from './rows.ts'

/** An open cursor: what a client may ask more of. */
export type Cursor = {
  readonly id: Long
  readonly namespace: string
  readonly source: RowSource
  readonly session: string | undefined
  readonly noTimeout: boolean
  /** Waits for new rows when it has none. */
  readonly awaitData: boolean
  usedAt: number
  inUse: boolean
  /** Why the next getMore fails. */
  killed: MongoError | undefined
  /** Ends the wait of a getMore under way. */
  wake: (() => void) | undefined
}

/** Rows up to `limit` and 16 MB; one row always fits. */
export const fill = (source: RowSource, limit: number): Buffer[] => {
  const batch: Buffer[] = []
  let size = 0
  while (batch.length < limit) {
    const row = source.take()
    if (row === undefined) break
    if (size > 0 && size + row.length > maxDocumentBytes) {
      source.back(row)
      break
    }
    batch.push(row)
    size += row.length
  }
  return batch
}

/** Throws 50736 to 50738 when a getMore comes in another session than the cursor was opened in. */
export const checkSession = ({ id, session: owner }: Cursor, session: string | undefined): void => {
  if (owner === session) return
  const subject = `Cannot run getMore on cursor ${id}, which was`
  if (owner === undefined)
    throw new MongoError(50736, 'Location50736', `${subject} not created in a session, in session ${session}`)
  const created = `${subject} created in session ${owner}`
  if (session === undefined) throw new MongoError(50737, 'Location50737', `${created}, without an lsid`)
  throw new MongoError(50738, 'Location50738', `${created}, in session ${session}`)
}

/** Resolves when there may be new rows, when the time is over, or when the cursor or its client is gone. */
export const news = (cursor: Cursor, milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, Math.max(0, milliseconds))
  const unsubscribe = cursor.source.onNews(resolve)
  const onGone = (): void => resolve()
  cursor.wake = resolve
  signal?.addEventListener('abort', onGone)
  return promise.finally(() => {
    clearTimeout(timer)
    unsubscribe()
    signal?.removeEventListener('abort', onGone)
    cursor.wake = undefined
  })
}
