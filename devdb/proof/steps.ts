import fc from 'fast-check'

/** A command as a client sends it, without its database. */
export type Command = { readonly [field: string]: unknown }

/** One command, or several in one transaction. */
export type Step = Command | { readonly transaction: readonly Command[]; readonly commit: boolean }

export const isTransaction = (step: Step): step is { transaction: readonly Command[]; commit: boolean } =>
  Array.isArray(step.transaction)

const collections = ['c', 'd']
const collection = fc.constantFrom(...collections)

/** More than any collection here holds: a cursor never has a second batch. */
const batchSize = 1_000

const id = fc.integer({ min: 0, max: 7 })
const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -2, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(0.5, -1.5) },
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'b', 'B') },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
)
const list = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', null)), { maxLength: 3 })
const subdocument = fc.record({ x: scalar, y: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] })
const items = fc.array(fc.record({ k: fc.constantFrom('p', 'q'), n: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 })

/** `a` holds anything, `q` a whole number or nothing, `u` what may be unique. */
const fields = {
  a: fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: list }, { weight: 1, arbitrary: subdocument }),
  q: fc.integer({ min: -3, max: 3 }),
  u: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b')),
  tags: list,
  sub: subdocument,
  items,
}
const document = fc.tuple(id, fc.record(fields, { requiredKeys: [] })).map(([_id, rest]) => ({ _id, ...rest }))

const paths = [
  '_id',
  'a',
  'q',
  'u',
  'tags',
  'sub',
  'sub.x',
  'sub.y',
  'items.n',
  'items.k',
  'a.x',
  'tags.0',
  'none',
] as const
const path = fc.constantFrom(...paths)
const operand = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: list },
  { weight: 1, arbitrary: subdocument },
)

const condition = fc.oneof(
  { weight: 3, arbitrary: operand },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne'), scalar)
      .map(([name, value]) => ({ [name]: value })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('$in', '$nin'), fc.array(operand, { maxLength: 3 }))
      .map(([name, values]) => ({ [name]: values })),
  },
  { weight: 1, arbitrary: fc.boolean().map((there) => ({ $exists: there })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((size) => ({ $size: size })) },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 2 }).map((values) => ({ $all: values })) },
  { weight: 1, arbitrary: fc.tuple(scalar, scalar).map(([from, to]) => ({ $gte: from, $lte: to })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('$gt', '$lt'), scalar).map(([name, value]) => ({ $not: { [name]: value } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
      .map(([from, to]) => ({ $elemMatch: { $gte: from, $lte: to } })),
  },
)

const simpleFilter = fc.dictionary(path, condition, { maxKeys: 2, noNullPrototype: true })
const elementFilter = fc
  .record({ k: fc.constantFrom('p', 'q'), n: fc.integer({ min: 0, max: 3 }).map((n) => ({ $gte: n })) })
  .map((inner) => ({ items: { $elemMatch: inner } }))
const filter = fc.oneof(
  { weight: 6, arbitrary: simpleFilter },
  { weight: 1, arbitrary: elementFilter },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('$or', '$and', '$nor'), fc.array(simpleFilter, { minLength: 1, maxLength: 3 }))
      .map(([name, parts]) => ({ [name]: parts })),
  },
)

/** Every order ends in _id: servers are free in the order of equals. */
const sort = fc
  .tuple(fc.constantFrom('a', 'q', 'tags', 'sub.x', 'none'), fc.constantFrom(1, -1), fc.constantFrom(1, -1))
  .map(([first, direction, last]) => ({ [first]: direction, _id: last }))

const projection = fc.oneof(
  fc.constantFrom(
    { a: 1 },
    { _id: 0, q: 1, 'sub.x': 1 },
    { tags: 0 },
    { 'items.n': 1 },
    { 'sub.y': 0, _id: 0 },
    { 'items.k': 0 },
  ),
)

