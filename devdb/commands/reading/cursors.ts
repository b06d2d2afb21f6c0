import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { withStreamLabels } from '../../changes/labels.ts'
import { failure } from '../../errors.ts'
import type { Reply } from '../command.ts'
import { type Cursor, checkSession, fill, news } from './cursor.ts'
import { fixedRows, type RowSource } from './rows.ts'

const defaultIdleLimitMs = 10 * 60 * 1000
const maxOpen = 1000
const maxHeldBytes = 256 * 1024 * 1024
const firstBatchSize = 101
const defaultAwaitMs = 1000

type Opening = {
  readonly namespace: string
  readonly batchSize: number | undefined
  /** The session it was opened in; getMore must come in the same. */
  readonly session?: string | undefined
  readonly noTimeout?: boolean
}

type FixedOpening = Opening & {
  /** All rows: what is not sent in the first batch is drained now, so later writes cannot disturb it. */
  readonly rows: Iterable<Buffer>
  /** The rows are bytes the store holds anyway: then they do not count as memory of the cursor. */
  readonly stored?: boolean
  /** Makes the bytes to send from a row, only when it is sent: then the rows can be the stored bytes themselves. */
  readonly project?: ((row: Buffer) => Buffer) | undefined
  readonly singleBatch?: boolean
}

type LiveOpening = Opening & { readonly source: RowSource; readonly awaitData: boolean }

