import { DatabaseSync } from 'node:sqlite'
import type { Store } from './store.ts'

const formatVersion = 2

// A document's key is one integer, collection and record: rows with an integer key keep up to 4 kB in their page,
// others spill a document of 1 kB to a second one. Room for 2^17 collections and 2^36 records, exact in a number.
const perCollection = 2 ** 36

const keyOf = (collection: number, id: number): number => collection * perCollection + id

/** The folder is in use by another process. */
export class LockedError extends Error {}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message)

const open = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file)
  try {
    // The lock lasts as long as the process: the kernel takes it off even after kill -9, so it is never stale.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL; PRAGMA cache_size = -4000; PRAGMA wal_autocheckpoint = 4000')
    database.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL); COMMIT')
    return database
  } catch (error) {
    database.close()
    throw isBusy(error) ? new LockedError('the database file is locked') : error
  }
}

const tables = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, description BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS replies (session TEXT PRIMARY KEY, number TEXT NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
`

const checkFormat = (database: DatabaseSync): void => {
  const row = database.prepare('SELECT version FROM format').get()
  if (row === undefined) database.prepare('INSERT INTO format VALUES (?)').run(formatVersion)
  else if (row.version !== formatVersion)
    throw new Error(`the data has format ${String(row.version)}, this devdb reads ${formatVersion}`)
}

const ownBytes = (value: unknown): Buffer => {
  const source = value as Uint8Array
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}

/**
 * Documents in an SQLite file. All writes of one event-loop turn form one transaction; `settled` tells when it is on
 * disk. A failed commit is fatal by `onFailure`: memory is ahead of the disk then and nothing may be acknowledged.
 */
export const makeSqliteStore = (file: string, onFailure: (error: unknown) => void): Store => {
  const database = open(file)
  database.exec(tables)
  checkFormat(database)
  const statements = {
    put: database.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?)'),
    remove: database.prepare('DELETE FROM documents WHERE id = ?'),
    putCollection: database.prepare('INSERT OR REPLACE INTO collections VALUES (?, ?)'),
    dropCollection: database.prepare('DELETE FROM collections WHERE id = ?'),
    dropDocuments: database.prepare('DELETE FROM documents WHERE id >= ? AND id < ?'),
    putReply: database.prepare('INSERT OR REPLACE INTO replies VALUES (?, ?, ?)'),
    removeReply: database.prepare('DELETE FROM replies WHERE session = ?'),
    documents: database.prepare('SELECT id, bytes FROM documents WHERE id >= ? AND id < ? ORDER BY id'),
  }
  let waiting: { promise: Promise<void>; resolve: () => void } | undefined

  const commit = (): void => {
    const batch = waiting
    if (batch === undefined) return
    try {
      database.exec('COMMIT')
    } catch (error) {
      onFailure(error)
      return
    }
    waiting = undefined
    batch.resolve()
  }

  const write = (work: () => void): void => {
    try {
      if (waiting === undefined) {
        database.exec('BEGIN')
        waiting = Promise.withResolvers<void>()
        setImmediate(commit)
      }
      work()
    } catch (error) {
      onFailure(error)
      throw error
    }
  }

  return {
    collections: () =>
      database
        .prepare('SELECT id, description FROM collections ORDER BY id')
        .all()
        .map(({ id, description }) => ({ id: Number(id), description: ownBytes(description) })),
    documents: function* (collection) {
      for (const { id, bytes } of statements.documents.iterate(keyOf(collection, 0), keyOf(collection + 1, 0)))
        yield { id: Number(id) % perCollection, bytes: ownBytes(bytes) }
    },
    putCollection: (id, description) => write(() => statements.putCollection.run(id, description)),
    dropCollection: (id) =>
      write(() => {
        statements.dropCollection.run(id)
        statements.dropDocuments.run(keyOf(id, 0), keyOf(id + 1, 0))
      }),
    put: (collection, id, bytes) => write(() => statements.put.run(keyOf(collection, id), bytes)),
    remove: (collection, id) => write(() => statements.remove.run(keyOf(collection, id))),
    replies: () =>
      database
        .prepare('SELECT session, number, bytes FROM replies')
        .all()
        .map(({ session, number, bytes }) => ({
          session: String(session),
          number: BigInt(String(number)),
          bytes: ownBytes(bytes),
        })),
    putReply: (session, number, bytes) => write(() => statements.putReply.run(session, String(number), bytes)),
    removeReply: (session) => write(() => statements.removeReply.run(session)),
    settled: () => waiting?.promise,
    close: () => {
      commit()
      database.close()
    },
  }
}
