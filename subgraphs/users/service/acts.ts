import type { Asker } from '#platform/context.ts'

/** The same request, by whom it turned out to be from. */
export const asUser = (asker: Asker, id: string, sessionId = ''): Asker => ({
  ...asker,
  viewer: { kind: 'user', id, sessionId, roles: [] },
})
