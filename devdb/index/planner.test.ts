import { BSONRegExp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { execute } from '../query/executor.ts'
import { parseFilter } from '../query/matcher.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { makeCatalog } from '../storage/catalog.ts'
import { docOf } from '../storage/records.ts'
import { makeEphemeralStore } from '../storage/store.ts'
import { parseIndex } from './definition.ts'

const scalar: fc.Arbitrary<Value> = fc.constantFrom<Value[]>(null, 0, 1, 2, 3, 1.5, 'a', 'ab', 'b', true, new Date(1))
const leaf: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
)
const nested = fc.record({ x: leaf, y: leaf }, { requiredKeys: [], noNullPrototype: true })
const document = fc.record(
  { a: leaf, b: leaf, c: scalar, n: fc.oneof(nested, fc.array(nested, { maxLength: 3 })) },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Doc>

const paths = ['a', 'b', 'c', 'n.x', 'n.y']

const condition: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), scalar)
    .map(([operator, value]) => ({ [operator]: value })),
  fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $in: values })),
  fc.boolean().map((exists) => ({ $exists: exists })),
  fc.constantFrom<Value[]>(
    new BSONRegExp('^a', ''),
    new BSONRegExp('^ab?', ''),
    { $size: 1 },
    { $elemMatch: { $gt: 0, $lt: 2 } },
    [1, 2],
  ),
)
/** Filters and keys over few paths meet each other often, over many they vary more. */
const shapes = (names: readonly string[]) => {
  const path = fc.constantFrom(...names)
  const simple = fc.dictionary(path, condition, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Doc>
  const inner = fc.record({ x: condition, y: condition }, { noNullPrototype: true })
  const filter: fc.Arbitrary<Doc> = fc.oneof(
    { weight: 3, arbitrary: simple },
    fc.tuple(simple, fc.array(simple, { minLength: 1, maxLength: 3 })).map(([rest, $or]): Doc => ({ ...rest, $or })),
    fc.tuple(simple, simple).map(([x, y]): Doc => ({ $and: [x, y] })),
    inner.map(($elemMatch): Doc => ({ n: { $elemMatch } })),
  )
  const direction = fc.constantFrom<(1 | -1)[]>(1, -1)
  const key = fc
    .uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 3, selector: ([name]) => name })
    .map((fields): Doc => Object.fromEntries(fields))
  return {
    filter,
    indexes: fc.array(fc.tuple(key, option), { minLength: 1, maxLength: 4 }),
    sort: fc.oneof(fc.constant<Doc>({}), key),
  }
}

const option = fc.constantFrom<Doc[]>(
  {},
  {},
  {},
  { sparse: true },
  { partialFilterExpression: { c: { $gt: 0 } } },
  { partialFilterExpression: { a: { $exists: true } } },
)

const fill = (docs: readonly Doc[], specs: readonly (readonly [Doc, Doc])[]) => {
  const collection = makeCatalog(makeEphemeralStore()).create('db', 'c')
  specs.forEach(([indexKey, options], index) => {
    collection.createIndex(parseIndex({ key: { ...indexKey, [`z${index}`]: 1 }, name: `i${index}`, ...options }))
  })
  docs.forEach((doc, index) => {
    const whole = { _id: index, ...doc }
    try {
      collection.insert(encode(whole), whole)
    } catch (error) {
      // Two arrays in one compound index are refused, rightly.
      if (!(error instanceof MongoError) || error.codeName !== 'CannotIndexParallelArrays') throw error
    }
  })
  return collection
}

/** Documents whose arrays do not stand in each other's way: to sort the others is an error, whatever the plan. */
const sortable = (docs: readonly Doc[], order: ReturnType<typeof parseSort>): Doc[] =>
  docs.filter((doc) => {
    try {
      return sortKeys(doc, order).length >= 0
    } catch {
      return false
    }
  })

