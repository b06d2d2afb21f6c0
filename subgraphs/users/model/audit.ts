import { type Model, Schema } from 'mongoose'
import type { Action } from '#kernel/act.ts'
import type { Millis } from '#kernel/time.ts'
import { type Database, duplicateKeyFields, isDuplicateKey, operationTimeout, readAll } from '#platform/mongo.ts'
import { insertOnce } from '#platform/store.ts'
import type { AuditEntry, Link } from '../domain/audit.ts'

/** Conditions on entries, all of them; `before` is the number of the last one seen. */
export interface AuditSearch {
  readonly first: number
  readonly before: number | null
  readonly action: Action | null
  readonly actorId: string | null
  readonly target: string | null
  readonly since: Millis | null
}

interface Head extends Link {
  readonly _id: string
}

const entrySchema = () => {
  const entries = new Schema(
    {
      _id: { type: String, required: true },
      seq: Number,
      at: Number,
      action: String,
      actorKind: String,
      actorId: String,
      target: String,
      address: String,
      requestId: String,
      previous: String,
      hash: String,
    },
    { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false },
  )
  // One chain: of several writers one gets the number, the others look again.
  entries.index({ seq: 1 }, { unique: true })
  entries.index({ target: 1, seq: -1 })
  entries.index({ actorId: 1, seq: -1 })
  return entries
}

const headSchema = () =>
  new Schema({ _id: String, seq: Number, hash: String }, { versionKey: false, strict: 'throw', id: false })

const headId = 'head'
/** Entries read at once when the whole log is checked. */
const batch = 1_000

const filterOf = ({ before, action, actorId, target, since }: Omit<AuditSearch, 'first'>) => ({
  ...(before !== null && { seq: { $lt: before } }),
  ...(action !== null && { action }),
  ...(actorId !== null && { actorId }),
  ...(target !== null && { target }),
  ...(since !== null && { at: { $gte: since } }),
})

/** The audit log and its head: inserts and reads, nothing here changes or removes an entry. */
export const makeAuditModel = (database: Database) => {
  const model = database.model<AuditEntry>('AuditEntry', entrySchema(), 'audit') as unknown as Model<AuditEntry>
  const heads = database.model<Head>('AuditHead', headSchema(), 'auditHeads') as unknown as Model<Head>

  return {
    model,
    heads,
    /** `known`: this entry is there already. `taken`: its number is, so look for the end again. */
    insert: async (entry: AuditEntry): Promise<'added' | 'known' | 'taken'> => {
      try {
        await model.collection.insertOne(entry as never)
        return 'added'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return duplicateKeyFields(error).includes('_id') ? 'known' : 'taken'
      }
    },
    last: async (): Promise<AuditEntry | null> =>
      (await readAll<AuditEntry>(model, {}, { sort: { seq: -1 }, limit: 1 }))[0] ?? null,
    head: async (): Promise<Link | null> => heads.findById(headId).lean<Head>(),
    /** Remembers the end of the chain; a younger one that another process remembered stays. */
    setHead: async ({ seq, hash }: Link): Promise<void> => {
      const { matchedCount } = await heads.updateOne({ _id: headId, seq: { $lt: seq } }, { $set: { seq, hash } })
      if (matchedCount === 0) await insertOnce(() => heads.collection.insertOne({ _id: headId, seq, hash } as never))
    },
    page: (search: AuditSearch): Promise<AuditEntry[]> =>
      readAll(model, filterOf(search), { sort: { seq: -1 }, limit: search.first + 1 }),
    count: (search: AuditSearch): Promise<number> =>
      model
        .countDocuments(filterOf({ ...search, before: null }))
        .maxTimeMS(operationTimeout)
        .exec(),
    /** The whole log from its beginning. */
    all: (): AsyncIterable<AuditEntry> =>
      model.find({}).sort({ seq: 1 }).lean<AuditEntry>().cursor({ batchSize: batch }),
  }
}

export type AuditModel = ReturnType<typeof makeAuditModel>
