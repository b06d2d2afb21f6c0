import { normaliseEmail } from '#kernel/email.ts'
import { isId } from '#kernel/id.ts'
import type { Millis } from '#kernel/time.ts'
import { addEvent, type Order } from './order.ts'

/** Who may claim: the account, its proved and normalised address, and the guests that signed in to it. */
export interface Claimant {
  readonly accountId: string
  readonly email: string
  readonly guestIds: readonly string[]
}

/** Whether a guest placed it and no account has claimed it. */
export const isUnclaimed = ({ ownerId, claimedBy }: Pick<Order, 'ownerId' | 'claimedBy'>): boolean =>
  isId('gst', ownerId) && claimedBy === undefined

/** The address by which an account may claim it, as addresses are compared; null when no account may. */
export const claimKeyOf = (order: Order): string | null => (isUnclaimed(order) ? normaliseEmail(order.email) : null)

const mayClaim = (order: Order, { email, guestIds }: Claimant): boolean =>
  isUnclaimed(order) && (claimKeyOf(order) === email || guestIds.includes(order.ownerId))

/**
 * The order of a guest becomes the account's, and stays the guest's: whoever has its token or the guest's session goes on seeing it.
 * Unchanged when it is not the claimant's, or was claimed before.
 */
export const claim = (order: Order, claimant: Claimant, now: Millis): Order =>
  mayClaim(order, claimant) ? addEvent({ ...order, claimedBy: claimant.accountId }, 'OrderClaimed', now) : order
