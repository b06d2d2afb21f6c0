import { days, type Millis, seconds } from '#kernel/time.ts'

/** Whom a session stands for. A user's session remembers the guest that this sign-in absorbed, so that the guest's cart can follow. */
export type SessionSubject =
  | { readonly kind: 'guest'; readonly guestId: string }
  | { readonly kind: 'user'; readonly accountId: string; readonly absorbedGuestId: string | null }

/**
 * One sign-in on one device: a family of refresh tokens of which exactly one, the current one, can be exchanged. Only hashes are
 * kept. `familyHash` belongs to the part that all tokens of the family share: whoever shows it has held a token of this family,
 * which tells a used token from an invented one without a list of all used ones.
 */
export interface Session {
  readonly _id: string
  readonly v: number
  readonly subject: SessionSubject
  readonly familyHash: string
  readonly tokenHash: string
  /** The token that was exchanged for the current one; null until the first exchange. */
  readonly parent: { readonly hash: string; readonly rotatedAt: Millis } | null
  /** What the browser or app called itself at the sign-in. */
  readonly userAgent: string
  /** The account's `tokenVersion` when its password was checked: the session ends when the account's has moved on. */
  readonly tokenVersion: number
  readonly createdAt: Millis
  /** Sign-in or last exchange of a token. */
  readonly lastUsedAt: Millis
  readonly idleExpiresAt: Millis
  readonly absoluteExpiresAt: Millis
  readonly revokedAt: Millis | null
}

/** A session ends when it was not refreshed for 7 days, and 30 days after the sign-in in any case (RFC 9700 4.14, ASVS 7.3). */
const idleLife = days(7)
const absoluteLife = days(30)

/** How long the token just exchanged answers its successor again: two tabs, or a reply lost on the way (parameters table: at most 10 s). */
const grace = seconds(10)

/** Sessions an account may have at once (ASVS 7.1.2): a further sign-in ends the oldest. */
export const maxSessions = 10

/** The hashes of the token shown and of the only token that may follow it. */
export interface Presented {
  readonly tokenHash: string
  readonly successorHash: string
}

export type RefreshOutcome =
  /** The successor is now current: `session` is to be saved. */
  | { readonly kind: 'rotated'; readonly session: Session }
  /** The exchange had just happened: the same successor is answered again, nothing changes. */
  | { readonly kind: 'repeated' }
  /** A used token came back: somebody else holds a copy. The family ends: `session` is to be saved. */
  | { readonly kind: 'reused'; readonly session: Session }
  /** Expired or ended. */
  | { readonly kind: 'refused' }

const idleExpiry = (absoluteExpiresAt: Millis, now: Millis): Millis => Math.min(now + idleLife, absoluteExpiresAt)

export const startSession = (
  made: Pick<Session, '_id' | 'subject' | 'familyHash' | 'tokenHash' | 'userAgent' | 'tokenVersion'>,
  now: Millis,
): Session => {
  const absoluteExpiresAt = now + absoluteLife
  return {
    ...made,
    v: 1,
    parent: null,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: idleExpiry(absoluteExpiresAt, now),
    absoluteExpiresAt,
    revokedAt: null,
  }
}

/** When the current refresh token stops working unless it is used. */
export const expiresAt = (session: Session): Millis => Math.min(session.idleExpiresAt, session.absoluteExpiresAt)

/** True while neither ended nor expired. */
export const isActive = (session: Session, now: Millis): boolean =>
  session.revokedAt === null && now < expiresAt(session)

/** Ends the session; ending it again keeps the first time. */
export const revoke = (session: Session, now: Millis): Session =>
  session.revokedAt === null ? { ...session, revokedAt: now } : session

const rotate = (session: Session, successorHash: string, now: Millis): Session => ({
  ...session,
  tokenHash: successorHash,
  parent: { hash: session.tokenHash, rotatedAt: now },
  lastUsedAt: now,
  idleExpiresAt: idleExpiry(session.absoluteExpiresAt, now),
})

/** Only the immediate parent, only for seconds, and only while it leads to the current token. */
const isJustExchanged = (session: Session, presented: Presented, now: Millis): boolean =>
  session.parent !== null &&
  session.parent.hash === presented.tokenHash &&
  session.tokenHash === presented.successorHash &&
  now - session.parent.rotatedAt <= grace

/**
 * What a refresh token of this family does now (RFC 9700 4.14.2: rotation with reuse detection). The successor is derived from the
 * token shown, so that any number of simultaneous exchanges lead to one and the same current token (C14).
 */
export const refresh = (session: Session, presented: Presented, now: Millis): RefreshOutcome => {
  if (!isActive(session, now)) return { kind: 'refused' }
  if (session.tokenHash === presented.tokenHash)
    return { kind: 'rotated', session: rotate(session, presented.successorHash, now) }
  if (isJustExchanged(session, presented, now)) return { kind: 'repeated' }
  return { kind: 'reused', session: revoke(session, now) }
}

/** The sessions that must end so that at most `maxSessions` active ones are left: the oldest. */
export const surplusSessions = (sessions: readonly Session[], now: Millis): Session[] =>
  sessions
    .filter((session) => isActive(session, now))
    .toSorted((a, b) => b.createdAt - a.createdAt || (a._id < b._id ? 1 : -1))
    .slice(maxSessions)
