import type { Entry } from './entry.ts'
import { isDocumentKind, nameParts } from './event.ts'

/** What a stream watches: a collection, all of a database, or everything. */
export type Watched = {
  readonly database: string | undefined
  readonly collection: string | undefined
}

const internal: ReadonlySet<string> = new Set(['admin', 'config', 'local'])

const expandedKinds: ReadonlySet<string> = new Set(['create', 'createIndexes', 'dropIndexes', 'modify'])

const concerns = (namespace: string, { database, collection }: Watched): boolean => {
  const { db, coll } = nameParts(namespace)
  if (database === undefined) return !internal.has(db)
  return db === database && (collection === undefined || coll === collection)
}

/** Whether a stream tells of this entry. */
export const isWatched = (entry: Entry, watched: Watched, showExpandedEvents: boolean): boolean => {
  const { kind, namespace, to } = entry
  if (kind === 'noop') return false
  if (expandedKinds.has(kind)) return showExpandedEvents && concerns(namespace, watched)
  if (isDocumentKind(kind) || kind === 'drop') return concerns(namespace, watched)
  if (kind === 'rename') return concerns(namespace, watched) || (to !== undefined && concerns(to, watched))
  // The end of a database is told by the streams of that database and of everything.
  return watched.collection === undefined && concerns(namespace, watched)
}

/** Whether a stream ends after this entry. */
export const invalidates = ({ kind }: Entry, { database, collection }: Watched): boolean => {
  if (collection !== undefined) return kind === 'drop' || kind === 'rename'
  return database !== undefined && kind === 'dropDatabase'
}
