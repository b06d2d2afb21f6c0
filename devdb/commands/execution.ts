import { type Doc, isDoc } from '../bson/values.ts'
import { failure, location, MalformedError, MongoError } from '../errors.ts'
import { Conflict } from '../storage/history.ts'
import { toTimestamp } from '../storage/logicalClock.ts'
import type { Command, Reply, Request, Server } from './command.ts'
import type { ReadConcern } from './concerns.ts'
import type { Failpoints } from './failpoints.ts'
import { checkAllowed, checkStages, endings, type Place, stageOutside } from './place.ts'
import { once } from './sessions/once.ts'
import type { RetryMemory } from './sessions/retryMemory.ts'
import { numberOf, type Session, type Sessions } from './sessions/sessions.ts'
import { type Transaction, type TransactionManager, writeConflict } from './sessions/transaction.ts'

const withSnapshot = new Set(['find', 'aggregate', 'distinct'])

const unfinished = (reply: Reply): boolean => {
  if (reply.writeErrors !== undefined) return true
  return typeof reply.nErrors === 'number' && reply.nErrors > 0
}

type Parts = {
  readonly server: Server
  readonly failpoints: Failpoints | undefined
  readonly sessions: Sessions
  readonly transactions: TransactionManager
  readonly memory: RetryMemory
}

/** Longer no command waits, even without a maxTimeMS. */
const longestWaitMs = 60_000

