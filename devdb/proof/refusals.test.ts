import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../testing.ts'

type Command = { readonly [field: string]: unknown }

let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient

beforeAll(async () => {
  server = await startInProcess()
  client = await mongoose.mongo.MongoClient.connect(server.url)
  const db = client.db('refusals')
  await db
    .collection<{ _id: number }>('c')
    .insertOne({ _id: 1, n: 1, text: 'a', list: [1], inner: { x: 1 } } as { _id: number })
  await db.collection('c').createIndex({ n: 1 })
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

/** The code of the command's error, or of its first write error; 0 when nothing was wrong with it. */
const codeOf = async (command: Command, database = 'refusals'): Promise<number> => {
  try {
    const reply = await client.db(database).command({ ...command })
    return reply.writeErrors?.[0]?.code ?? 0
  } catch (error) {
    return Number((error as { code?: number }).code ?? Number.NaN)
  }
}

const find = (filter: unknown): Command => ({ find: 'c', filter })
const pipeline = (...stages: unknown[]): Command => ({ aggregate: 'c', pipeline: stages, cursor: {} })
const compute = (expression: unknown): Command => pipeline({ $project: { result: expression } })
const update = (u: unknown, rest: object = {}): Command => ({ update: 'c', updates: [{ q: { _id: 1 }, u, ...rest }] })
const index = (specification: object): Command => ({ createIndexes: 'c', indexes: [specification] })

const unknownThings: readonly (readonly [string, number, Command])[] = [
  ['a command', 59, { frobnicate: 1 }],
  ['an option of find', 40_415, { find: 'c', frobnicate: 1 }],
  ['an option of insert', 40_415, { insert: 'c', documents: [{}], frobnicate: 1 }],
  ['an option of update', 40_415, { update: 'c', updates: [{ q: {}, u: {} }], frobnicate: 1 }],
  ['an option of an update statement', 40_415, update({ $set: { n: 1 } }, { frobnicate: 1 })],
  ['an option of delete', 40_415, { delete: 'c', deletes: [{ q: { _id: 9 }, limit: 1 }], frobnicate: 1 }],
  ['an option of a delete statement', 40_415, { delete: 'c', deletes: [{ q: { _id: 9 }, limit: 1, frobnicate: 1 }] }],
  ['an option of findAndModify', 40_415, { findAndModify: 'c', remove: true, query: { _id: 9 }, frobnicate: 1 }],
  ['an option of aggregate', 40_415, { ...pipeline(), frobnicate: 1 }],
  ['an option of count', 40_415, { count: 'c', frobnicate: 1 }],
  ['an option of distinct', 40_415, { distinct: 'c', key: 'n', frobnicate: 1 }],
  ['an option of create', 40_415, { create: 'd', frobnicate: 1 }],
  ['an option of drop', 40_415, { drop: 'nothing', frobnicate: 1 }],
  ['an option of collMod', 40_415, { collMod: 'c', frobnicate: 1 }],
  [
    'an option of createIndexes',
    40_415,
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }], frobnicate: 1 },
  ],
  ['an option of an index', 197, index({ key: { a: 1 }, name: 'a', frobnicate: 1 })],
  ['an option of dropIndexes', 40_415, { dropIndexes: 'c', index: 'none', frobnicate: 1 }],
  ['an option of listIndexes', 40_415, { listIndexes: 'c', frobnicate: 1 }],
  ['an option of listCollections', 40_415, { listCollections: 1, frobnicate: 1 }],
  ['an option of getMore', 40_415, { getMore: mongoose.mongo.Long.ONE, collection: 'c', frobnicate: 1 }],
  ['an option of a collation', 40_415, { find: 'c', collation: { locale: 'en', frobnicate: 1 } }],
  ['a locale of a collation', 2, { find: 'c', collation: { locale: 'frobnicate' } }],
  ['a level of a read concern', 2, { find: 'c', readConcern: { level: 'frobnicate' } }],
  ['an operator of a filter', 2, find({ n: { $frobnicate: 1 } })],
  ['an operator beside the fields', 2, find({ $frobnicate: 1 })],
  ['an operator below $not', 2, find({ n: { $not: { $frobnicate: 1 } } })],
  ['an operator below $elemMatch', 2, find({ list: { $elemMatch: { $frobnicate: 1 } } })],
  ['an expression below $expr', 168, find({ $expr: { $frobnicate: 1 } })],
  ['a keyword of $jsonSchema', 9, find({ $jsonSchema: { frobnicate: 1 } })],
  ['an update operator', 9, update({ $frobnicate: { n: 1 } })],
  ['a modifier of $push', 2, update({ $push: { list: { $each: [1], $frobnicate: 1 } } })],
  ['a stage', 40_324, pipeline({ $frobnicate: 1 })],
  ['a stage within $facet', 40_324, pipeline({ $facet: { a: [{ $frobnicate: 1 }] } })],
  ['a stage within $lookup', 40_324, pipeline({ $lookup: { from: 'c', as: 'x', pipeline: [{ $frobnicate: 1 }] } })],
  ['a stage of an update', 40_324, update([{ $frobnicate: 1 }])],
  ['an expression', 168, compute({ $add: [1, { $frobnicate: 1 }] })],
  ['an expression of a projection', 31_325, compute({ $frobnicate: 1 })],
  ['an expression of $addFields', 168, pipeline({ $addFields: { a: { $frobnicate: 1 } } })],
  ['an accumulator', 15_952, pipeline({ $group: { _id: null, a: { $frobnicate: 1 } } })],
  ['a variable', 17_276, compute('$$frobnicate')],
  [
    'an argument of $lookup',
    9,
    pipeline({ $lookup: { from: 'c', as: 'x', localField: 'a', foreignField: 'b', frobnicate: 1 } }),
  ],
  ['an argument of $unwind', 28_811, pipeline({ $unwind: { path: '$list', frobnicate: 1 } })],
  ['a kind of index', 67, index({ key: { a: 'frobnicate' }, name: 'a' })],
  ['a type', 2, find({ n: { $type: 'frobnicate' } })],
  ['an index of a hint', 2, { find: 'c', hint: 'frobnicate' }],
  ['an index to drop', 27, { dropIndexes: 'c', index: 'frobnicate' }],
  ['a verbosity', 2, { explain: { find: 'c' }, verbosity: 'frobnicate' }],
  ['a cursor', 43, { getMore: mongoose.mongo.Long.fromNumber(404), collection: 'c' }],
]

