import { AsyncLocalStorage } from 'node:async_hooks'
import type { Millis } from '#kernel/time.ts'

interface Note {
  /** When the oldest copy was read that stood in for the truth; null while there was none. */
  since: Millis | null
}

const current = new AsyncLocalStorage<Note>()

/** Notes that the work under way is answered from a copy because the truth does not answer. */
export const noteStale = (asOf: Millis): void => {
  const note = current.getStore()
  if (note) note.since = Math.min(note.since ?? asOf, asOf)
}

/** Does the work, and tells since when what it was answered with may be out of date; null when it is the truth. */
export const withStaleness = async <T>(
  work: () => T | Promise<T>,
): Promise<{ result: T; staleSince: Millis | null }> => {
  const note: Note = { since: null }
  const result = await current.run(note, async () => work())
  return { result, staleSince: note.since }
}