describe('the planner', () => {
  it.each([[paths], [['a']], [['n.x', 'n.y']], [['a', 'c']]])(
    'given any indexes on %s, when queried, then the result is that of the plain scan, in the order of the sort',
    (names) => {
      const { filter, indexes, sort } = shapes(names)
      fc.assert(
        fc.property(fc.array(document, { maxLength: 25 }), indexes, filter, sort, (docs, specs, wanted, order) => {
          const collection = fill(sortable(docs, parseSort(order)), specs)
          const query = { filter: parseFilter(wanted), sort: parseSort(order) }
          const ids = (hint?: 'natural') => Array.from(execute(collection, { ...query, hint }).rows, docOf)
          const found = ids()
          const plain = ids('natural')
          const numbers = (list: Doc[]) => list.map(({ _id }) => Number(_id)).sort((x, y) => x - y)
          expect(numbers(found)).toEqual(numbers(plain))
          found.slice(1).forEach((doc, index) => {
            const [before, after] = [sortKeys(found[index]!, query.sort), sortKeys(doc, query.sort)]
            expect(compareSortKeys(before, after, query.sort)).toBeLessThanOrEqual(0)
          })
        }),
        { numRuns: 2000 },
      )
    },
    30_000,
  )

  it('given writes and removals at random, then every index still holds exactly the documents', () => {
    const { filter, indexes } = shapes(paths)
    fc.assert(
      fc.property(fc.array(document, { minLength: 3, maxLength: 20 }), indexes, filter, (docs, specs, wanted) => {
        const collection = fill(docs, specs)
        for (const record of [...collection.records.values()]) {
          if (record.id % 3 === 0) collection.remove(record)
          if (record.id % 3 !== 1) continue
          const before = docOf(record)
          const after = { ...docs[(record.id * 7) % docs.length], _id: before._id ?? null }
          try {
            collection.replace(record, before, after, encode(after))
          } catch (error) {
            if (!(error instanceof MongoError) || error.codeName !== 'CannotIndexParallelArrays') throw error
          }
        }
        const run = (hint?: 'natural') =>
          Array.from(execute(collection, { filter: parseFilter(wanted), sort: [], hint }).rows, ({ id }) => id).sort(
            (x, y) => x - y,
          )
        expect(run()).toEqual(run('natural'))
      }),
      { numRuns: 500 },
    )
  }, 30_000)
})

const shop = () => {
  const docs = Array.from(
    { length: 2000 },
    (_, index): Doc => ({
      shop: index % 2,
      at: Math.floor(index / 4),
      sku: `sku-${String(index).padStart(4, '0')}`,
      tags: [`t${index % 5}`, `u${index % 7}`],
    }),
  )
  const collection = fill(docs, [])
  collection.createIndex(parseIndex({ key: { shop: 1, at: -1, _id: -1 }, name: 'keyset' }))
  collection.createIndex(parseIndex({ key: { sku: 1 }, name: 'sku', unique: true }))
  collection.createIndex(parseIndex({ key: { tags: 1, at: 1 }, name: 'tags' }))
  return collection
}

const examined = (filterSpec: Doc, sortSpec: Doc, limit?: number) => {
  const {
    plan,
    rows,
    examined: counts,
  } = execute(shop(), { filter: parseFilter(filterSpec), sort: parseSort(sortSpec), limit })
  const found = [...rows]
  return { kind: plan.kind, sorted: plan.kind === 'index' && plan.sorted, docs: counts.docs, found: found.length }
}

describe('the work of a query', () => {
  it.each([
    ['a unique key', { sku: 'sku-0100' }, {}, undefined, 1],
    ['an anchored pattern', { sku: new BSONRegExp('^sku-001', '') }, {}, undefined, 10],
    ['the first page', { shop: 1 }, { at: -1, _id: -1 }, 20, 20],
    ['the first page backwards', { shop: 1 }, { at: 1, _id: 1 }, 20, 20],
    [
      'a keyset page deep inside',
      { shop: 1, $or: [{ at: { $lt: 100 } }, { at: 100, _id: { $lt: 401 } }] },
      { at: -1, _id: -1 },
      20,
      20,
    ],
    ['both shops in one order', { shop: { $in: [0, 1] } }, { at: -1, _id: -1 }, 20, 21],
    ['a tag in order', { tags: 't1' }, { at: 1 }, 10, 10],
    ['ids', { _id: { $in: [5, 6, 7] } }, {}, undefined, 3],
    ['a union', { $or: [{ sku: 'sku-0001' }, { _id: 7 }] }, {}, undefined, 2],
  ] as [string, Doc, Doc, number | undefined, number][])(
    '%s reads no more than it must',
    (_name, wanted, order, limit, most) => {
      const { kind, docs, found } = examined(wanted, order, limit)
      expect(kind).toBe('index')
      expect(found).toBeGreaterThan(0)
      expect(docs).toBeLessThanOrEqual(most)
    },
  )

  it('given no index for it, then the collection is scanned', () => {
    expect(examined({ at: 3 }, {}).kind).toBe('collection')
  })
})
