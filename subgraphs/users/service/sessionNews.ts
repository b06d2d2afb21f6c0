import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { admits, type Role } from '../domain/account.ts'
import { isActive, type Session } from '../domain/session.ts'
import type { AccountModel, PublicAccount } from '../model/accounts.ts'
import type { SessionModel } from '../model/sessions.ts'

export interface SessionNewsDeps {
  readonly sessions: Pick<SessionModel, 'byIds' | 'endedSince'>
  readonly accounts: Pick<AccountModel, 'byIds'>
  readonly clock: Clock
}

export interface SessionState {
  readonly id: string
  readonly active: boolean
  readonly roles: Role[]
}

export interface SessionNews {
  readonly asOf: Millis
  readonly ended: string[]
  readonly states: SessionState[]
}

/** An end may be written a moment after the time it carries, and by a process whose clock is behind: so each is told for this long. */
const overlap = seconds(5)
const maxEnded = 10_000
const maxChecked = 1_000

const accountIdOf = ({ subject }: Session): string[] => (subject.kind === 'user' ? [subject.accountId] : [])

/** How sessions stand, for the gateway. */
export const makeSessionNews = ({ sessions, accounts, clock }: SessionNewsDeps) => {
  const stateOf = (session: Session | undefined, account: PublicAccount | undefined) => {
    const stands =
      session !== undefined &&
      isActive(session, clock.now()) &&
      (session.subject.kind === 'guest' || (account !== undefined && admits(account, session)))
    return { active: stands, roles: stands ? [...(account?.roles ?? [])] : [] }
  }

  const states = async (all: readonly string[]): Promise<SessionState[]> => {
    const ids = all.slice(0, maxChecked)
    const found = new Map((await sessions.byIds(ids)).map((session) => [session._id, session]))
    const accountIds = [...new Set([...found.values()].flatMap(accountIdOf))]
    const owners = new Map((await accounts.byIds(accountIds)).map((account) => [account._id, account]))
    return ids.map((id) => {
      const session = found.get(id)
      const [accountId = ''] = session ? accountIdOf(session) : []
      return { id, ...stateOf(session, owners.get(accountId)) }
    })
  }

  return {
    /** What the gateway must know before it trusts access tokens; an unknown session does not stand. */
    states,
    /** What it asks each second about the sessions of its sockets: the cost grows with what ended, not with what is open. */
    news: async (since: Millis | null, check: readonly string[]): Promise<SessionNews> => {
      const asOf = clock.now()
      const [ended, checked] = await Promise.all([
        sessions.endedSince((since ?? asOf) - overlap, maxEnded),
        states(check),
      ])
      return { asOf, ended, states: checked }
    },
  }
}
