import { Timestamp } from 'bson'
import { type Doc, fieldsOf, kindOf, setField, type Value } from '../bson/values.ts'

const count = { next: 0 }

/** Timestamps that one process makes differ, also within a second. */
const timestampAt = (now: Date): Timestamp => {
  count.next = (count.next % 0x7fffffff) + 1
  return new Timestamp({ t: Math.floor(now.getTime() / 1000), i: count.next })
}

const isUnset = (name: string, value: Value): boolean =>
  typeof value === 'object' &&
  name !== '_id' &&
  kindOf(value) === 'timestamp' &&
  (value as Timestamp).low === 0 &&
  (value as Timestamp).high === 0

export const hasUnsetTimestamp = (doc: Doc): boolean => {
  for (const name in doc) if (isUnset(name, doc[name] ?? null)) return true
  return false
}

/** `Timestamp(0, 0)` at the top of a new document means the server's time, but in an `_id`. */
export const fillTimestamps = (doc: Doc, now: Date): Doc => {
  if (!hasUnsetTimestamp(doc)) return doc
  const filled: Doc = {}
  for (const [name, value] of fieldsOf(doc)) setField(filled, name, isUnset(name, value) ? timestampAt(now) : value)
  return filled
}
