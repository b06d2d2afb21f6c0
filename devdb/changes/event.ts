import { createHash } from 'node:crypto'
import { Binary, Long } from 'bson'
import { show } from '../bson/show.ts'
import { type Doc, getField, type Out, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Origin } from '../storage/history.ts'
import { toTimestamp } from '../storage/logicalClock.ts'
import { docOfBytes } from '../storage/records.ts'
import { differenceOf } from './difference.ts'
import type { Entry } from './entry.ts'
import type { StreamOptions } from './options.ts'
import { tokenOf } from './token.ts'

export type Event = { [field: string]: Out | undefined }

/** What an event needs besides its entry. */
export type Around = {
  readonly options: StreamOptions
  /** The document as it is now, for `updateLookup`; none when the collection has since given way to another. */
  readonly lookup: (entry: Entry, id: Value) => Buffer | undefined
  readonly uuidOf: (collection: number) => Binary
}

export const nameParts = (namespace: string): { db: string; coll?: string } => {
  const dot = namespace.indexOf('.')
  return dot < 0 ? { db: namespace } : { db: namespace.slice(0, dot), coll: namespace.slice(dot + 1) }
}

const keyOf = ({ before, after }: Entry): Value => {
  const bytes = after ?? before
  return bytes === undefined ? null : (getField(docOfBytes(bytes), '_id') ?? null)
}

// Every session here is that of nobody in particular: MongoDB then tells the digest of an empty name.
const nobody = new Binary(createHash('sha256').digest())

const sessionOf = ({ session }: Origin): Doc => ({
  id: new Binary(Buffer.from(session, 'hex'), Binary.SUBTYPE_UUID),
  uid: nobody,
})

const head = (entry: Entry, { options, uuidOf }: Around): Event => ({
  _id: tokenOf({ time: entry.time, index: entry.index, kind: 'event' }),
  operationType: entry.kind,
  clusterTime: toTimestamp(entry.time),
  ...(options.showExpandedEvents && entry.collection !== undefined && { collectionUUID: uuidOf(entry.collection) }),
  wallTime: new Date(entry.wall),
  ...(entry.origin && { txnNumber: Long.fromBigInt(entry.origin.number), lsid: sessionOf(entry.origin) }),
})

const missingImage = (which: 'pre' | 'post', { namespace, kind }: Entry, key: Value): Error => {
  const changes = which === 'pre' ? 'update, delete and replace' : 'update'
  return failure(
    'NoMatchingDocument',
    `Change stream was configured to require a ${which}-image for all ${changes} events, but the ${which}-image was not found for event: { operationType: "${kind}", ns: "${namespace}", documentKey: { _id: ${show(key)} } }`,
  )
}

const beforeOf = (entry: Entry, around: Around): Event => {
  const { fullDocumentBeforeChange: wanted } = around.options
  if (wanted === 'off' || entry.kind === 'insert') return {}
  const image = entry.images ? entry.before : undefined
  if (image === undefined && wanted === 'required') throw missingImage('pre', entry, keyOf(entry))
  return { fullDocumentBeforeChange: image ?? null }
}

const afterOf = (entry: Entry, around: Around): Event => {
  const { fullDocument: wanted } = around.options
  if (entry.kind !== 'update') return { fullDocument: entry.after }
  if (wanted === 'default') return {}
  if (wanted === 'updateLookup') return { fullDocument: around.lookup(entry, keyOf(entry)) ?? null }
  const image = entry.images ? entry.after : undefined
  if (image === undefined && wanted === 'required') throw missingImage('post', entry, keyOf(entry))
  return { fullDocument: image ?? null }
}

const updateDescription = ({ before, after }: Entry, expanded: boolean): Event => {
  if (before === undefined || after === undefined) return {}
  const { disambiguatedPaths, ...difference } = differenceOf(docOfBytes(before), docOfBytes(after))
  const ambiguous = expanded && Object.keys(disambiguatedPaths).length > 0
  return { updateDescription: { ...difference, ...(ambiguous && { disambiguatedPaths }) } }
}

const documentEvent = (entry: Entry, around: Around): Event => ({
  ...head(entry, around),
  ...(entry.kind !== 'delete' && entry.kind !== 'update' && afterOf(entry, around)),
  ns: nameParts(entry.namespace),
  documentKey: { _id: keyOf(entry) },
  ...(entry.kind === 'update' && updateDescription(entry, around.options.showExpandedEvents)),
  ...(entry.kind === 'update' && afterOf(entry, around)),
  ...beforeOf(entry, around),
})

const operationDescription = ({ kind, to, description, dropped }: Entry, { uuidOf }: Around): Doc | undefined => {
  if (kind === 'rename') {
    const target: Doc = { to: nameParts(to ?? '') as Doc }
    return dropped === undefined ? target : { ...target, dropTarget: uuidOf(dropped) }
  }
  if (kind !== 'modify' || description === undefined) return description
  const { former, ...now } = description
  return { ...now, stateBeforeChange: { collectionOptions: former ?? {} } }
}

const catalogEvent = (entry: Entry, around: Around): Event => ({
  ...head(entry, around),
  ns: nameParts(entry.namespace),
  ...(entry.to !== undefined && { to: nameParts(entry.to) }),
  ...(around.options.showExpandedEvents && { operationDescription: operationDescription(entry, around) }),
})

const documentKinds: ReadonlySet<string> = new Set(['insert', 'update', 'replace', 'delete'])

export const isDocumentKind = (kind: string): boolean => documentKinds.has(kind)

/** The change event of an entry; throws 47 when an image is required that is not kept. */
export const eventOf = (entry: Entry, around: Around): Event =>
  isDocumentKind(entry.kind) ? documentEvent(entry, around) : catalogEvent(entry, around)

/** The event that ends a stream: its collection or database is gone. */
export const invalidateEvent = ({ time, index, wall }: Entry): Event => ({
  _id: tokenOf({ time, index, kind: 'invalidate' }),
  operationType: 'invalidate',
  clusterTime: toTimestamp(time),
  wallTime: new Date(wall),
})
