import type { Asker } from '#platform/context.ts'
import type { Act, Action } from '../domain/audit.ts'
import type { ActDone } from '../events.ts'

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

/** The act as a fact, to be saved in one write with what it changes: no act without its entry, no entry without its act (I22). */
export const actDone = (asker: Asker, action: Action, target: string | null): ActDone => ({
  type: 'ActDone',
  payload: { ...actOf(asker, action, target) },
})

/** The same request, by whom it turned out to be from. */
export const asUser = (asker: Asker, id: string, sessionId = ''): Asker => ({
  ...asker,
  viewer: { kind: 'user', id, sessionId, roles: [] },
})
