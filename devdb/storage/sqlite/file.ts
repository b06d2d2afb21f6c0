import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { type Key, type Row, type Table, tables } from './batch.ts'

const formatVersion = 3

/** The file is in use by another process. */
export class LockedError extends Error {}

/** Something in the file is not what was written there; the message says what. */
export class DamagedError extends Error {}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message)

const isDamage = (error: unknown): boolean =>
  error instanceof Error && /malformed|not a database|SQLITE_CORRUPT/.test(error.message)

const create = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS replies (id TEXT PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS oplog (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL);
`

const connect = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file)
  try {
    // The lock lasts as long as the process: the kernel takes it off even after kill -9, so it is never stale.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL')
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4000')
    database.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432')
    database.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL); COMMIT')
    return database
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new LockedError('the database file is locked')
    throw isDamage(error) ? new DamagedError(String(error)) : error
  }
}

/** Format 2 had no checksums, and replies in another form; those only answer retries that are long over. */
const upgrade = (database: DatabaseSync): void => {
  database.function('crc32', (bytes) => crc32(bytes as Uint8Array))
  database.exec(`
    BEGIN;
    ALTER TABLE documents RENAME TO documents2; ALTER TABLE collections RENAME TO collections2; DROP TABLE replies;
    ${create}
    INSERT INTO documents SELECT id, crc32(bytes), bytes FROM documents2; DROP TABLE documents2;
    INSERT INTO collections SELECT id, crc32(description), description FROM collections2; DROP TABLE collections2;
    UPDATE format SET version = ${formatVersion};
    COMMIT;
    VACUUM;
  `)
}

const checkFormat = (database: DatabaseSync): void => {
  const version = database.prepare('SELECT version FROM format').get()?.version
  if (version === undefined) {
    database.exec(create)
    database.prepare('INSERT INTO format VALUES (?)').run(formatVersion)
  } else if (version === 2) {
    upgrade(database)
  } else if (version !== formatVersion) {
    throw new Error(`the data has format ${String(version)}, this devdb reads ${formatVersion}`)
  }
}

const bufferOf = (value: unknown): Buffer => {
  const bytes = value as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * The data file: an SQLite database in WAL mode with synchronous FULL, so that a commit is on disk when it returns and
 * a torn tail of the log is dropped at opening. Each row carries a checksum of its bytes. Throws LockedError,
 * DamagedError, or the disk's error.
 */
export const openFile = (path: string, maxPages?: number) => {
  const database = connect(path)
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`)
  checkFormat(database)
  const prepare = (table: Table) => ({
    put: database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?)`),
    remove: database.prepare(`DELETE FROM ${table} WHERE id = ?`),
    removeRange: database.prepare(`DELETE FROM ${table} WHERE id >= ? AND id < ?`),
    all: database.prepare(`SELECT id, crc, bytes FROM ${table} ORDER BY id`),
  })
  const statements = Object.fromEntries(tables.map((table) => [table, prepare(table)])) as Record<
    Table,
    ReturnType<typeof prepare>
  >

  const apply = ({ table, key, bytes, until }: Row): void => {
    const { put, remove, removeRange } = statements[table]
    if (bytes !== undefined) put.run(key, crc32(bytes), bytes)
    else if (until !== undefined) removeRange.run(key, until)
    else remove.run(key)
  }

  /** Every row, and whether its bytes are the ones written; throws DamagedError where the file cannot be read. */
  function* inspect(): Generator<Row & { readonly bytes: Buffer; readonly intact: boolean }> {
    try {
      for (const table of tables) {
        for (const { id, crc, bytes: stored } of statements[table].all.iterate()) {
          const bytes = bufferOf(stored)
          yield { table, key: id as Key, bytes, intact: crc32(bytes) === crc }
        }
      }
    } catch (error) {
      throw isDamage(error) ? new DamagedError(String(error)) : error
    }
  }

  return {
    database,

    /** Writes all rows or none. */
    commit: (rows: Iterable<Row>): void => {
      database.exec('BEGIN')
      try {
        for (const row of rows) apply(row)
        database.exec('COMMIT')
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },

    inspect,

    /** Every row of every table; throws DamagedError at the first whose bytes are not the ones written. */
    rows: function* (): Generator<Row & { readonly bytes: Buffer }> {
      for (const { table, key, bytes, intact } of inspect()) {
        if (!intact) throw new DamagedError(`row ${key} of table ${table} does not match its checksum`)
        yield { table, key, bytes }
      }
    },

    /** Looks at the file's own structure: pages, order, free lists. Throws DamagedError. */
    checkStructure: (): void => {
      const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check
      if (found !== 'ok') throw new DamagedError(String(found))
    },

    /** Pages that deletions left empty. */
    freePages: (): number => Number(database.prepare('PRAGMA freelist_count').get()?.freelist_count ?? 0),

    /** Moves what is in the log into the file, which becomes shorter then if pages were given back. */
    checkpoint: (): void => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'),

    /** Gives up to so many empty pages back to the file system, at the next checkpoint. */
    compact: (pages: number): void => database.exec(`PRAGMA incremental_vacuum(${pages})`),

    /** A compact copy of everything, in a file that must not exist. */
    copyInto: (path: string): void => {
      database.prepare('VACUUM INTO ?').run(path)
    },

    close: (): void => database.close(),
  }
}

export type DataFile = ReturnType<typeof openFile>
