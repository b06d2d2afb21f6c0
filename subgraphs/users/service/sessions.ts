import { isShopError, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import { type Shopper, sessionCacheKey, type User, type Viewer } from '#platform/auth.ts'
import type { Cache } from '#platform/cache/cache.ts'
import type { Asker } from '#platform/context.ts'
import type { NewEvent } from '#platform/store.ts'
import type { AccessTokens } from '../accessTokens.ts'
import { admits, endSessions, tokenVersionOf } from '../domain/account.ts'
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
import { mailRequested } from './mails.ts'
import { makeSessionNews } from './sessionNews.ts'
import type { Throttling } from './throttling.ts'
import { type DeviceSession, deviceSession, nobody, type ViewerView, viewOf } from './views.ts'

export interface SessionDeps {
  readonly sessions: SessionModel
  readonly accounts: AccountModel
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly cache: Pick<Cache, 'delete'>
  readonly throttling: Pick<Throttling, 'refresh'>
  readonly clock: Clock
  readonly ids: Ids
}

export interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: Millis
  readonly refreshToken: string
  readonly refreshTokenExpiresAt: Millis
}

export interface SignedIn {
  readonly session: Tokens
  readonly viewer: ViewerView
}

const holderOf = ({ subject }: Session): string => (subject.kind === 'guest' ? subject.guestId : subject.accountId)

/** A copy of a token is in other hands: the log keeps it, and the owner hears of it. */
const reused = (asker: Asker, session: Session): NewEvent[] => [
  actDone(asker, 'REFRESH_TOKEN_REUSED', holderOf(session)),
  ...(session.subject.kind === 'user' ? [mailRequested(session.subject.accountId, 'SESSION_STOLEN')] : []),
]

/** One text for all reasons: a thief learns nothing from it. */
const invalidToken = (): ShopError =>
  new ShopError('REFRESH_TOKEN_INVALID', 'The refresh token cannot be used; sign in again.', ['input', 'refreshToken'])

