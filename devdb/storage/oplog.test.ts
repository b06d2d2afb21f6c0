import { describe, expect, it } from 'vitest'
import { encode } from '../bson/encode.ts'
import { makeCatalog } from './catalog.ts'
import { makeHistory } from './history.ts'
import { makeOplog } from './oplog.ts'
import { makeEphemeralStore, type Store } from './store.ts'

/** A store that remembers what the oplog gave it. */
const makeRecording = () => {
  const rows = new Map<number, Buffer>()
  const store: Store = {
    ...makeEphemeralStore(),
    oplog: () => [...rows].map(([number, bytes]) => ({ number, bytes })),
    putOplog: (number, bytes) => rows.set(number, bytes),
    trimOplog: (below) => {
      for (const number of rows.keys()) if (number < below) rows.delete(number)
    },
  }
  return { rows, store }
}

const start = (store: Store) => {
  const history = makeHistory(store)
  const catalog = makeCatalog(store, history)
  return { history, catalog, oplog: makeOplog({ store, history, clock: () => 1000 }) }
}

const insert = ({ catalog }: ReturnType<typeof start>, _id: number, text = ''): void => {
  const doc = { _id, text }
  catalog.obtain('db', 'c').insert(encode(doc), doc)
}

describe('the oplog', () => {
  it('given nobody has opened a stream, then nothing is written, but the recent changes are known', () => {
    const { rows, store } = makeRecording()
    const parts = start(store)
    for (let n = 0; n < 5; n++) insert(parts, n)
    expect(rows.size).toBe(0)
    expect(parts.oplog.statistics()).toMatchObject({ entries: 6, persistent: false })
  })

  it('given a stream was opened once, then what is known and what comes is written, also after a restart', () => {
    const { rows, store } = makeRecording()
    const first = start(store)
    insert(first, 1)
    first.oplog.persist()
    insert(first, 2)
    const again = start(store)
    expect(again.oplog.statistics()).toMatchObject({ entries: 3, persistent: true })
    insert(again, 3)
    expect(again.oplog.at(again.oplog.end() - 1)).toMatchObject({ kind: 'insert', namespace: 'db.c', wall: 1000 })
    expect([...rows.keys()]).toEqual([1, 2, 3, 4, 5])
  })

  it('given a first stream on nothing at all, then there is a mark that it was opened', () => {
    const { rows, store } = makeRecording()
    start(store).oplog.persist()
    expect(rows.size).toBe(1)
    expect(start(store).oplog.statistics().persistent).toBe(true)
  })

  it('given more changes or bytes than are kept, then the oldest go, also from the disk, and are told as lost', () => {
    const { rows, store } = makeRecording()
    const parts = start(store)
    parts.oplog.persist()
    const begun = parts.oplog.knownSince()
    for (let n = 0; n < 10_500; n++) insert(parts, n)
    expect(parts.oplog.statistics().entries).toBeLessThanOrEqual(10_000)
    expect(rows.size).toBe(parts.oplog.statistics().entries)
    expect(parts.oplog.at(1)).toBe('lost')
    expect(parts.oplog.knownSince()).toBeGreaterThan(begun)
    for (let n = 0; n < 70; n++) insert(parts, 20_000 + n, 'x'.repeat(1_000_000))
    expect(parts.oplog.statistics().written).toBeLessThan(64 * 1024 * 1024)
    expect(rows.size).toBe(parts.oplog.statistics().entries)
  })

  it('given the disk refused a commit, then its changes are forgotten', async () => {
    const refused = Promise.reject(new Error('full'))
    refused.catch(() => undefined)
    const settled: { promise: Promise<void> | undefined } = { promise: undefined }
    const parts = start({ ...makeRecording().store, settled: () => settled.promise })
    insert(parts, 1)
    settled.promise = refused
    insert(parts, 2)
    expect(parts.oplog.statistics().entries).toBe(3)
    parts.history.revertUnsettled()
    expect(parts.oplog.statistics().entries).toBe(2)
    expect(parts.oplog.at(parts.oplog.end() - 1)).toMatchObject({ kind: 'insert' })
  })

  it('given a unit that fails, then nothing of it is known', () => {
    const parts = start(makeRecording().store)
    const fail = () =>
      parts.history.run(() => {
        insert(parts, 1)
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    expect(parts.oplog.statistics().entries).toBe(0)
  })
})
