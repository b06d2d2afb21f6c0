import type { Act, Action } from '#kernel/act.ts'
import type { Asker } from './context.ts'
import type { NewEvent } from './store.ts'

/** Somebody did something that the audit log keeps. Only users, which has the log, consumes it: it carries addresses of the network. */
export interface ActDone extends NewEvent {
  readonly type: 'ActDone'
}

const actorOf = ({ viewer }: Asker): Pick<Act, 'actorKind' | 'actorId'> => {
  if (viewer.kind === 'anonymous') return { actorKind: 'anonymous', actorId: null }
  return { actorKind: viewer.kind, actorId: viewer.kind === 'service' ? viewer.name : viewer.id }
}

/** What the audit log keeps of an act. */
export const actOf = (asker: Asker, action: Action, target: string | null): Act => ({
  action,
  ...actorOf(asker),
  target,
  address: asker.client.address,
  requestId: asker.requestId,
})

/**
 * The act as a fact, to be saved in one write with what it changes: no act without its entry, no entry without its act (I22). One
 * that changes several documents goes into each of them with the same `id`, and is one entry whichever of them comes first.
 */
export const actDone = (asker: Asker, action: Action, target: string | null, id?: string): ActDone => ({
  type: 'ActDone',
  payload: { ...actOf(asker, action, target) },
  ...(id !== undefined && { id }),
})