/** A wait that ends with the first of: the promise, the deadline (50), a minute (112), the client's going away. */
const waitFor = async (released: Promise<void>, { deadline, signal }: Request): Promise<void> => {
  const limit = Math.min(deadline ?? Number.POSITIVE_INFINITY, Date.now() + longestWaitMs)
  const { promise, reject } = Promise.withResolvers<void>()
  const stop = (): void => {
    reject(deadline === limit ? failure('MaxTimeMSExpired', 'operation exceeded time limit') : writeConflict())
  }
  const timer = setTimeout(stop, Math.max(0, limit - Date.now()))
  const gone = (): void => reject(failure('Interrupted', 'the client went away'))
  signal?.addEventListener('abort', gone, { once: true })
  try {
    await Promise.race([released, promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', gone)
  }
}

/** Runs commands where they belong: alone, as a retryable write, on a snapshot, or in a transaction. */
export const makeExecution = ({ server, failpoints, sessions, transactions, memory }: Parts) => {
  const { history } = server.catalog

  /** Alone: a command that meets what a transaction holds is taken back, waits, and begins anew. */
  const alone = (request: Request, work: (request: Request) => Reply | Promise<Reply>): Reply | Promise<Reply> => {
    try {
      return history.run(() => work(request))
    } catch (error) {
      if (!(error instanceof Conflict) || error.released === undefined) throw error
      return waitFor(error.released, request).then(() => alone(request, work))
    }
  }

  /** The fail point of retryable writes: before the commit it is an error, else only the reply is lost. */
  const struck = (name: string, writes: number): boolean => {
    const fate = writes === 0 ? undefined : failpoints?.strikeWrite(name === 'insert' ? 1 : writes)
    if (fate?.error === undefined) return fate?.close === true
    throw fate.close ? new MalformedError('closed by a fail point') : fate.error
  }

  const retryable = (request: Request, command: Command, [session, number]: [Session, bigint]) => {
    let lost = false
    const work = (asked: Request): Reply | Promise<Reply> => {
      const { transaction } = session
      if (transaction?.number === number)
        throw failure(
          'IncompleteTransactionHistory',
          `Cannot run a retryable write with txnNumber ${number}: it is the number of a transaction`,
        )
      if (transaction?.state === 'open' && transaction.number < number) transactions.abort(transaction)
      const { retry, writes, finish } = memory.open(session, number, asked.body)
      const execute = () => ({ n: 1, reply: command.run(asked) as Reply })
      const reply =
        command.retryable === 'reply' ? once(retry, 0, execute).reply : (command.run({ ...asked, retry }) as Reply)
      if (failpoints !== undefined) lost = struck(asked.name, writes())
      return finish(reply ?? {})
    }
    const deliver = (reply: Reply): Reply => {
      if (lost) throw new MalformedError('closed by a fail point')
      return reply
    }
    const reply = alone(request, work)
    return reply instanceof Promise ? reply.then(deliver) : deliver(reply)
  }

  const snapshot = (request: Request, command: Command, { at }: ReadConcern): Reply => {
    if (server.replicaSet === undefined)
      throw failure('NotAReplicaSet', 'node needs to be a replica set member to use readConcern: snapshot')
    if (!withSnapshot.has(request.name))
      throw failure('InvalidOptions', `Command ${request.name} does not support readConcern level: snapshot`)
    const stage = stageOutside(request.body)
    if (stage !== undefined) throw failure('InvalidOptions', `${stage} cannot be used with a 'snapshot' read concern`)
    const time = at ?? history.clock.now()
    const reply = history.asOf(time, [], () => command.run(request)) as Reply
    const atClusterTime = toTimestamp(time)
    if (!isDoc(reply.cursor as Doc)) return { ...reply, atClusterTime }
    return { ...reply, cursor: { ...(reply.cursor as Reply), atClusterTime } }
  }

  const startOf = (session: Session, number: bigint, { at }: ReadConcern): Transaction => {
    const latest = numberOf(session)
    if (latest !== undefined && number < latest) throw tooOld(session, number, latest)
    if (session.remembered?.number === number || session.transaction?.number === number) {
      throw location(
        50911,
        `Cannot start a transaction at given transaction number ${number} a transaction with the same number is in state ${stateOf(session)}`,
      )
    }
    if (session.transaction !== undefined) transactions.abort(session.transaction)
    const cursors = `${session.id}:${number}`
    const started = transactions.start({
      session: session.id,
      number,
      snapshot: at,
      onEnd: () => server.cursors.killSession(cursors),
    })
    session.transaction = started
    return started
  }

  const continued = (session: Session, number: bigint): Transaction => {
    const latest = numberOf(session)
    if (latest !== undefined && number < latest) throw tooOld(session, number, latest)
    const { transaction } = session
    if (transaction?.number !== number) {
      throw failure(
        'NoSuchTransaction',
        `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${latest ?? -1}`,
      )
    }
    if (transaction.state === 'aborted')
      throw failure('NoSuchTransaction', `Transaction with { txnNumber: ${number} } has been aborted.`)
    return transaction
  }

  const commit = (session: Session, transaction: Transaction): Reply => {
    if (transaction.state === 'committed') return {}
    transactions.commit(transaction, () => memory.committed(session, transaction.number))
    return {}
  }

  const ending = (request: Request, session: Session, number: bigint): Reply => {
    request.server.counters.count('command')
    if (request.database !== 'admin')
      throw failure('Unauthorized', `${request.name} may only be run against the admin database.`)
    const transaction = continued(session, number)
    if (request.name === 'commitTransaction') return commit(session, transaction)
    if (transaction.state === 'committed')
      throw failure('TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`)
    transactions.abort(transaction)
    return {}
  }

  const within = (request: Request, command: Command, transaction: Transaction): Reply | Promise<Reply> => {
    const { session, number } = transaction
    if (transaction.state === 'committed')
      throw failure('TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`)
    try {
      if (request.name === 'aggregate') checkStages(request.body)
      const asked = { ...request, cursorSession: `${session}:${number}` }
      const reply = transactions.runIn(transaction, () => command.run(asked))
      if (!(reply instanceof Promise) && unfinished(reply)) transactions.abort(transaction)
      return reply
    } catch (error) {
      transactions.abort(transaction)
      throw error
    }
  }

  const transactional = (request: Request, command: Command, [place, concern]: [Place, ReadConcern]) => {
    if (server.replicaSet === undefined)
      throw failure('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos')
    const session = sessions.use(place.session ?? '')
    const number = place.number ?? 0n
    // What is refused here has not come to the transaction, which goes on.
    checkAllowed(request, concern, place)
    if (endings.has(request.name)) return ending(request, session, number)
    return within(request, command, place.starts ? startOf(session, number, concern) : continued(session, number))
  }

  const run = (request: Request, command: Command, place: Place, concern: ReadConcern): Reply | Promise<Reply> => {
    if (place.transactional) return transactional(request, command, [place, concern])
    if (endings.has(request.name) && place.number === undefined)
      throw new MongoError(125, 'CommandFailed', `${request.name} must be run within a transaction`)
    const session = place.session === undefined ? undefined : sessions.use(place.session)
    if (concern.level === 'snapshot') return snapshot(request, command, concern)
    if (place.number !== undefined && session !== undefined) {
      if (server.replicaSet === undefined)
        throw failure('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos')
      if (command.retryable === undefined) {
        throw location(
          50768,
          `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${request.name} is not a retryable write command.`,
        )
      }
      return retryable(request, command, [session, place.number])
    }
    return alone(request, command.run)
  }

  return { run }
}

const tooOld = ({ id }: Session, number: bigint, latest: bigint): Error =>
  failure(
    'TransactionTooOld',
    `Cannot start transaction with { txnNumber: ${number} } on session ${id} because a newer transaction with txnNumber ${latest} has already started on this session.`,
  )

const states = { open: 'kInProgress', committed: 'kCommitted', aborted: 'kAbortedWithoutPrepare' } as const

const stateOf = ({ transaction }: Session): string =>
  transaction === undefined ? 'kExecutedRetryableWrite' : states[transaction.state]

export type Execution = ReturnType<typeof makeExecution>