type More = {
  readonly id: Long
  readonly namespace: string
  readonly batchSize?: number | undefined
  readonly session?: string | undefined
  /** How long a waiting cursor waits for its first row, in milliseconds. */
  readonly maxTimeMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const zero = Long.fromNumber(0)

type BatchField = 'firstBatch' | 'nextBatch'

type Options = {
  readonly clock?: () => number
  /** How long an unused cursor lives, in milliseconds. */
  readonly idleLimitMs?: () => number
}

/**
 * Open cursors. A fixed cursor's rows are decided when it opens; a live one (tailable, change stream) asks its source
 * again at each getMore. Bounded in number and in bytes held: the one unused for longest goes first.
 */
export const makeCursors = ({ clock = Date.now, idleLimitMs = () => defaultIdleLimitMs }: Options = {}) => {
  const open = new Map<string, Cursor>()
  let timedOut = 0
  let totalOpened = 0

  const close = (cursor: Cursor): void => {
    open.delete(cursor.id.toString())
    cursor.source.close()
    cursor.wake?.()
  }

  const held = (): number => {
    let bytes = 0
    for (const { source } of open.values()) bytes += source.heldBytes()
    return bytes
  }

  const expire = (): void => {
    const limit = clock() - idleLimitMs()
    for (const cursor of open.values()) {
      if (cursor.noTimeout || cursor.inUse || cursor.usedAt >= limit) continue
      close(cursor)
      timedOut++
    }
  }

  const makeRoom = (bytes: number): void => {
    if (bytes > maxHeldBytes)
      throw failure('ExceededMemoryLimit', `a cursor may hold ${maxHeldBytes} bytes, this one needs ${bytes}`)
    let total = bytes > 0 ? held() + bytes : 0
    for (const cursor of open.values()) {
      if (open.size < maxOpen && total <= maxHeldBytes) break
      if (cursor.inUse) continue
      total -= cursor.source.heldBytes()
      close(cursor)
      timedOut++
    }
  }

  const keep = (cursor: Omit<Cursor, 'id' | 'usedAt' | 'inUse' | 'killed' | 'wake'>): Cursor => {
    expire()
    makeRoom(cursor.source.heldBytes())
    const id = Long.fromBigInt(randomBytes(8).readBigUInt64LE() >> 1n)
    const kept = { ...cursor, id, usedAt: clock(), inUse: false, killed: undefined, wake: undefined }
    open.set(id.toString(), kept)
    totalOpened++
    return kept
  }

  const reply = (field: BatchField, batch: Buffer[], cursor: Pick<Cursor, 'namespace' | 'source'>, id: Long): Reply => {
    const token = cursor.source.resumeToken?.()
    return { cursor: { [field]: batch, ...(token && { postBatchResumeToken: token }), id, ns: cursor.namespace } }
  }

  const openFixed = ({ rows, project, stored = false, singleBatch = false, ...opening }: FixedOpening): Reply => {
    const { namespace, batchSize = firstBatchSize, session, noTimeout = false } = opening
    const input = rows[Symbol.iterator]()
    const source = fixedRows({ input, project, stored })
    const cursor = { namespace, source, session, noTimeout, awaitData: false }
    const batch = fill(cursor.source, batchSize)
    if (!singleBatch) source.drain()
    if (singleBatch || cursor.source.exhausted()) {
      source.close()
      input.return?.()
      return { cursor: { firstBatch: batch, id: zero, ns: namespace } }
    }
    return reply('firstBatch', batch, cursor, keep(cursor).id)
  }

  const openLive = ({ source, awaitData, batchSize = firstBatchSize, ...opening }: LiveOpening): Reply => {
    const { namespace, session, noTimeout = false } = opening
    const cursor = { namespace, source, session, noTimeout, awaitData }
    const batch = fill(cursor.source, batchSize)
    if (cursor.source.exhausted()) {
      source.close()
      return reply('firstBatch', batch, cursor, zero)
    }
    return reply('firstBatch', batch, cursor, keep(cursor).id)
  }

  const find = ({ id, namespace, session, maxTimeMs }: More): Cursor => {
    expire()
    const cursor = open.get(id.toString())
    if (cursor === undefined) throw failure('CursorNotFound', `cursor id ${id} not found`)
    if (cursor.namespace !== namespace) {
      throw failure(
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      )
    }
    checkSession(cursor, session)
    if (cursor.inUse) throw failure('CursorInUse', `cursor id ${id} is already in use`)
    if (cursor.killed !== undefined) {
      close(cursor)
      throw cursor.killed
    }
    if (maxTimeMs !== undefined && !cursor.awaitData)
      throw failure('BadValue', 'cannot set maxTimeMS on getMore command for a non-awaitData cursor')
    return cursor
  }

  const answer = (cursor: Cursor, batch: Buffer[]): Reply => {
    cursor.usedAt = clock()
    // Taken out and put back: the map is in the order of use, so the one unused for longest is first.
    open.delete(cursor.id.toString())
    const done = cursor.source.exhausted()
    if (done) close(cursor)
    else open.set(cursor.id.toString(), cursor)
    return reply('nextBatch', batch, cursor, done ? zero : cursor.id)
  }

  const wait = async (cursor: Cursor, limit: number, { maxTimeMs = defaultAwaitMs, signal }: More): Promise<Reply> => {
    const until = clock() + maxTimeMs
    cursor.inUse = true
    try {
      for (;;) {
        await news(cursor, until - clock(), signal)
        if (!open.has(cursor.id.toString())) throw failure('CursorKilled', `cursor id ${cursor.id} was killed`)
        if (cursor.killed !== undefined) {
          close(cursor)
          throw cursor.killed
        }
        const batch = fillNext(cursor, limit)
        if (batch.length > 0 || cursor.source.exhausted() || signal?.aborted || clock() >= until)
          return answer(cursor, batch)
      }
    } finally {
      cursor.inUse = false
    }
  }

  /** A cursor that failed is closed, as its reader cannot know what it missed. */
  const fillNext = (cursor: Cursor, limit: number): Buffer[] => {
    try {
      return fill(cursor.source, limit)
    } catch (error) {
      close(cursor)
      throw cursor.source.survivesDrop === true ? withStreamLabels(error) : error
    }
  }

  const more = (request: More): Reply | Promise<Reply> => {
    const cursor = find(request)
    const limit = request.batchSize ?? Number.POSITIVE_INFINITY
    const batch = fillNext(cursor, limit)
    const waits = cursor.awaitData && batch.length === 0 && !cursor.source.exhausted()
    return waits ? wait(cursor, limit, request) : answer(cursor, batch)
  }

  const each = (chosen: (cursor: Cursor) => boolean, run: (cursor: Cursor) => void): void => {
    for (const cursor of [...open.values()]) if (chosen(cursor)) run(cursor)
  }

  return {
    open: openFixed,
    openLive,
    more,
    expire,

    kill: (id: Long): boolean => {
      const cursor = open.get(id.toString())
      if (cursor !== undefined) close(cursor)
      return cursor !== undefined
    },

    /** The collection is gone: the next getMore of its cursors says so. Change streams hear it as an event instead. */
    killNamespace: (namespace: string): void =>
      each(
        (cursor) => cursor.namespace === namespace && cursor.source.survivesDrop !== true,
        (cursor) => {
          cursor.killed = failure('QueryPlanKilled', `collection dropped between getMore calls: ${namespace}`)
          cursor.source.close()
          cursor.wake?.()
        },
      ),

    killSession: (session: string): void => each((cursor) => cursor.session === session, close),

    /** Whether it is an open change stream: its errors carry labels. */
    isChangeStream: (id: Long): boolean => open.get(id.toString())?.source.survivesDrop === true,

    size: (): number => open.size,

    /** What serverStatus tells. */
    statistics: () => ({
      timedOut,
      totalOpened,
      open: {
        noTimeout: [...open.values()].filter(({ noTimeout }) => noTimeout).length,
        pinned: [...open.values()].filter(({ inUse }) => inUse).length,
        total: open.size,
      },
    }),

    heldBytes: held,
  }
}

export type Cursors = ReturnType<typeof makeCursors>
