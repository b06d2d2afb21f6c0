import type { ActDone } from '#platform/audit.ts'

/** Somebody has an account now. Who it is, is asked from this subgraph: events live long and carry no personal data. */
export interface AccountCreated {
  readonly type: 'AccountCreated'
  readonly payload: { readonly accountId: string }
}

/** A guest signed in or up: what belonged to the guest belongs to the user now. May come again for the same guest. */
export interface GuestBecameUser {
  readonly type: 'GuestBecameUser'
  readonly payload: { readonly guestId: string; readonly userId: string }
}

/** Its owner has shown to receive mail at the address of the account. */
export interface EmailVerified {
  readonly type: 'EmailVerified'
  readonly payload: { readonly accountId: string }
}

/** Its owner has closed the account: whoever keeps personal data of the account, or of these guests, erases it. */
export interface AccountClosed {
  readonly type: 'AccountClosed'
  readonly payload: { readonly accountId: string; readonly guestIds: readonly string[] }
}

/** Somebody asked for a new password for an address. For this subgraph itself: it looks whether there is an account. */
export interface PasswordResetRequested {
  readonly type: 'PasswordResetRequested'
  readonly payload: Readonly<Record<string, unknown>>
}

/** Somebody wants an account with an address. For this subgraph itself: it looks whether there is one. */
export interface SignUpRequested {
  readonly type: 'SignUpRequested'
  readonly payload: Readonly<Record<string, never>>
}

/** An administrator wants given-up facts of a queue to be tried again: one, or (null) all. For the workers. */
export interface ReplayRequested {
  readonly type: 'ReplayRequested'
  readonly payload: { readonly queue: string; readonly eventId: string | null }
}

export type MailKind =
  | 'SIGN_UP'
  | 'SIGN_UP_KNOWN'
  | 'VERIFY_EMAIL'
  | 'PASSWORD_RESET'
  | 'PASSWORD_CHANGED'
  | 'SESSION_STOLEN'

/** A mail to the owner of an account, or to whoever signs up for one, is due. Address and token are asked from this subgraph when it is written. */
export interface MailRequested {
  readonly type: 'MailRequested'
  readonly payload: { readonly accountId: string; readonly kind: MailKind; readonly tokenId: string | null }
}

export type UsersEvent =
  | AccountCreated
  | GuestBecameUser
  | EmailVerified
  | AccountClosed
  | PasswordResetRequested
  | SignUpRequested
  | MailRequested
  | ReplayRequested
  | ActDone