/** The life of sessions: started, refreshed, ended. */
export const makeSessions = (deps: SessionDeps) => {
  const { sessions, accounts, accessTokens, refreshTokens, cache, throttling, clock, ids } = deps

  const accountOf = async ({ subject }: Session): Promise<PublicAccount | null> =>
    subject.kind === 'guest' ? null : ((await accounts.byIds([subject.accountId]))[0] ?? null)

  /** The session with its account, unless it has ended, expired, or its account is gone or no longer admits it. */
  const standing = async (session: Session | null) => {
    if (!session || !isActive(session, clock.now())) return null
    const account = await accountOf(session)
    if (session.subject.kind === 'guest') return { session, account: null }
    return account && admits(account, session) ? { session, account } : null
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

  /** Ends a session; the facts go out only if it had not ended before. */
  const end = async (id: string, events: readonly NewEvent[] = []): Promise<void> => {
    try {
      await sessions.update(id, (session) => ({ session: revoke(session, clock.now()), events }))
    } catch (error) {
      // The database has already removed it, for its age.
      if (!isShopError(error) || error.code !== 'NOT_FOUND') throw error
    }
    await cache.delete(sessionCacheKey(id))
  }

  const endAll = async (ended: readonly Session[]): Promise<number> => {
    await Promise.all(ended.map(({ _id }) => end(_id)))
    return ended.length
  }

  /** The sessions that stand now, the one used last first. */
  const standingOf = async (accountId: string): Promise<Session[]> => {
    const [account] = await accounts.byIds([accountId])
    const open = account ? await sessions.openOf(accountId) : []
    return open
      .filter((session) => isActive(session, clock.now()) && account && admits(account, session))
      .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt || (a._id < b._id ? 1 : -1))
  }

  /** The own sessions of a shopper: a guest has one. */
  const ownOf = async (viewer: Shopper): Promise<Session[]> => {
    if (viewer.kind === 'user') return standingOf(viewer.id)
    const found = await standing(await sessions.get(viewer.sessionId))
    return found ? [found.session] : []
  }

  /** One write on the account ends them all, also one that is being started meanwhile; then each is marked. */
  const signOutEverywhere = async (asker: Asker, { id }: User): Promise<number> => {
    const ended = await standingOf(id)
    await accounts.store.update(id, (account) => ({
      state: endSessions(account),
      events: [actDone(asker, 'SIGNED_OUT_EVERYWHERE', id)],
    }))
    return endAll(ended)
  }

  return {
    /** Starts a session; an account's oldest ones beyond the bound end. Whoever starts last sees all others, so races end below it too. */
    start: async (
      { client }: Pick<Asker, 'client'>,
      subject: SessionSubject,
      account: PublicAccount | null,
      events: readonly NewEvent[],
    ): Promise<SignedIn> => {
      const { token, ...hashes } = refreshTokens.begin()
      const made = { _id: ids.next('ses'), subject, ...hashes, userAgent: client.userAgent }
      const session = startSession({ ...made, tokenVersion: account ? tokenVersionOf(account) : 0 }, clock.now())
      await sessions.insert(session, events)
      if (account) await endAll(surplusSessions(await sessions.openOf(account._id), clock.now()))
      return hand(session, account, token)
    },

    end,

    /**
     * New tokens for a refresh token, which is used up; simultaneous exchanges get the same one (C14).
     * @throws ShopError REFRESH_TOKEN_INVALID; when the token was used before, its whole family has ended.
     */
    refreshSession: async (asker: Asker, token: string): Promise<SignedIn> => {
      const read = refreshTokens.read(token)
      // An invented token has no family: all of them share one line.
      await throttling.refresh(read?.familyHash ?? '', asker.client)
      const id = read && (await sessions.idOfFamily(read.familyHash))
      if (!read || !id) throw invalidToken()
      const session = await sessions.update(id, (current) => {
        const outcome = refresh(current, read.presented, clock.now())
        if (outcome.kind === 'reused') return { session: outcome.session, events: reused(asker, current) }
        return { session: outcome.kind === 'rotated' ? outcome.session : current }
      })
      const found = await standing(session)
      // Still standing means rotated or repeated: in both cases the successor is current now.
      if (!found) throw invalidToken()
      return hand(session, found.account, read.successor)
    },

    /** Ends the viewer's session, or all of the account; returns how many stood before. */
    signOut: async (asker: Asker, viewer: Shopper, everywhere: boolean): Promise<number> => {
      if (everywhere && viewer.kind === 'user') return signOutEverywhere(asker, viewer)
      const found = await standing(await sessions.get(viewer.sessionId))
      if (found) await end(viewer.sessionId, [actDone(asker, 'SIGNED_OUT', viewer.id)])
      return found ? 1 : 0
    },

    /** Ends one of the viewer's own sessions. @throws ShopError NOT_FOUND for any other. */
    revokeSession: async (asker: Asker, viewer: Shopper, id: string): Promise<void> => {
      if (!(await ownOf(viewer)).some(({ _id }) => _id === id))
        throw new ShopError('NOT_FOUND', 'There is no such session.', ['input', 'id'])
      await end(id, [actDone(asker, 'SESSION_REVOKED', id)])
    },

    /** The viewer's own sessions that stand, the one used last first. */
    list: async (viewer: Shopper): Promise<DeviceSession[]> =>
      (await ownOf(viewer)).map((session) => deviceSession(session, viewer.sessionId)),

    /** Marks the sessions that an account has just stopped admitting. */
    endOthers: async (accountId: string, keptId: string | null): Promise<void> => {
      const open = await sessions.openOf(accountId)
      await endAll(open.filter(({ _id }) => _id !== keptId))
    },

    viewer: async (viewer: Viewer): Promise<ViewerView> => {
      if (viewer.kind === 'anonymous' || viewer.kind === 'service') return nobody
      const found = await standing(await sessions.get(viewer.sessionId))
      return found ? viewOf(found.session, found.account) : nobody
    },

    ...makeSessionNews(deps),
  }
}

export type Sessions = ReturnType<typeof makeSessions>
