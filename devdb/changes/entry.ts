import type { Timestamp } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, isDoc } from '../bson/values.ts'
import {
  type CatalogChange,
  type CatalogKind,
  type Change,
  type DocumentKind,
  isDocumentChange,
} from '../storage/change.ts'
import type { Origin } from '../storage/history.ts'
import { type LogicalTime, ofTimestamp, toTimestamp } from '../storage/logicalClock.ts'

/** One change as change streams need it: what it holds is shared with the store, so keeping it costs little. */
export type Entry = {
  readonly time: LogicalTime
  readonly index: number
  /** Milliseconds of the wall clock. */
  readonly wall: number
  readonly kind: DocumentKind | CatalogKind | 'noop'
  readonly namespace: string
  /** The new name, after a rename. */
  readonly to?: string | undefined
  readonly before?: Buffer | undefined
  readonly after?: Buffer | undefined
  /** The number of the collection, from which its UUID is made; undefined where there is none (views, databases). */
  readonly collection?: number | undefined
  /** The number of the collection that a rename has replaced. */
  readonly dropped?: number | undefined
  /** The documents before and after may be told. */
  readonly images: boolean
  readonly description?: Doc | undefined
  readonly origin?: Origin | undefined
}

export type Moment = { readonly time: LogicalTime; readonly wall: number; readonly origin: Origin | undefined }

const isView = ({ collection }: CatalogChange): boolean => collection === undefined

const describe = (change: CatalogChange): Doc | undefined => {
  const { kind, collection, description } = change
  if (kind === 'create')
    return isView(change)
      ? { ...(description as Doc | undefined) }
      : { ...collection?.options().spec, idIndex: idIndex }
  if (kind === 'createIndexes' || kind === 'dropIndexes') return { indexes: [description as Doc] }
  if (kind !== 'modify') return undefined
  const { former } = (description ?? {}) as { former?: { spec: Doc } }
  return { ...collection?.options().spec, former: former?.spec ?? {} }
}

const idIndex: Doc = { v: 2, key: { _id: 1 }, name: '_id_' }

/** A collection dropped to make room for a renamed one is no event of its own: the rename tells it. */
const isReplaced = (change: Change, next: Change | undefined): boolean =>
  !isDocumentChange(change) &&
  change.kind === 'drop' &&
  next !== undefined &&
  !isDocumentChange(next) &&
  next.kind === 'rename' &&
  next.to === change.namespace

/** The entries of one commit. */
export const entriesOf = (changes: readonly Change[], moment: Moment): Entry[] => {
  const [only] = changes
  // Nearly every commit is of one change.
  if (changes.length === 1 && only !== undefined) return [entryOf(only, 0, moment)]
  return changes.flatMap((change, index) => {
    if (isReplaced(change, changes[index + 1])) return []
    const former = changes[index - 1]
    const entry = entryOf(change, index, moment)
    return former !== undefined && isReplaced(former, change) ? [{ ...entry, dropped: former.collection?.id }] : [entry]
  })
}

const entryOf = (change: Change, index: number, { time, wall, origin }: Moment): Entry => {
  if (isDocumentChange(change)) {
    const { kind, namespace, before, after, collection } = change
    const images = collection.options().images
    return { time, index, wall, kind, namespace, before, after, collection: collection.id, images, origin }
  }
  const { kind, namespace, to, collection } = change
  const description = describe(change)
  return { time, index, wall, kind, namespace, to, collection: collection?.id, images: false, description, origin }
}

// Around the documents: names, numbers, the object itself.
const entryBytes = 200

/** The bytes an entry alone keeps in memory: what it tells as `after` is the stored document, or a later `before`. */
export const heldBy = ({ before }: Entry): number => entryBytes + (before?.length ?? 0)

/** The bytes an entry takes on disk, about. */
export const writtenBy = ({ before, after }: Entry): number => entryBytes + (before?.length ?? 0) + (after?.length ?? 0)

/** An entry as it is kept on disk. */
export const writeEntry = (entry: Entry): Buffer => {
  const { time, origin, wall, ...rest } = entry
  return encode({
    ...rest,
    time: toTimestamp(time),
    wall: new Date(wall),
    origin: origin && { session: origin.session, number: String(origin.number) },
  })
}

const bytesAt = (doc: Doc, field: string): Buffer | undefined => {
  const value = doc[field]
  return isDoc(value) ? encode(value) : undefined
}

/** Reads what `writeEntry` wrote. */
export const readEntry = (bytes: Buffer): Entry => {
  const doc = decode(bytes)
  const { time, index, wall, kind, namespace, to, collection, dropped, images, description, origin } = doc
  return {
    time: ofTimestamp(time as Timestamp),
    index: Number(index),
    wall: (wall as Date).getTime(),
    kind: kind as Entry['kind'],
    namespace: String(namespace),
    to: typeof to === 'string' ? to : undefined,
    before: bytesAt(doc, 'before'),
    after: bytesAt(doc, 'after'),
    collection: typeof collection === 'number' ? collection : undefined,
    dropped: typeof dropped === 'number' ? dropped : undefined,
    images: images === true,
    description: isDoc(description) ? description : undefined,
    origin: isDoc(origin) ? { session: String(origin.session), number: BigInt(String(origin.number)) } : undefined,
  }
}
