import type { Store } from '../../storage/store.ts'
import type { Server } from '../command.ts'
import { makeRetryMemory } from './retryMemory.ts'
import { sessionCommands } from './sessionCommands.ts'
import { makeSessions } from './sessions.ts'
import { makeTransactionManager } from './transaction.ts'

/** Sessions with what they remember and their transactions, as they were when the server stopped. */
export const makeSessionService = (server: Server, store: Store) => {
  const { history } = server.catalog
  const transactions = makeTransactionManager(history, () => server.settings.transactionLifetimeLimitSeconds * 1000)
  const memory = makeRetryMemory(store, server.catalog)
  const sessions = makeSessions((session) => {
    if (session.transaction !== undefined) transactions.abort(session.transaction)
    server.cursors.killSession(session.id)
    memory.remove(session)
  })

  for (const { session: id, number, results } of memory.restored()) {
    const session = sessions.use(id)
    if (results === undefined) session.transaction = transactions.ended(id, number)
    else session.remembered = { number, results: new Map(results), at: history.clock.now() }
  }

  history.onRevert((from) => {
    for (const session of sessions.all()) {
      if ((session.remembered?.at ?? 0) >= from) session.remembered = undefined
      if ((session.transaction?.committedAt ?? 0) >= from) session.transaction = undefined
    }
  })

  return { sessions, transactions, memory, commands: sessionCommands({ sessions, transactions }) }
}
