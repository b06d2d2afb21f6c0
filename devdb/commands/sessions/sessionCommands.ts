import { isDoc, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Command, Reply, Request } from '../command.ts'
import { type Session, type Sessions, sessionId } from './sessions.ts'
import type { TransactionManager } from './transaction.ts'

type Parts = { readonly sessions: Sessions; readonly transactions: TransactionManager }

const command = (run: (request: Request) => Reply): Command => ({
  options: [],
  run: (request) => {
    request.server.counters.count('command')
    return run(request)
  },
})

const idsOf = ({ name, body }: Request): string[] => {
  const value: Value = body[name] ?? null
  if (!Array.isArray(value))
    throw failure('TypeMismatch', `BSON field '${name}.${name}' is the wrong type, expected type 'array'`)
  return value.map(sessionId)
}

/** Commands about logical sessions. */
export const sessionCommands = ({ sessions, transactions }: Parts): Readonly<Record<string, Command>> => {
  const kill = (request: Request, session: Session): void => {
    if (session.transaction !== undefined) transactions.abort(session.transaction)
    request.server.cursors.killSession(session.id)
  }

  const killAll = (request: Request): void => {
    for (const session of sessions.all()) kill(request, session)
  }

  const ending: Command = {
    options: [],
    run: () => {
      throw failure('NoSuchTransaction', 'there is no transaction')
    },
  }

  return {
    startSession: command(() => {
      const id = sessions.fresh()
      sessions.use(id.toString('hex').replaceAll('-', ''))
      return { id: { id }, timeoutMinutes: 30 }
    }),
    refreshSessions: command((request) => {
      for (const id of idsOf(request)) sessions.use(id)
      return {}
    }),
    endSessions: command((request) => {
      for (const id of idsOf(request)) sessions.end(id)
      return {}
    }),
    killSessions: command((request) => {
      const ids = idsOf(request)
      for (const id of ids) {
        const session = sessions.find(id)
        if (session !== undefined) kill(request, session)
      }
      if (ids.length === 0) killAll(request)
      return {}
    }),
    killAllSessions: command((request) => {
      const users = request.body[request.name]
      if (!Array.isArray(users) || !users.every((user) => isDoc(user)))
        throw failure(
          'TypeMismatch',
          "BSON field 'killAllSessions.killAllSessions' is the wrong type, expected type 'array'",
        )
      // There are no users: to name some is to mean nobody.
      if (users.length === 0) killAll(request)
      return {}
    }),
    // Run by the execution, which knows the transaction; here for their options.
    commitTransaction: ending,
    abortTransaction: ending,
  }
}
