import { type Cart, type ChangeReason, maxChanges } from './cart.ts'

/** One change of a viewer's cart, with the cart as it stands when the change is sent. */
export interface CartUpdate {
  readonly seq: number
  readonly reason: ChangeReason | 'SNAPSHOT' | 'GONE'
  /** The subscriber's number could not be gone on from: what it was not told is not told any more. */
  readonly isReset: boolean
  readonly cart: Cart | null
}

/** Whether the remembered changes go on from a number: it is one of them, or the one before the first, and none is forgotten. */
const goesOnFrom = (history: readonly Cart[], after: number): boolean => {
  const seqs = history.flatMap(({ changes }) => changes.map(({ seq }) => seq))
  const isWhole = history.length < 2 && (history[0]?.changes.length ?? 0) < maxChanges
  return seqs.includes(after) || seqs[0] === after + 1 || (after === 0 && isWhole)
}

/**
 * What a subscriber who saw `after` has to be told (rule R15), from the newest carts of an owner, oldest first: the present
 * state (null), each change since, or, when the carts do not remember so far back or never had that number, the present state as
 * a reset.
 */
export const updatesAfter = (history: readonly Cart[], after: number | null): CartUpdate[] => {
  const newest = history.at(-1)
  const cart = newest?.state === 'active' ? newest : null
  const seq = newest?.version ?? 0
  if (after === seq) return []
  if (after === null) return [{ seq, reason: 'SNAPSHOT', isReset: false, cart }]
  if (!newest) return [{ seq, reason: 'GONE', isReset: true, cart }]
  if (!goesOnFrom(history, after)) return [{ seq, reason: 'SNAPSHOT', isReset: true, cart }]
  return history
    .flatMap(({ changes }) => changes)
    .filter((change) => change.seq > after)
    .map((change) => ({ seq: change.seq, reason: change.reason, isReset: false, cart }))
}