/** Halves stay halves: the model has one kind of number, and 1.0 in place of 1 is a change to a server. */
const factor = fc.constantFrom(3, -1)
const amount = fc.integer({ min: -2, max: 3 })
/** Updates of one document may fail in every way; the reply says in which. */
const anyUpdate = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('$set', '$min', '$max'),
      fc.constantFrom('a', 'u', 'sub.x', 'a.x', 'tags.1', 'new.deep.path'),
      operand,
    )
    .map(([name, at, value]) => ({ [name]: { [at]: value } })),
  fc
    .tuple(fc.constantFrom('q', 'a', 'sub.y', 'none'), amount, factor, fc.boolean())
    .map(([at, by, times, isSum]) => (isSum ? { $inc: { [at]: by } } : { $mul: { [at]: times } })),
  fc.constantFrom('a', 'q', 'sub.x', 'sub', 'none').map((at) => ({ $unset: { [at]: '' } })),
  fc
    .tuple(fc.constantFrom('$push', '$addToSet', '$pull'), fc.constantFrom('tags', 'a', 'new'), scalar)
    .map(([name, at, value]) => ({ [name]: { [at]: value } })),
  fc
    .tuple(fc.constantFrom('$push', '$addToSet'), fc.array(scalar, { maxLength: 3 }))
    .map(([name, values]) => ({ [name]: { tags: { $each: values } } })),
  fc.constantFrom(1, -1).map((end) => ({ $pop: { tags: end } })),
  fc
    .constantFrom(['q', 'r'], ['a', 'u'], ['none', 'x'], ['sub.x', 'y'])
    .map(([from = '', to = '']) => ({ $rename: { [from]: to } })),
  fc.tuple(amount, scalar).map(([by, value]) => ({ $inc: { q: by }, $set: { a: value }, $setOnInsert: { u: 9 } })),
  fc.record({ a: scalar, q: fc.integer({ min: 0, max: 3 }) }),
)
/** Updates of many cannot fail half-way: which documents came first is the server's choice. */
const safeUpdate = fc.oneof(
  fc.integer({ min: -2, max: 3 }).map((by) => ({ $inc: { q: by } })),
  scalar.map((value) => ({ $set: { flag: value } })),
  fc.integer({ min: 0, max: 3 }).map((value) => ({ $max: { q: value } })),
  fc.constant({ $unset: { a: '' } }),
)

const one = fc.tuple(id, simpleFilter).map(([_id, rest]) => ({ ...rest, _id }))

