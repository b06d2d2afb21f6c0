import { Binary, BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCollation } from '../bson/collation.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { countMatches, execute } from '../query/executor.ts'
import { parseFilter } from '../query/matcher.ts'
import { leavesOf } from '../query/paths.ts'
import { plainScope } from '../query/scope.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { makeCatalog } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf } from '../storage/records.ts'
import { makeEphemeralStore } from '../storage/store.ts'
import { parseIndex } from './definition.ts'
import { makeLiveIndex } from './liveIndex.ts'

const kinds: readonly Value[] = [
  null,
  new MinKey() as Value,
  new MaxKey() as Value,
  0,
  1,
  2,
  1.5,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  new Double(1),
  Long.fromNumber(1),
  Long.fromString('9007199254740993'),
  Decimal128.fromString('1.0'),
  Decimal128.fromString('1.1'),
  '',
  'a',
  'A',
  'ab',
  'á',
  'b',
  { x: 1 },
  { y: 'a', x: 1 },
  {},
  new Binary(Buffer.from([1, 2]), 0),
  new ObjectId('0123456789abcdef01234567'),
  true,
  false,
  new Date(0),
  new Date(-1),
  Timestamp.fromBits(1, 2),
  new BSONRegExp('^a', 'i'),
]

const scalar = fc.constantFrom(...kinds)
const leaf: fc.Arbitrary<Value> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
)
const inner = fc.record({ x: leaf, y: leaf }, { requiredKeys: [], noNullPrototype: true })
const document = fc.record(
  { a: leaf, b: leaf, n: fc.oneof(scalar, inner, fc.array(inner, { maxLength: 3 })) },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Doc>

const comparable = scalar.filter((value) => !(value instanceof BSONRegExp))
const condition: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  fc.array(comparable, { maxLength: 2 }),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), comparable)
    .map(([operator, value]) => ({ [operator]: value })),
  fc.tuple(comparable, comparable).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 4 }).map((values) => ({ $in: values })),
  fc.array(scalar, { maxLength: 2 }).map((values) => ({ $nin: values })),
  fc.tuple(fc.constantFrom('$gt', '$lte'), comparable).map(([operator, value]) => ({ $not: { [operator]: value } })),
  fc.boolean().map((exists) => ({ $exists: exists })),
  fc.tuple(comparable, comparable).map(([low, high]) => ({ $elemMatch: { $gte: low, $lte: high } })),
  fc.constantFrom<Value[]>({ $size: 1 }, { $mod: [2, 1] }, { $type: 'string' }, { $regex: '^a' }),
)

const paths = ['a', 'b', 'n', 'n.x', 'n.y']
const path = fc.constantFrom(...paths)
const simple = fc.dictionary(path, condition, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Doc>
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 3, arbitrary: simple },
  fc.tuple(simple, fc.array(simple, { minLength: 1, maxLength: 3 })).map(([rest, $or]): Doc => ({ ...rest, $or })),
  fc.tuple(simple, simple).map(([x, y]): Doc => ({ $and: [x, { $nor: [y] }] })),
  fc
    .record({ x: condition, y: condition }, { noNullPrototype: true })
    .map(($elemMatch): Doc => ({ n: { $elemMatch } })),
)

const direction = fc.constantFrom<(1 | -1)[]>(1, -1)
const key = fc
  .uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 3, selector: ([name]) => name })
  .map((fields): Doc => Object.fromEntries(fields))
const collations: readonly (Doc | undefined)[] = [
  undefined,
  undefined,
  { locale: 'en', strength: 1 },
  { locale: 'en', strength: 2 },
]
const option = fc.constantFrom<Doc[]>(
  {},
  {},
  { sparse: true },
  { hidden: true },
  { partialFilterExpression: { a: { $gt: 0 } } },
  { partialFilterExpression: { b: 'a' } },
  { collation: { locale: 'en', strength: 1 } },
  { collation: { locale: 'en', strength: 2 } },
)
const index: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(key, option).map(([fields, options]): Doc => ({ key: fields, ...options })) },
  fc.constantFrom<Doc[]>(
    { key: { a: 'hashed' } },
    { key: { a: 'hashed', b: 1 } },
    { key: { '$**': 1 } },
    { key: { 'n.$**': 1 } },
    { key: { '$**': 1 }, wildcardProjection: { a: 1, n: 1 } },
    { key: { '$**': 1 }, wildcardProjection: { b: 0 } },
  ),
)

const refusals = ['CannotIndexParallelArrays', 'Location16766', 'BadValue']

/** Undefined when it is refused, rightly: two arrays in one compound index or sort, or one in a hashed index. */
const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof MongoError) || !refusals.includes(error.codeName)) throw error
    return undefined
  }
}

const fill = (docs: readonly Doc[], specs: readonly Doc[]): Collection => {
  const collection = makeCatalog(makeEphemeralStore()).create('db', 'c')
  for (const [at, spec] of specs.entries()) {
    attempt(() => collection.createIndex(parseIndex({ ...spec, name: `i${at}` })))
  }
  docs.forEach((doc, at) => {
    const whole = { _id: at, ...doc }
    attempt(() => collection.insert(encode(whole), whole))
  })
  return collection
}

