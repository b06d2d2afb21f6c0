import type { Millis } from '#kernel/time.ts'
import type { Role } from '../domain/account.ts'
import { addressesOf, type SavedAddress } from '../domain/addressBook.ts'
import { type Preferences, preferencesOf } from '../domain/preferences.ts'
import { expiresAt, type Session } from '../domain/session.ts'
import type { PublicAccount } from '../model/accounts.ts'

/** A session as its owner sees it in a list. */
export interface DeviceSession {
  readonly id: string
  readonly device: string
  readonly createdAt: Millis
  readonly lastUsedAt: Millis
  readonly expiresAt: Millis
  readonly isCurrent: boolean
}

export interface ViewerView {
  readonly id: string | null
  readonly kind: 'ANONYMOUS' | 'GUEST' | 'USER'
  readonly email: string | null
  readonly name: string | null
  readonly isEmailVerified: boolean
  readonly shopName: string | null
  readonly addresses: SavedAddress[]
  readonly preferences: Preferences | null
  readonly roles: Role[]
  readonly sessionExpiresAt: Millis | null
}

export const nobody: ViewerView = {
  id: null,
  kind: 'ANONYMOUS',
  email: null,
  name: null,
  isEmailVerified: false,
  shopName: null,
  addresses: [],
  preferences: null,
  roles: [],
  sessionExpiresAt: null,
}

/** `account` is null for guests only. */
export const viewOf = ({ subject, absoluteExpiresAt }: Session, account: PublicAccount | null): ViewerView => ({
  id: subject.kind === 'guest' ? subject.guestId : subject.accountId,
  kind: subject.kind === 'guest' ? 'GUEST' : 'USER',
  email: account?.email ?? null,
  name: account?.name ?? null,
  isEmailVerified: account?.emailVerifiedAt !== undefined,
  shopName: account?.shopName ?? null,
  addresses: account ? [...addressesOf(account)] : [],
  preferences: account && preferencesOf(account),
  roles: [...(account?.roles ?? [])],
  sessionExpiresAt: absoluteExpiresAt,
})

export const deviceSession = (session: Session, currentId: string): DeviceSession => ({
  id: session._id,
  device: session.userAgent,
  createdAt: session.createdAt,
  lastUsedAt: session.lastUsedAt,
  expiresAt: expiresAt(session),
  isCurrent: session._id === currentId,
})
