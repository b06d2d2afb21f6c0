import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines

const docs: Row[] = Array.from({ length: 40 }, (_, n) => ({
  _id: n,
  a: n % 5,
  b: n % 3 === 0 ? null : n % 7,
  list: Array.from({ length: n % 4 }, (_unused, at) => (n + at) % 6),
  in: { x: n % 4, y: [{ z: n % 2 }, { z: n % 3 }] },
  ...(n % 6 === 0 ? { rare: true } : {}),
}))

beforeAll(async () => {
  pipelines = await startPipelines()
  const { db } = pipelines
  await db.collection<Row>('plain').insertMany(docs as never)
  await db.collection<Row>('indexed').insertMany(docs as never)
  await db
    .collection('indexed')
    .createIndexes([{ key: { a: 1, b: -1 } }, { key: { list: 1 } }, { key: { 'in.x': 1 } }, { key: { 'in.y.z': 1 } }])
})

afterAll(() => pipelines.stop())

const path = fc.constantFrom('_id', 'a', 'b', 'list', 'in.x', 'in.y.z', 'rare', 'new')
const value = fc.oneof(fc.integer({ min: 0, max: 7 }), fc.constant(null))

const condition: fc.Arbitrary<Row> = fc
  .tuple(path, fc.constantFrom('$eq', '$gt', '$lte', '$ne', '$exists'), value)
  .map(([field, operator, operand]) => ({
    [field]: { [operator]: operator === '$exists' ? operand !== null : operand },
  }))

const filter: fc.Arbitrary<Row> = fc.oneof(
  condition,
  fc.tuple(condition, condition).map((both) => ({ $and: both })),
  fc.tuple(condition, condition).map((both) => ({ $or: both })),
)

// A limit is only decided where the order is: each sort ends with the _id, and what is unwound differs in its index.
const total = { _id: 1, at: 1 }

const stage: fc.Arbitrary<readonly Row[]> = fc.oneof(
  { weight: 3, arbitrary: filter.map((spec) => [{ $match: spec }]) },
  fc.tuple(fc.constantFrom('a', 'in.x', 'new'), path).map(([to, from]) => [{ $set: { [to]: `$${from}` } }]),
  path.filter((field) => field !== '_id').map((field) => [{ $unset: field }]),
  fc.constant([{ $unwind: { path: '$list', includeArrayIndex: 'at' } }]),
  fc
    .constantFrom<Row>({ in: 0 }, { a: 1, b: 1, at: 1 }, { list: 1, new: '$a', at: 1 })
    .map((spec) => [{ $project: spec }]),
  fc
    .tuple(fc.constantFrom('a', 'b', 'in.x'), fc.constantFrom(1, -1), fc.nat(5), fc.integer({ min: 1, max: 20 }))
    .map(([field, direction, skip, limit]) => [
      { $sort: { [field]: direction, ...total } },
      { $skip: skip },
      { $limit: limit },
    ]),
)

it('given any pipeline, when moved around and served by indexes, then the result is that of its stages in turn', async () => {
  const inTurn = (stages: readonly Row[]) => pipelines.over(docs, ...stages, { $sort: total })
  await fc.assert(
    fc.asyncProperty(fc.array(stage, { minLength: 1, maxLength: 5 }), async (parts) => {
      const stages = parts.flat()
      const expected = await inTurn(stages)
      for (const name of ['plain', 'indexed'])
        expect(await pipelines.run(name, [...stages, { $sort: total }])).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})