const insert = fc
  .tuple(collection, fc.array(document, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([name, documents, ordered]) => ({ insert: name, documents, ordered }))
const updateOne = fc.tuple(collection, one, anyUpdate).map(([name, q, u]) => ({ update: name, updates: [{ q, u }] }))
/** What an upsert inserts begins with the equalities of its filter, so those are kept plain. */
const upsert = fc
  .tuple(collection, id, fc.constantFrom('a', 'sub.x', undefined), scalar, anyUpdate)
  .map(([name, _id, at, value, u]) => ({
    update: name,
    updates: [{ q: { _id, ...(at !== undefined && { [at]: value }) }, u, upsert: true }],
  }))
const updateMany = fc
  .tuple(collection, filter, safeUpdate)
  .map(([name, q, u]) => ({ update: name, updates: [{ q, u, multi: true }] }))
const deleteOne = fc.tuple(collection, one).map(([name, q]) => ({ delete: name, deletes: [{ q, limit: 1 }] }))
const deleteMany = fc.tuple(collection, simpleFilter).map(([name, q]) => ({ delete: name, deletes: [{ q, limit: 0 }] }))
const findAndModify = fc
  .tuple(collection, filter, sort, fc.oneof(anyUpdate, fc.constant(undefined)), fc.boolean())
  .map(([name, query, order, update, after]) => ({
    findAndModify: name,
    query,
    sort: order,
    ...(update === undefined ? { remove: true } : { update, new: after }),
  }))
const find = fc
  .tuple(collection, filter, fc.option(sort), fc.option(projection), fc.nat(3), fc.nat(4))
  .map(([name, query, order, fieldsWanted, skip, limit]) => ({
    find: name,
    filter: query,
    batchSize,
    ...(order !== null && { sort: order, skip, limit }),
    ...(fieldsWanted !== null && { projection: fieldsWanted }),
  }))
const count = fc.tuple(collection, filter).map(([name, query]) => ({ count: name, query }))
const distinct = fc
  .tuple(collection, fc.constantFrom('a', 'q', 'tags', 'sub.x', 'items.n'), simpleFilter)
  .map(([name, key, query]) => ({ distinct: name, key, query }))
const group = fc.constantFrom(
  { _id: '$q', n: { $sum: 1 } },
  { _id: '$sub.y', most: { $max: '$q' }, least: { $min: '$q' } },
  { _id: null, total: { $sum: '$q' } },
)
const aggregate = fc
  .tuple(collection, filter, fc.option(group), fc.option(sort), fc.boolean())
  .map(([name, query, by, order, unwound]) => ({
    aggregate: name,
    pipeline: [
      { $match: query },
      ...(unwound ? [{ $unwind: '$tags' }] : []),
      ...(by === null ? [] : [{ $group: by }, { $sort: { _id: 1 } }]),
      ...(by === null && order !== null && !unwound ? [{ $sort: order }, { $limit: 3 }] : []),
    ],
    cursor: { batchSize },
  }))

const indexes = [
  { key: { a: 1 }, name: 'a_1' },
  { key: { q: -1, a: 1 }, name: 'q_-1_a_1' },
  { key: { u: 1 }, name: 'u_1', unique: true },
  { key: { u: 1 }, name: 'u_sparse', unique: true, sparse: true },
  { key: { tags: 1 }, name: 'tags_1' },
  { key: { 'sub.x': 1, q: 1 }, name: 'sub.x_1_q_1' },
  { key: { 'items.n': 1 }, name: 'items.n_1' },
] as const
const createIndex = fc
  .tuple(collection, fc.constantFrom(...indexes))
  .map(([name, index]) => ({ createIndexes: name, indexes: [index] }))
const dropIndex = fc
  .tuple(collection, fc.constantFrom(...indexes))
  .map(([name, index]) => ({ dropIndexes: name, index: index.name }))

/** What transactions allow; `count` is not among it. */
const transactional = fc.oneof(
  insert,
  updateOne,
  upsert,
  updateMany,
  deleteOne,
  findAndModify,
  find,
  distinct,
  aggregate,
)

const command = fc.oneof(
  { weight: 6, arbitrary: insert },
  { weight: 6, arbitrary: updateOne },
  { weight: 2, arbitrary: upsert },
  { weight: 2, arbitrary: updateMany },
  { weight: 2, arbitrary: deleteOne },
  { weight: 1, arbitrary: deleteMany },
  { weight: 3, arbitrary: findAndModify },
  { weight: 8, arbitrary: find },
  { weight: 2, arbitrary: count },
  { weight: 2, arbitrary: distinct },
  { weight: 3, arbitrary: aggregate },
  { weight: 2, arbitrary: createIndex },
  { weight: 1, arbitrary: dropIndex },
)

const transaction = fc.record({
  transaction: fc.array(transactional, { minLength: 1, maxLength: 4 }),
  commit: fc.boolean(),
})

/** What a client may do to one database, step by step; with transactions only where servers have them. */
export const stepsOf = ({ transactions }: { transactions: boolean }): fc.Arbitrary<Step[]> => {
  const step: fc.Arbitrary<Step> = transactions
    ? fc.oneof({ weight: 9, arbitrary: command }, { weight: 1, arbitrary: transaction })
    : command
  return fc.array(step, { minLength: 1, maxLength: 30, size: 'max' })
}
