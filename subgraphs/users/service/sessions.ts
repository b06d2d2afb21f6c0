import { isShopError, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import type { Shopper, Viewer } from '#platform/auth.ts'
import type { NewEvent } from '#platform/store.ts'
import type { AccessTokens } from '../accessTokens.ts'
import type { Role } from '../domain/account.ts'
import {
  expiresAt,
  isActive,
  refresh,
  revoke,
  type Session,
  type SessionSubject,
  startSession,
  surplusSessions,
} from '../domain/session.ts'
import type { AccountModel, PublicAccount } from '../model/accounts.ts'
import type { SessionModel } from '../model/sessions.ts'
import type { RefreshTokens } from '../refreshTokens.ts'

export interface SessionDeps {
  readonly sessions: SessionModel
  readonly accounts: AccountModel
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly clock: Clock
  readonly ids: Ids
}

export interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: Millis
  readonly refreshToken: string
  readonly refreshTokenExpiresAt: Millis
}

export interface ViewerView {
  readonly id: string | null
  readonly kind: 'ANONYMOUS' | 'GUEST' | 'USER'
  readonly email: string | null
  readonly name: string | null
  readonly roles: Role[]
  readonly sessionExpiresAt: Millis | null
}

export interface SignedIn {
  readonly session: Tokens
  readonly viewer: ViewerView
}

const nobody: ViewerView = {
  id: null,
  kind: 'ANONYMOUS',
  email: null,
  name: null,
  roles: [],
  sessionExpiresAt: null,
}

/** `account` is null for guests only. */
const viewOf = ({ subject, absoluteExpiresAt }: Session, account: PublicAccount | null): ViewerView => ({
  id: subject.kind === 'guest' ? subject.guestId : subject.accountId,
  kind: subject.kind === 'guest' ? 'GUEST' : 'USER',
  email: account?.email ?? null,
  name: account?.name ?? null,
  roles: [...(account?.roles ?? [])],
  sessionExpiresAt: absoluteExpiresAt,
})

/** One text for all reasons: a thief learns nothing from it. */
const invalidToken = (): ShopError =>
  new ShopError('REFRESH_TOKEN_INVALID', 'The refresh token cannot be used; sign in again.', ['input', 'refreshToken'])

/** The life of sessions: started, refreshed, ended. */
export const makeSessions = (deps: SessionDeps) => {
  const { sessions, accounts, accessTokens, refreshTokens, clock, ids } = deps

  const accountOf = async ({ subject }: Session): Promise<PublicAccount | null> =>
    subject.kind === 'guest' ? null : ((await accounts.byIds([subject.accountId]))[0] ?? null)

  /** The session with its account, unless it has ended, expired, or its account is gone. */
  const standing = async (session: Session | null) => {
    if (!session || !isActive(session, clock.now())) return null
    const account = await accountOf(session)
    return session.subject.kind === 'user' && !account ? null : { session, account }
  }

  const hand = (session: Session, account: PublicAccount | null, refreshToken: string): SignedIn => {
    const access = accessTokens.issue(session, account?.roles ?? [])
    return {
      session: {
        accessToken: access.token,
        accessTokenExpiresAt: access.expiresAt,
        refreshToken,
        refreshTokenExpiresAt: expiresAt(session),
      },
      viewer: viewOf(session, account),
    }
  }

  const end = async (id: string): Promise<void> => {
    try {
      await sessions.update(id, (session) => revoke(session, clock.now()))
    } catch (error) {
      // The database has already removed it, for its age.
      if (!isShopError(error) || error.code !== 'NOT_FOUND') throw error
    }
  }

  const endAll = async (ended: readonly Session[]): Promise<number> => {
    await Promise.all(ended.map(({ _id }) => end(_id)))
    return ended.length
  }

  const activeOf = async (accountId: string): Promise<Session[]> =>
    (await sessions.openOf(accountId)).filter((session) => isActive(session, clock.now()))

  return {
    /** Starts a session; an account's oldest ones beyond the bound end. Whoever starts last sees all others, so races end below it too. */
    start: async (
      subject: SessionSubject,
      account: PublicAccount | null,
      events: readonly NewEvent[],
    ): Promise<SignedIn> => {
      const { token, ...hashes } = refreshTokens.begin()
      const session = startSession({ _id: ids.next('ses'), subject, ...hashes }, clock.now())
      await sessions.insert(session, events)
      if (account) await endAll(surplusSessions(await sessions.openOf(account._id), clock.now()))
      return hand(session, account, token)
    },

    end,

    /**
     * New tokens for a refresh token, which is used up; simultaneous exchanges get the same one (C14).
     * @throws ShopError REFRESH_TOKEN_INVALID; when the token was used before, its whole family has ended.
     */
    refreshSession: async (token: string): Promise<SignedIn> => {
      const read = refreshTokens.read(token)
      const id = read && (await sessions.idOfFamily(read.familyHash))
      if (!read || !id) throw invalidToken()
      const session = await sessions.update(id, (current) => {
        const outcome = refresh(current, read.presented, clock.now())
        return 'session' in outcome ? outcome.session : current
      })
      const found = await standing(session)
      // Still standing means rotated or repeated: in both cases the successor is current now.
      if (!found) throw invalidToken()
      return hand(session, found.account, read.successor)
    },

    /** Ends the viewer's session, or all of the account; returns how many stood before. */
    signOut: async (viewer: Shopper, everywhere: boolean): Promise<number> => {
      if (everywhere && viewer.kind === 'user') return endAll(await activeOf(viewer.id))
      const session = await sessions.get(viewer.sessionId)
      return session && isActive(session, clock.now()) ? endAll([session]) : 0
    },

    viewer: async (viewer: Viewer): Promise<ViewerView> => {
      if (viewer.kind === 'anonymous' || viewer.kind === 'service') return nobody
      const found = await standing(await sessions.get(viewer.sessionId))
      return found ? viewOf(found.session, found.account) : nobody
    },

    /** What the gateway must know before it trusts an access token; an unknown session does not stand. */
    sessionState: async (id: string): Promise<{ active: boolean; roles: Role[] }> => {
      const found = await standing(await sessions.get(id))
      return { active: found !== null, roles: [...(found?.account?.roles ?? [])] }
    },
  }
}

export type Sessions = ReturnType<typeof makeSessions>
