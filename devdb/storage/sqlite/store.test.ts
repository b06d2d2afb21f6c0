import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DiskError, type Store } from '../store.ts'
import { DamagedError, LockedError } from './file.ts'
import { openSqliteStore } from './store.ts'

let folder = ''
let path = ''
const open: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-store-'))
  path = join(folder, 'devdb.sqlite')
})

afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
  rmSync(folder, { recursive: true })
})

const noRefusal = (reason: string): never => {
  throw new Error(reason)
}

const openStore = async (file = path, onRefused: (reason: string) => void = noRefusal): Promise<Store> => {
  const store = await openSqliteStore({ path: file, onRefused })
  open.push(store)
  return store
}

const close = async (store: Store): Promise<void> => {
  open.splice(open.indexOf(store), 1)
  await store.close()
}

const documents = (store: Store, collection: number): [number, string][] =>
  [...store.documents(collection)].map(({ id, bytes }) => [id, bytes.toString()])

describe('the store', () => {
  it('given writes in several turns, when it is opened again, then all is there in natural order', async () => {
    const store = await openStore()
    store.putCollection(1, Buffer.from('one'))
    store.put(1, 20, Buffer.from('b'))
    await store.settled()
    store.put(1, 3, Buffer.from('a'))
    store.put(2, 1, Buffer.from('other'))
    store.put(1, 20, Buffer.from('changed'))
    store.put(1, 21, Buffer.from('gone'))
    store.remove(1, 21)
    store.putReply('session', 7n, Buffer.from('reply'))
    store.putOplog(1, Buffer.from('first'))
    store.putOplog(2, Buffer.from('second'))
    store.trimOplog(2)
    expect(store.settled()).toBeDefined()
    await close(store)

    const again = await openStore()
    expect(again.collections()).toEqual([{ id: 1, description: Buffer.from('one') }])
    expect(documents(again, 1)).toEqual([
      [3, 'a'],
      [20, 'changed'],
    ])
    expect(documents(again, 2)).toEqual([[1, 'other']])
    expect(again.replies()).toEqual([{ session: 'session', number: 7n, bytes: Buffer.from('reply') }])
    expect(again.oplog()).toEqual([{ number: 2, bytes: Buffer.from('second') }])
    expect(again.settled()).toBeUndefined()
  })

  it('given a dropped collection, then its documents are gone and those of its neighbours stay', async () => {
    const store = await openStore()
    for (const collection of [1, 2, 3]) store.put(collection, 2 ** 36 - 1, Buffer.from(String(collection)))
    store.dropCollection(2)
    await close(store)
    const again = await openStore()
    expect([1, 2, 3].map((collection) => documents(again, collection).length)).toEqual([1, 0, 1])
  })

  it('given writes while a commit is under way, then they settle later and together', async () => {
    const store = await openStore()
    store.put(1, 1, Buffer.from('a'))
    const first = store.settled()
    await new Promise((resolve) => setImmediate(resolve))
    store.put(1, 2, Buffer.from('b'))
    const second = store.settled()
    store.put(1, 3, Buffer.from('c'))
    expect(store.settled()).toBe(second)
    expect(second).not.toBe(first)
    const order: string[] = []
    await Promise.all([second?.then(() => order.push('second')), first?.then(() => order.push('first'))])
    expect(order).toEqual(['first', 'second'])
  })

  it('given the file is open, when it is opened once more, then it is locked; after the end it is free', async () => {
    const store = await openStore()
    await expect(openStore()).rejects.toThrow(LockedError)
    await close(store)
    await openStore()
  })

  it('given a copy made while writes go on, then it opens as a store of its own with what was settled', async () => {
    const store = await openStore()
    for (let id = 1; id <= 500; id++) store.put(1, id, Buffer.alloc(1000, id))
    await store.settled()
    const copied = store.copyTo(join(folder, 'copy.sqlite'))
    store.put(1, 501, Buffer.from('later'))
    await copied
    const copy = await openStore(join(folder, 'copy.sqlite'))
    expect(documents(copy, 1).length).toBeGreaterThanOrEqual(500)
    await expect(store.copyTo(join(folder, 'no', 'such', 'folder'))).rejects.toThrow(DiskError)
  })
})

describe('F13 what the disk may do', () => {
  it('given a full disk, then both batches on their way are refused, memory is told first, and later writes go', async () => {
    const events: string[] = []
    const store = await openStore(path, () => events.push('refused'))
    store.put(1, 1, Buffer.from('kept'))
    await store.settled()
    await close(store)
    const file = new DatabaseSync(path)
    const pages = Number(file.prepare('PRAGMA page_count').get()?.page_count)
    file.close()

    const limited = await openSqliteStore({ path, onRefused: () => events.push('refused'), maxPages: pages })
    open.push(limited)
    limited.put(1, 2, Buffer.alloc(100_000))
    const first = limited.settled()
    await new Promise((resolve) => setImmediate(resolve))
    limited.put(1, 3, Buffer.from('on top'))
    const second = limited.settled()
    const outcomes = await Promise.allSettled([
      first?.catch((error) => {
        events.push('first')
        throw error
      }),
      second,
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(events).toEqual(['refused', 'first'])
    limited.put(1, 4, Buffer.from('fits'))
    await limited.settled()
    await close(limited)
    expect(documents(await openStore(), 1)).toEqual([
      [1, 'kept'],
      [4, 'fits'],
    ])
  })

  it('given one flipped bit in a document, when it is opened, then it says so and serves nothing', async () => {
    const store = await openStore()
    store.put(1, 1, Buffer.from('a document that nobody may change'))
    await close(store)
    const bytes = readFileSync(path)
    const at = bytes.indexOf('nobody')
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(path, bytes)
    await expect(openStore()).rejects.toThrow(DamagedError)
    await expect(openStore()).rejects.toThrow(/row \d+ of table documents does not match its checksum/)
  })

  it('given bytes of the file overwritten, when it is opened, then it is damaged, not empty', async () => {
    const store = await openStore()
    for (let id = 1; id <= 200; id++) store.put(1, id, Buffer.alloc(500, id))
    await close(store)
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 0, 64)
    writeFileSync(path, bytes)
    await expect(openStore()).rejects.toThrow(DamagedError)
  })

  it('given a log that was torn in its last commit, then all commits before it are there', async () => {
    const store = await openStore()
    store.put(1, 1, Buffer.from('first'))
    await store.settled()
    store.put(1, 2, Buffer.from('second'))
    await store.settled()
    const torn = join(folder, 'torn.sqlite')
    copyFileSync(path, torn)
    const log = readFileSync(`${path}-wal`)
    writeFileSync(`${torn}-wal`, log.subarray(0, log.length - 100))
    expect(documents(await openStore(torn), 1)).toEqual([[1, 'first']])
  })

  it('given a file of format 2, then it is taken over with all documents', async () => {
    const old = new DatabaseSync(path)
    old.exec(`
      CREATE TABLE format (version INTEGER NOT NULL); INSERT INTO format VALUES (2);
      CREATE TABLE collections (id INTEGER PRIMARY KEY, description BLOB NOT NULL);
      CREATE TABLE documents (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
      CREATE TABLE replies (session TEXT PRIMARY KEY, number TEXT NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
      INSERT INTO collections VALUES (1, x'00'); INSERT INTO documents VALUES (${2 ** 36 + 5}, x'6162');
    `)
    old.close()
    const store = await openStore()
    expect(store.collections()).toHaveLength(1)
    expect(documents(store, 1)).toEqual([[5, 'ab']])
    await close(store)
    expect(documents(await openStore(), 1)).toEqual([[5, 'ab']])
  })
})