const wrongTypes: readonly (readonly [string, number, Command])[] = [
  ['a filter that is a number', 14, find(1)],
  ['a sort that is a text', 14, { find: 'c', sort: 'n' }],
  ['a projection that is a number', 14, { find: 'c', projection: 1 }],
  ['a limit that is a text', 14, { find: 'c', limit: 'ten' }],
  ['a pipeline that is a document', 14, { aggregate: 'c', pipeline: {}, cursor: {} }],
  ['a stage that is a number', 14, pipeline(1)],
  ['an aggregate without a cursor', 9, { aggregate: 'c', pipeline: [] }],
  ['documents that are one document', 14, { insert: 'c', documents: {} }],
  ['an insert without documents', 40_414, { insert: 'c' }],
  ['ordered that is a text', 14, { insert: 'c', documents: [{}], ordered: 'yes' }],
  ['an insert of nothing', 16, { insert: 'c', documents: [] }],
  ['an update of nothing', 16, { update: 'c', updates: [] }],
  ['a delete without a filter', 40_414, { delete: 'c', deletes: [{ limit: 1 }] }],
  ['a delete limit of two', 9, { delete: 'c', deletes: [{ q: {}, limit: 2 }] }],
  ['an _id that is an array', 53, { insert: 'c', documents: [{ _id: [1] }] }],
  ['a key of distinct that is a number', 14, { distinct: 'c', key: 1 }],
  ['a query of count that is a text', 14, { count: 'c', query: 'all' }],
  ['cursors to kill that are one', 14, { killCursors: 'c', cursors: mongoose.mongo.Long.ONE }],
  ['a cursor that is a text', 14, { getMore: 'one', collection: 'c' }],
  ['$in without an array', 2, find({ n: { $in: 1 } })],
  ['$and without an array', 2, find({ $and: {} })],
  ['$or of nothing', 2, find({ $or: [] })],
  ['$not of a number', 2, find({ n: { $not: 1 } })],
  ['$elemMatch of a number', 2, find({ list: { $elemMatch: 1 } })],
  ['$size below zero', 2, find({ list: { $size: -1 } })],
  ['$mod of one number', 2, find({ n: { $mod: [2] } })],
  ['$options without $regex', 2, find({ text: { $options: 'i' } })],
  ['a regular expression that is none', 51_091, find({ text: { $regex: '(' } })],
  ['$text without an index', 27, find({ $text: { $search: 'a' } })],
  ['$inc of a text', 14, update({ $inc: { text: 1 } })],
  ['$inc by a text', 14, update({ $inc: { n: 'one' } })],
  ['$push to a number', 2, update({ $push: { n: 1 } })],
  ['$pop by two', 9, update({ $pop: { list: 2 } })],
  ['$rename to a number', 2, update({ $rename: { n: 1 } })],
  ['a change of _id', 66, update({ $set: { _id: 2 } })],
  ['two operators on one path', 40, update({ $set: { n: 1 }, $inc: { n: 1 } })],
  ['a path with an empty name', 56, update({ $set: { 'a..b': 1 } })],
  ['an update through a number', 28, update({ $set: { 'n.x': 1 } })],
  ['a filter for arrays that is not used', 9, update({ $set: { n: 1 } }, { arrayFilters: [{ x: 1 }] })],
  ['a replacement of many', 9, update({ n: 1 }, { multi: true })],
  ['$match in an update', 72, update([{ $match: { n: 1 } }])],
  ['neither update nor remove', 9, { findAndModify: 'c', query: {} }],
  ['both update and remove', 9, { findAndModify: 'c', query: {}, remove: true, update: { $set: { n: 1 } } }],
  ['the removed document as it is new', 9, { findAndModify: 'c', query: {}, remove: true, new: true }],
  ['$limit of zero', 15_958, pipeline({ $limit: 0 })],
  ['$skip below zero', 5_107_200, pipeline({ $skip: -1 })],
  ['$sort by nothing', 15_976, pipeline({ $sort: {} })],
  ['$sort by two', 15_975, pipeline({ $sort: { n: 2 } })],
  ['$group without _id', 15_955, pipeline({ $group: { n: { $sum: 1 } } })],
  ['a $group field without accumulator', 40_234, pipeline({ $group: { _id: null, n: '$n' } })],
  ['two stages in one', 40_323, pipeline({ $limit: 1, $skip: 1 })],
  ['$project of a number', 15_969, pipeline({ $project: 1 })],
  ['$project of nothing', 51_272, pipeline({ $project: {} })],
  ['an exclusion among inclusions', 31_254, { find: 'c', projection: { n: 1, text: 0 } }],
  ['an inclusion among exclusions', 31_253, { find: 'c', projection: { n: 0, text: 1 } }],
  ['$unwind of a name', 28_818, pipeline({ $unwind: 'list' })],
  ['$count of no name', 40_157, pipeline({ $count: '' })],
  ['$count of a number', 40_156, pipeline({ $count: 1 })],
  ['$match of a number', 15_959, pipeline({ $match: 1 })],
  ['$addFields of a number', 40_272, pipeline({ $addFields: 1 })],
  ['$out before the end', 40_601, pipeline({ $out: 'd' }, { $limit: 1 })],
  ['$add of a text', 14, compute({ $add: ['$text', 1] })],
  ['$divide by zero', 2, compute({ $divide: ['$n', 0] })],
  ['$subtract of one', 16_020, compute({ $subtract: [1] })],
  ['no index to create', 2, { createIndexes: 'c', indexes: [] }],
  ['an index of direction zero', 67, index({ key: { a: 0 }, name: 'a' })],
  ['an index without a name', 9, index({ key: { a: 1 } })],
  ['an expiry of two fields', 67, index({ key: { a: 1, b: 1 }, name: 'a', expireAfterSeconds: 1 })],
  [
    'a sparse and partial index',
    67,
    index({ key: { a: 1 }, name: 'a', sparse: true, partialFilterExpression: { a: 1 } }),
  ],
  ['the _id index to drop', 72, { dropIndexes: 'c', index: '_id_' }],
  ['an empty name of a collection', 73, { find: '' }],
  ['a capped collection without a size', 72, { create: 'd', capped: true }],
  ['a validator with an unknown operator', 2, { create: 'd', validator: { n: { $frobnicate: 1 } } }],
  ['indexes of no collection', 26, { listIndexes: 'nothing' }],
]

describe('what MongoDB does not know', () => {
  it.each(unknownThings)('given %s, then the code is %i', async (_name, code, command) => {
    expect(await codeOf(command)).toBe(code)
  })

  it('given bulkWrite outside admin, then it is unauthorized', async () => {
    expect(await codeOf({ bulkWrite: 1, ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'a.b' }] })).toBe(13)
  })
})

describe('what is of the wrong type or in the wrong place', () => {
  it.each(wrongTypes)('given %s, then the code is %i', async (_name, code, command) => {
    expect(await codeOf(command)).toBe(code)
  })

  it('given all of these, then nothing was changed', async () => {
    const db = client.db('refusals')
    expect(await db.collection('c').find().toArray()).toEqual([{ _id: 1, n: 1, text: 'a', list: [1], inner: { x: 1 } }])
    expect((await db.collection('c').indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1'])
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['c'])
  })
})
