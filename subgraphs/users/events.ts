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

export type UsersEvent = AccountCreated | GuestBecameUser
