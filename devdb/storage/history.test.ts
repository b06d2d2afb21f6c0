import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc } from '../bson/values.ts'
import { parseIndex } from '../index/definition.ts'
import { makeCatalog } from './catalog.ts'
import { type Change, isDocumentChange, type Unit } from './change.ts'
import { makeHistory } from './history.ts'
import { makeClock, ofTimestamp, toTimestamp } from './logicalClock.ts'
import { makeEphemeralStore, type Store } from './store.ts'

type Catalog = ReturnType<typeof makeCatalog>

/** All a reader could see: documents in natural order, and what every index holds. */
const seen = (catalog: Catalog) =>
  [...catalog.all()]
    .map((collection) => ({
      namespace: collection.namespace,
      bytes: collection.bytesHeld(),
      documents: [...collection.records.values()].map(({ id, bytes }) => [id, decode(bytes)]),
      indexes: collection.indexes.map(({ definition, entries }) => [
        definition.name,
        entries.entries().map(([key, record]) => [key, record]),
      ]),
    }))
    .sort((a, b) => (a.namespace < b.namespace ? -1 : 1))

const shop = () => {
  const catalog = makeCatalog(makeEphemeralStore())
  const collection = catalog.create('shop', 'products')
  collection.createIndex(parseIndex({ key: { sku: 1 }, name: 'sku', unique: true, sparse: true }))
  collection.createIndex(parseIndex({ key: { tags: 1 }, name: 'tags' }))
  return catalog
}

type Step = { readonly kind: number; readonly at: number; readonly sku: number; readonly tags: readonly number[] }

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(9),
  at: fc.nat(20),
  sku: fc.nat(8),
  tags: fc.array(fc.nat(3), { maxLength: 3 }),
})

/** One random change; a duplicate key is part of the game. */
const perform = (catalog: Catalog, { kind, at, sku, tags }: Step): void => {
  const collection = catalog.obtain('shop', kind === 9 ? 'others' : 'products')
  const records = [...collection.records.values()]
  const record = records[at % Math.max(1, records.length)]
  const doc: Doc = {
    _id: record === undefined || kind < 4 || kind === 9 ? at * 100 + sku : (decode(record.bytes)._id ?? 0),
    sku,
    tags: [...tags],
  }
  try {
    if (kind < 4 || kind === 9) collection.insert(encode(doc), doc)
    else if (record !== undefined && kind < 6) collection.remove(record)
    else if (record !== undefined && kind < 8) collection.replace(record, decode(record.bytes), doc, encode(doc))
    else if (kind === 8 && at === 0) catalog.drop('shop', 'others')
    else if (kind === 8 && at < 4) collection.dropIndex(`i${at}`)
    else if (kind === 8)
      collection.createIndex(parseIndex({ key: { sku: 1, tags: 1, [`f${at % 4}`]: 1 }, name: `i${at % 4}` }))
  } catch (error) {
    if (!(error instanceof Error) || !/^E11000|^index not found/.test(error.message)) throw error
  }
}

const shared = { numRuns: 150 }

test('given random changes, when the unit fails, then documents, order and indexes are as before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 30 }), (before, within) => {
      const catalog = shop()
      for (const one of before) perform(catalog, one)
      const expected = seen(catalog)
      expect(() =>
        catalog.history.run(() => {
          for (const one of within) perform(catalog, one)
          throw new Error('refused')
        }),
      ).toThrow('refused')
      expect(seen(catalog)).toEqual(expected)
    }),
    shared,
  )
})

test('given random units, when a past moment is looked at, then it is as it was, and the present is untouched', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(step, { maxLength: 6 }), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      (units, pick) => {
        const catalog = shop()
        const { history } = catalog
        const moments = units.map((steps) => {
          const moment = { time: history.clock.now(), seen: seen(catalog) }
          history.run(() => {
            for (const one of steps) perform(catalog, one)
          })
          return moment
        })
        const present = seen(catalog)
        const { time, seen: expected } = moments[pick % moments.length] ?? { time: 0, seen: [] }
        expect(history.asOf(time, [], () => seen(catalog))).toEqual(expected)
        expect(seen(catalog)).toEqual(present)
      },
    ),
    shared,
  )
})

test('given changes on top of a past moment, when they are run again, then they are there again and nowhere else', () => {
  const catalog = shop()
  const { history } = catalog
  const products = catalog.obtain('shop', 'products')
  const time = history.clock.now()
  const own: Change[] = []
  products.insert(encode({ _id: 1 }), { _id: 1 })
  history.asOf(time, own, () => products.insert(encode({ _id: 2 }), { _id: 2 }))
  const ids = () => [...products.records.values()].map(({ bytes }) => decode(bytes)._id)
  expect(ids()).toEqual([1])
  expect(history.asOf(time, own, ids)).toEqual([2])
})

test('given part of a unit that fails, then that part alone is taken back', () => {
  const catalog = shop()
  const products = catalog.obtain('shop', 'products')
  catalog.history.run(() => {
    products.insert(encode({ _id: 1 }), { _id: 1 })
    expect(() =>
      catalog.history.attempt(() => {
        products.insert(encode({ _id: 2 }), { _id: 2 })
        products.insert(encode({ _id: 1 }), { _id: 1 })
      }),
    ).toThrow('E11000')
    products.insert(encode({ _id: 3 }), { _id: 3 })
  })
  expect([...products.records.values()].map(({ bytes }) => decode(bytes)._id)).toEqual([1, 3])
})

