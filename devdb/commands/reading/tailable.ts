import { encode } from '../../bson/encode.ts'
import { type Doc, isDoc } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import type { Projection } from '../../query/projection.ts'
import type { Filter } from '../../query/tree.ts'
import type { Collection } from '../../storage/collection.ts'
import { docOf, type StoredRecord } from '../../storage/records.ts'
import { booleanOption, type Reply, type Request } from '../command.ts'
import type { RowSource } from './rows.ts'

const isNatural = (order: unknown): boolean =>
  order === undefined || (isDoc(order as Doc) && ['', '{"$natural":1}', '{}'].includes(JSON.stringify(order)))

const notTogether = ['min', 'max', 'returnKey', 'showRecordId', 'skip', 'limit']

const checkOptions = (body: Doc): void => {
  if (!isNatural(body.sort))
    throw failure('BadValue', 'cannot use tailable option with a sort other than {$natural: 1}')
  if (booleanOption(body, 'singleBatch'))
    throw failure('BadValue', "cannot use tailable option with the 'singleBatch' option")
  if (!isNatural(body.hint)) throw unsupported('a hint of a tailable cursor')
  const refused = notTogether.find((name) => body[name] !== undefined && body[name] !== 0 && body[name] !== false)
  if (refused !== undefined) throw unsupported(`the option '${refused}' of a tailable cursor`)
}

type Tail = {
  readonly collection: Collection
  readonly filter: Filter
  readonly projection: Projection | undefined
  readonly onNews: RowSource['onNews']
}

/** The documents of a capped collection from the oldest on, and then those that are added. */
const tailRows = ({ collection, filter, projection, onNews }: Tail): RowSource => {
  const { records } = collection
  let last = 0
  let closed = false
  let returned: Buffer | undefined

  const checkPosition = (oldest: StoredRecord | undefined): void => {
    if (last === 0 || oldest === undefined || oldest.id <= last + 1) return
    throw failure(
      'CappedPositionLost',
      `CollectionScan died due to position in capped collection being deleted. Last seen record id: RecordId(${last})`,
    )
  }

  const following = (): StoredRecord | undefined => {
    const next = records.get(last + 1)
    if (next !== undefined) return next
    const [oldest] = records.values()
    checkPosition(oldest)
    // Numbers may be missing: of documents that were taken back.
    for (const record of records.values()) if (record.id > last) return record
    return undefined
  }

  const next = (): Buffer | undefined => {
    for (let record = following(); record !== undefined && !closed; record = following()) {
      last = record.id
      if (!filter.match(docOf(record))) continue
      return projection === undefined ? record.bytes : encode(projection.project(docOf(record)))
    }
    return undefined
  }

  return {
    take: () => {
      const row = returned ?? next()
      returned = undefined
      return row
    },
    back: (row) => {
      returned = row
    },
    exhausted: () => closed,
    onNews,
    heldBytes: () => 0,
    close: () => {
      closed = true
    },
  }
}

type Opening = {
  readonly query: { readonly filter: Filter }
  readonly projection: Projection | undefined
  readonly batchSize: number | undefined
  readonly collection: Collection | undefined
}

/** Opens a tailable cursor; throws 2 on a collection that is not capped. */
export const openTailable = (
  { server, body, database, name, cursorSession: session }: Request,
  { query, projection, batchSize, collection }: Opening,
): Reply => {
  checkOptions(body)
  const namespace = `${database}.${body[name]}`
  const opening = { namespace, batchSize, session }
  if (collection === undefined) return server.cursors.open({ ...opening, rows: [] })
  if (collection.options().cap === undefined)
    throw failure(
      'BadValue',
      `error processing query: ns=${namespace}: tailable cursor requested on non capped collection`,
    )
  // As mongod does: there is no place to wait at in an empty collection, so the cursor is closed at once.
  if (collection.records.size === 0) return server.cursors.open({ ...opening, rows: [] })
  const { onNews } = server.news
  return server.cursors.openLive({
    ...opening,
    source: tailRows({ collection, filter: query.filter, projection, onNews }),
    awaitData: booleanOption(body, 'awaitData'),
    noTimeout: booleanOption(body, 'noCursorTimeout'),
  })
}
