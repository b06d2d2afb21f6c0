import { failure, MongoError } from '../../errors.ts'
import { applyChanges, type Change, revertChanges } from '../../storage/change.ts'
import { Conflict, type History } from '../../storage/history.ts'
import type { LogicalTime } from '../../storage/logicalClock.ts'
import { makeHolds } from './holds.ts'

/** A multi-document transaction: the state it reads, and what it changed on top of it. */
export type Transaction = {
  readonly session: string
  readonly number: bigint
  readonly snapshot: LogicalTime
  /** Its log: applied only while one of its own commands runs. */
  readonly changes: Change[]
  state: 'open' | 'committed' | 'aborted'
  /** Undefined when it changed nothing. */
  committedAt: LogicalTime | undefined
  /** Settles when it is committed or aborted. */
  readonly released: Promise<void>
  readonly release: () => void
  timer: NodeJS.Timeout | undefined
  /** Told when it ends: its cursors go with it. */
  readonly onEnd: () => void
}

export const writeConflict = (): MongoError =>
  failure(
    'WriteConflict',
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
  )

type Start = {
  readonly session: string
  readonly number: bigint
  /** The moment whose state it reads; absent: now. */
  readonly snapshot: LogicalTime | undefined
  readonly onEnd: () => void
}

/** A statement that met a conflict fails its whole transaction. */
const orConflict = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw error instanceof Conflict ? writeConflict() : error
  }
}

/** A unique key that was free in the snapshot has been taken since: the log no longer fits. */
const checkFits = (changes: readonly Change[]): void => {
  const done: Change[] = []
  try {
    for (const change of changes) {
      applyChanges([change])
      done.push(change)
    }
  } catch (error) {
    throw error instanceof MongoError ? writeConflict() : error
  } finally {
    revertChanges(done)
  }
}

/** Snapshot isolation, first committer wins: what an open transaction holds nobody else can change. */
export const makeTransactionManager = (history: History, lifetimeMs: () => number) => {
  const holds = makeHolds()
  const open = new Set<Transaction>()

  const end = (transaction: Transaction, state: 'committed' | 'aborted'): void => {
    transaction.state = state
    open.delete(transaction)
    clearTimeout(transaction.timer)
    holds.release(transaction)
    history.unpin(transaction)
    history.setGuard(holds.plain())
    transaction.changes.length = 0
    transaction.onEnd()
    transaction.release()
  }

  const abort = (transaction: Transaction): void => {
    if (transaction.state === 'open') end(transaction, 'aborted')
  }

  const start = ({ session, number, snapshot = history.clock.now(), onEnd }: Start): Transaction => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const transaction: Transaction = {
      session,
      number,
      snapshot,
      changes: [],
      state: 'open',
      committedAt: undefined,
      released,
      release,
      timer: undefined,
      onEnd,
    }
    history.since(snapshot)
    transaction.timer = setTimeout(() => abort(transaction), lifetimeMs()).unref()
    history.pin(transaction, snapshot)
    open.add(transaction)
    return transaction
  }

  /** Runs one command of a transaction on its own state; a failure leaves the transaction for the caller to abort. */
  const runIn = <T>(transaction: Transaction, work: () => T): T => {
    const { changes, snapshot } = transaction
    const mark = changes.length
    const later = history.since(snapshot).flatMap((unit) => unit.changes)
    const guard = holds.transactional(transaction, later, changes)
    history.setGuard(guard)
    try {
      const result = orConflict(() =>
        history.asOf(snapshot, changes, () => {
          const answer = work()
          if (changes.length > mark) guard.check(changes.slice(mark))
          return answer
        }),
      )
      if (changes.length === mark) return result
      if (later.length > 0) checkFits(changes)
      holds.claim(transaction, changes.slice(mark))
      return result
    } finally {
      history.setGuard(holds.plain())
    }
  }

  /** Makes its changes everybody's, as one unit; `within` runs before the unit is handed on (to note it durably). */
  const commit = (transaction: Transaction, within: () => void): void => {
    const changes = [...transaction.changes]
    history.setGuard(undefined)
    if (changes.length > 0) {
      applyChanges(changes)
      transaction.committedAt = history.commit(changes, transaction)
      within()
    }
    end(transaction, 'committed')
  }

  // What the disk refused may be what a transaction has read or built upon.
  history.onRevert(() => {
    for (const transaction of [...open]) abort(transaction)
  })

  /** A transaction that was committed before the server was started. */
  const ended = (session: string, number: bigint): Transaction => ({
    session,
    number,
    snapshot: 0,
    changes: [],
    state: 'committed',
    committedAt: 0,
    released: Promise.resolve(),
    release: () => undefined,
    timer: undefined,
    onEnd: () => undefined,
  })

  return { start, ended, abort, runIn, commit, count: (): number => open.size }
}

export type TransactionManager = ReturnType<typeof makeTransactionManager>