const distinctSpecs = (specs: readonly Doc[]): Doc[] => {
  const seen = new Set<string>()
  return specs.filter((spec) => {
    const { hidden: _hidden, ...own } = spec
    const text = JSON.stringify(own)
    return seen.size < seen.add(text).size
  })
}

const some = fc.array(index, { minLength: 1, maxLength: 4 }).map(distinctSpecs)
const docs = fc.array(document, { maxLength: 20 })

const rebuilt = (collection: Collection): void => {
  for (const live of collection.indexes) {
    const fresh = makeLiveIndex(live.definition, 'db.c')
    fresh.build(collection.records.values(), docOf)
    expect(live.entries.entries()).toEqual(fresh.entries.entries())
  }
}

describe('queries with indexes', () => {
  test('given any documents and indexes, when queried, then the result is that of the plain scan, in the order of the sort', () => {
    const order = fc.oneof(fc.constant<Doc>({}), key)
    fc.assert(
      fc.property(docs, some, filter, order, fc.constantFrom(...collations), (given, specs, wanted, by, collated) => {
        const collection = fill(given, specs)
        const scope = { ...plainScope(), collation: parseCollation(collated) }
        const query = { filter: parseFilter(wanted, scope), sort: parseSort(by, scope) }
        const plain = attempt(() => Array.from(execute(collection, { ...query, hint: 'natural' }).rows, docOf))
        if (plain === undefined) return
        const found = Array.from(execute(collection, query).rows, docOf)
        const ids = (list: readonly Doc[]) => list.map(({ _id }) => Number(_id)).sort((x, y) => x - y)
        expect(ids(found)).toEqual(ids(plain))
        found.slice(1).forEach((doc, at) => {
          const [before, after] = [sortKeys(found[at]!, query.sort), sortKeys(doc, query.sort)]
          expect(compareSortKeys(before, after, query.sort)).toBeLessThanOrEqual(0)
        })
      }),
      { numRuns: 3000 },
    )
  }, 120_000)

  test('given any documents and indexes, when counted, skipped, limited or asked for distinct values, then it is what the plain scan says', () => {
    const small = fc.integer({ min: 0, max: 5 })
    fc.assert(
      fc.property(docs, some, filter, fc.tuple(small, small), path, (given, specs, wanted, [skip, most], field) => {
        const collection = fill(given, specs)
        const query = { filter: parseFilter(wanted), sort: [] }
        const limit = most === 0 ? undefined : most
        const plain = [...execute(collection, { ...query, hint: 'natural' }).rows]
        const part = Math.min(limit ?? Number.POSITIVE_INFINITY, Math.max(0, plain.length - skip))
        expect(countMatches(collection, { ...query, skip, limit }).count).toBe(part)
        expect([...execute(collection, { ...query, skip, limit }).rows]).toHaveLength(part)
        const first = [...execute(collection, { ...query, sort: parseSort({ a: 1 }), limit }).rows]
        expect(first).toHaveLength(Math.min(limit ?? plain.length, plain.length))
        const values = (rows: Iterable<{ id: number; bytes: Buffer }>) =>
          new Set(
            Array.from(rows)
              .flatMap((row) => leavesOf(docOf(row), field.split('.')))
              .map((v) => JSON.stringify(v)),
          )
        const leaped = execute(collection, { ...query, distinct: field })
        const [few, all] = [values(leaped.rows), values(plain)]
        // One record of each value is enough; 1 and 1.0 are one value.
        if (!leaped.leaps) expect(few).toEqual(all)
        else expect([...few].every((value) => all.has(value)) && few.size > 0 === all.size > 0).toBe(true)
      }),
      { numRuns: 1500 },
    )
  }, 120_000)
})

describe('indexes under writes', () => {
  test('given any writes, then every index equals one that is built anew from the documents', () => {
    const write = fc.tuple(fc.constantFrom('insert', 'replace', 'remove'), fc.nat({ max: 30 }), document)
    fc.assert(
      fc.property(docs, some, fc.array(write, { maxLength: 30 }), (given, specs, writes) => {
        const collection = fill(given, specs)
        for (const [kind, at, doc] of writes) {
          const record = [...collection.records.values()][at]
          if (kind === 'insert') {
            const whole = { _id: 1000 + at, ...doc }
            if (execute(collection, { filter: parseFilter({ _id: 1000 + at }), sort: [] }).rows.next().done)
              attempt(() => collection.insert(encode(whole), whole))
          } else if (record !== undefined && kind === 'remove') collection.remove(record)
          else if (record !== undefined) {
            const before = docOf(record)
            const after = { _id: before._id!, ...doc }
            attempt(() => collection.replace(record, before, after, encode(after)))
          }
        }
        rebuilt(collection)
      }),
      { numRuns: 500 },
    )
  }, 120_000)
})

test('given an empty array on the path of a sparse index, then $ne null still finds its document', () => {
  const collection = fill([{ n: [] }, { n: { x: 1 } }], [{ key: { 'n.x': 1 }, sparse: true }])
  const rows = execute(collection, { filter: parseFilter({ 'n.x': { $ne: null } }), sort: [] }).rows
  expect(Array.from(rows, docOf).map(({ _id }) => _id)).toEqual([0, 1])
})
