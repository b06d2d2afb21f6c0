import { crc32 } from 'node:zlib'
import { integerOf } from '../../bson/numbers.ts'
import type { Doc, Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Catalog } from '../../storage/catalog.ts'
import type { Store } from '../../storage/store.ts'
import type { Reply } from '../command.ts'
import type { Retry } from './once.ts'
import { committedRecord, decodeResults, encodeResults, type Numbered } from './retryRecords.ts'
import { numberOf, type Remembered, type Session, type StatementResult } from './sessions.ts'

const maxBytes = 8 * 1024 * 1024

/** The statement numbers of a command: `stmtIds`, or counted on from `stmtId`. */
const numbering = ({ stmtId, stmtIds }: Doc): ((index: number) => number) => {
  if (stmtIds !== undefined && stmtId !== undefined)
    throw failure('InvalidOptions', 'May not specify both stmtId and stmtIds in a write command')
  const start = stmtId === undefined ? 0 : (integerOf(stmtId) ?? 0)
  if (!Array.isArray(stmtIds)) return (index) => start + index
  const numbers = stmtIds.map((value: Value) => integerOf(value) ?? 0)
  return (index) => numbers[index] ?? index
}

/** The number of a session's write; throws when a later one has begun. */
const begin = (session: Session, number: bigint): Remembered => {
  const latest = numberOf(session)
  if (latest !== undefined && latest > number) {
    throw failure(
      'TransactionTooOld',
      `Retryable write with txnNumber ${number} is prohibited on session ${session.id} because a newer retryable write with txnNumber ${latest} has already started on this session.`,
    )
  }
  const known = session.remembered
  if (known?.number === number) return known
  const remembered: Remembered = { number, results: new Map(), at: undefined }
  session.remembered = remembered
  return remembered
}

// An entry of a map and what it points to, about.
const statementBytes = 100

const weightOf = ({ reply }: StatementResult): number =>
  statementBytes + (Buffer.isBuffer(reply?.value) ? reply.value.length : 0)

/** What is remembered must not fill the memory: that of the session remembered longest ago goes first. */
const makeWeights = (forget: (session: Session) => void) => {
  const weights = new Map<Session, number>()
  let held = 0

  const remove = (session: Session): void => {
    held -= weights.get(session) ?? 0
    weights.delete(session)
  }

  const note = (session: Session, { results }: Remembered): void => {
    remove(session)
    let bytes = 0
    for (const result of results.values()) bytes += weightOf(result)
    weights.set(session, bytes)
    held += bytes
    for (const oldest of weights.keys()) {
      // The latest write may be retried any moment, however much it is.
      if (held <= maxBytes || oldest === session) break
      remove(oldest)
      forget(oldest)
    }
  }

  return { note, remove }
}

/**
 * What retryable writes did, the last of each session: a driver that lost the answer sends the write again and must
 * get the same answer, not a second effect, even when the server died in between. A statement that failed is not
 * remembered: its retry is a new attempt.
 */
export const makeRetryMemory = (store: Store, catalog: Catalog) => {
  const { history } = catalog
  const weights = makeWeights((session) => {
    session.remembered = undefined
    store.removeReply(session.id)
  })

  /** Fills in the document that was not written twice; it must not have changed since. */
  const complete = (result: StatementResult): StatementResult => {
    const { reply, image } = result
    if (reply === undefined || image === undefined) return result
    const owner = [...catalog.all()].find(({ id }) => id === image.collection)
    const bytes = owner?.records.get(image.record)?.bytes
    if (bytes === undefined || crc32(bytes) !== image.sum) {
      throw failure(
        'IncompleteTransactionHistory',
        'incomplete history detected for a findAndModify: the document it answered with has changed since the server was restarted',
      )
    }
    return { ...result, reply: { ...reply, value: bytes } }
  }

  /** Begins or repeats a retryable write; throws TransactionTooOld (225). */
  const open = (session: Session, number: bigint, body: Doc) => {
    const remembered = begin(session, number)
    const numberAt = numbering(body)
    const fresh: Numbered[] = []
    const retried: number[] = []
    const retry: Retry = {
      recall: (index) => {
        const known = remembered.results.get(numberAt(index))
        if (known === undefined) return undefined
        retried.push(numberAt(index))
        return complete(known)
      },
      remember: (index, result) => {
        fresh.push([numberAt(index), result])
      },
    }

    /** How many statements have changed something that no earlier attempt had. */
    const writes = (): number => (history.changes().length > 0 ? fresh.length : 0)

    /** Within the command's unit: what was done is remembered when it is committed; no effect needs no memory. */
    const finish = (reply: Reply): Reply => {
      if (writes() > 0) {
        const known = remembered.results.size === 0 ? fresh : [...remembered.results, ...fresh]
        const bytes = encodeResults(known, history.changes())
        history.atCommit((time) => {
          store.putReply(session.id, number, bytes)
          for (const [statement, result] of fresh) remembered.results.set(statement, result)
          remembered.at = time
          weights.note(session, remembered)
        })
      }
      return retried.length === 0 ? reply : { ...reply, retriedStmtIds: retried }
    }

    return { retry, writes, finish }
  }

  return {
    open,

    /** What was known when the server stopped: results of a write, or (undefined) a committed transaction. */
    restored: (): { session: string; number: bigint; results: Numbered[] | undefined }[] =>
      store.replies().map(({ session, number, bytes }) => ({ session, number, results: decodeResults(bytes) })),

    committed: (session: Session, number: bigint): void => store.putReply(session.id, number, committedRecord),

    remove: (session: Session): void => {
      weights.remove(session)
      if (session.remembered?.at !== undefined || session.transaction?.committedAt !== undefined)
        store.removeReply(session.id)
    },
  }
}

export type RetryMemory = ReturnType<typeof makeRetryMemory>