/** A store whose disk answers when told. */
const slowStore = () => {
  const calls: string[] = []
  let waiting: PromiseWithResolvers<void> | undefined
  const wrote = (call: string): void => {
    calls.push(call)
    waiting ??= Promise.withResolvers<void>()
  }
  const store: Store = {
    ...makeEphemeralStore(),
    put: (_collection, id) => wrote(`put ${id}`),
    remove: (_collection, id) => wrote(`remove ${id}`),
    putCollection: (id) => wrote(`collection ${id}`),
    settled: () => waiting?.promise,
  }
  const settle = async (): Promise<void> => {
    waiting?.resolve()
    waiting = undefined
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { store, calls, settle }
}

test('given a unit under way, then the store hears of nothing until it is committed, and of nothing when it fails', () => {
  const { store, calls } = slowStore()
  const catalog = makeCatalog(store)
  const { history } = catalog
  const insert = (_id: number) => catalog.obtain('shop', 'carts').insert(encode({ _id }), { _id })
  history.run(() => {
    insert(1)
    expect(calls).toEqual([])
  })
  expect(calls).toEqual(['collection 1', 'put 1'])
  expect(() =>
    history.run(() => {
      insert(2)
      insert(2)
    }),
  ).toThrow('E11000')
  expect(calls).toEqual(['collection 1', 'put 1'])
})

test('given units on their way to the disk, when it refuses them, then they and only they are taken back', async () => {
  const { store, settle } = slowStore()
  const catalog = makeCatalog(store)
  const { history } = catalog
  const reverted: number[] = []
  history.onRevert((from) => reverted.push(from))
  const insert = (_id: number) => catalog.obtain('shop', 'carts').insert(encode({ _id }), { _id })
  history.run(() => insert(1))
  await settle()
  const expected = seen(catalog)
  const time = history.clock.now()
  history.run(() => insert(2))
  history.run(() => insert(3))
  expect(history.revertUnsettled()).toBe(2)
  expect(seen(catalog)).toEqual(expected)
  expect(reverted).toEqual([expect.any(Number)])
  expect(reverted[0]).toBeGreaterThan(time)
  expect(history.revertUnsettled()).toBe(0)
})

test('given listeners, then each committed unit is told once, with what was before and after', () => {
  const catalog = shop()
  const { history } = catalog
  const told: Unit[] = []
  history.onCommit((changes, time) => told.push({ time, changes }))
  const products = catalog.obtain('shop', 'products')
  history.run(() => {
    const record = products.insert(encode({ _id: 1 }), { _id: 1 })
    products.replace(record, { _id: 1 }, { _id: 1, n: 2 }, encode({ _id: 1, n: 2 }), 'replace')
    products.remove(record)
  })
  expect(() =>
    history.run(() => {
      products.insert(encode({ _id: 9 }), { _id: 9 })
      throw new Error('no')
    }),
  ).toThrow('no')
  catalog.drop('shop', 'products')
  const shown = told.map(({ changes }) =>
    changes.map((change) =>
      isDocumentChange(change)
        ? [change.kind, change.before && decode(change.before), change.after && decode(change.after)]
        : [change.kind, change.namespace],
    ),
  )
  expect(shown).toEqual([
    [
      ['insert', undefined, { _id: 1 }],
      ['replace', { _id: 1 }, { _id: 1, n: 2 }],
      ['delete', { _id: 1, n: 2 }, undefined],
    ],
    [['drop', 'shop.products']],
  ])
  expect(told[1]?.time).toBeGreaterThan(told[0]?.time ?? Number.POSITIVE_INFINITY)
})

test('given more changes than are kept, then a moment further back is refused with 239', () => {
  const catalog = shop()
  const products = catalog.obtain('shop', 'products')
  const time = catalog.history.clock.now()
  for (let _id = 0; _id < 10_100; _id++) products.insert(encode({ _id }), { _id })
  expect(() => catalog.history.since(time)).toThrow(expect.objectContaining({ code: 239 }))
  expect(catalog.history.since(catalog.history.clock.now())).toEqual([])
})

test('given a pinned moment, then what was changed since is kept', () => {
  const catalog = shop()
  const products = catalog.obtain('shop', 'products')
  const time = catalog.history.clock.now()
  const owner = {}
  catalog.history.pin(owner, time)
  for (let _id = 0; _id < 10_100; _id++) products.insert(encode({ _id }), { _id })
  expect(catalog.history.since(time)).toHaveLength(10_100)
  catalog.history.unpin(owner)
  products.insert(encode({ _id: -1 }), { _id: -1 })
  expect(() => catalog.history.since(time)).toThrow(expect.objectContaining({ code: 239 }))
})

test('given a wall clock that jumps, then the logical clock never goes back and never repeats', () => {
  let wall = 1_000_000_000_000
  const clock = makeClock(() => wall)
  const first = clock.tick()
  wall -= 5000
  const second = clock.tick()
  wall += 60_000
  const third = clock.tick()
  expect([second > first, third > second]).toEqual([true, true])
  expect(toTimestamp(third)).toMatchObject({ t: 1_000_000_055 })
  expect(ofTimestamp(toTimestamp(third))).toBe(third)
  expect(makeHistory(makeEphemeralStore(), clock).clock.now()).toBe(third)
})

test('given a time from elsewhere, then the clock follows it, unless it is more than a year ahead', () => {
  const wall = 1_000_000_000_000
  const clock = makeClock(() => wall)
  const ahead = ofTimestamp(toTimestamp(clock.now() + 1000))
  expect(clock.advance(ahead)).toBe(true)
  expect(clock.tick()).toBe(ahead + 1)
  expect(clock.advance(makeClock(() => wall + 2 * 365 * 86_400_000).now())).toBe(false)
  expect(clock.advance(0)).toBe(true)
  expect(clock.now()).toBe(ahead + 1)
})
