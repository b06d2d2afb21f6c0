import { encodeKey } from '../bson/keys.ts'
import type { Doc } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type TextFields, termScores } from '../query/text/textScore.ts'
import { type IndexField, type IndexKeys, indexKeys } from './keys.ts'

export type TextIndex = TextFields & {
  /** Ordinary fields in front of the terms: a query must fix each by equality. */
  readonly before: readonly IndexField[]
  readonly after: readonly IndexField[]
}

const sideKey = (doc: Doc, fields: readonly IndexField[]): string => {
  if (fields.length === 0) return ''
  const { keys, multikey } = indexKeys(doc, fields)
  if (multikey?.includes(true) === true) throw location(16675, 'cannot have a multi-key as a prefix to a text index')
  return keys[0] ?? ''
}

/** The stretch of an index that holds one term, behind the keys of the leading fields. */
export const termKey = (before: string, term: string): string => before + encodeKey(term)

/** One key for each term of the document; none when it has no text. */
export const textKeys = (doc: Doc, index: TextIndex): IndexKeys => {
  const scores = termScores(doc, index)
  if (scores.size === 0) return { keys: [], multikey: undefined, present: false }
  const [before, after] = [sideKey(doc, index.before), sideKey(doc, index.after)]
  const keys = Array.from(scores.keys(), (term) => termKey(before, term) + after)
  return { keys, multikey: undefined, present: true }
}
