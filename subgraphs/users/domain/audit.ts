import type { Act } from '#kernel/act.ts'
import type { Millis } from '#kernel/time.ts'

export interface Entry extends Act {
  readonly _id: string
  readonly at: Millis
}

/** An entry in its place: `hash` covers the entry, its number and the hash before it. */
export interface AuditEntry extends Entry {
  readonly seq: number
  readonly previous: string
  readonly hash: string
}

/** The end of the chain, as far as somebody knows it. */
export type Link = Pick<AuditEntry, 'seq' | 'hash'>

export type Hash = (text: string) => string

/** What the first entry follows. */
export const beginning: Link = { seq: 0, hash: 'beginning' }

/** Every field in a fixed order, so that the same entry always gives the same text. */
const textOf = (entry: Omit<AuditEntry, 'hash'>): string =>
  JSON.stringify([
    entry.seq,
    entry.previous,
    entry._id,
    entry.at,
    entry.action,
    entry.actorKind,
    entry.actorId,
    entry.target,
    entry.address,
    entry.requestId,
  ])

/** The entry in its place after `last`. */
export const seal = (last: Link, entry: Entry, hash: Hash): AuditEntry => {
  const placed = { ...entry, seq: last.seq + 1, previous: last.hash }
  return { ...placed, hash: hash(textOf(placed)) }
}

/** What is wrong with an entry that is found after `before`: entries between are gone, it was edited, or it follows another one. */
export const inspect = (before: Link, entry: AuditEntry, hash: Hash): string[] => {
  const gap = entry.seq - before.seq - 1
  const { hash: stated, ...rest } = entry
  return [
    ...(gap === 0
      ? []
      : [
          gap === 1
            ? `Entry ${before.seq + 1} is missing.`
            : `Entries ${before.seq + 1} to ${entry.seq - 1} are missing.`,
        ]),
    ...(hash(textOf(rest)) === stated ? [] : [`Entry ${entry.seq} was edited.`]),
    ...(gap === 0 && entry.previous !== before.hash
      ? [`Entry ${before.seq} is not the one that ${entry.seq} was written after.`]
      : []),
  ]
}

/** What is wrong with the end: the head remembers an entry beyond it, or another one in its place. */
export const inspectEnd = (last: Link, head: Link, found: Link | null): string[] => {
  if (head.seq > last.seq) return [`The log ends at entry ${last.seq}, but entry ${head.seq} was written.`]
  return head.seq > 0 && found?.hash !== head.hash ? [`Entry ${head.seq} is not the one that was written.`] : []
}
