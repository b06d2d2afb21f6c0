import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>
type Plain = Record<string, unknown>

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client
let number = 0
const name = () => `v${number}`
const db = () => client.db('valid')
const fresh = () => db().collection<Plain>(name())
const make = (options: Plain) => db().command({ create: name(), ...options })

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(() => {
  number++
})

const validator = { a: { $gt: 0 } }

describe('a validator', () => {
  it('given every way to write, then a document that fails it is refused with code 121', async () => {
    await make({ validator })
    await fresh().insertOne({ _id: 1, a: 1 } as never)
    const writes = [
      () => fresh().insertOne({ a: 0 }),
      () => fresh().updateOne({ _id: 1 as never }, { $set: { a: 0 } }),
      () => fresh().updateOne({ _id: 1 as never }, [{ $set: { a: -1 } }]),
      () => fresh().replaceOne({ _id: 1 as never }, { b: 1 }),
      () => fresh().updateOne({ _id: 2 as never }, { $set: { a: 0 } }, { upsert: true }),
      () => fresh().findOneAndUpdate({ _id: 1 as never }, { $inc: { a: -5 } } as never),
      () => fresh().bulkWrite([{ insertOne: { document: { a: 0 } } }]),
      () => client.bulkWrite([{ name: 'insertOne', namespace: `valid.${name()}`, document: { a: 0 } as never }]),
    ]
    for (const write of writes) {
      const error = await write().catch((caught) => caught)
      const { code } = error.writeErrors instanceof Map ? error.writeErrors.get(0) : error
      expect(code).toBe(121)
    }
    expect(await fresh().find().toArray()).toEqual([{ _id: 1, a: 1 }])
  })

  it('given bypassDocumentValidation, then it is written', async () => {
    await make({ validator })
    await fresh().insertOne({ _id: 1, a: 0 } as never, { bypassDocumentValidation: true })
    await fresh().updateOne({ _id: 1 as never }, { $set: { b: 1 } }, { bypassDocumentValidation: true })
    expect(await fresh().countDocuments({ b: 1 })).toBe(1)
  })

  it('given the level moderate, then documents that failed before may stay wrong; strict refuses them', async () => {
    await fresh().insertMany([
      { _id: 1, a: 0 },
      { _id: 2, a: 1 },
    ] as never)
    await db().command({ collMod: name(), validator, validationLevel: 'moderate' })
    await fresh().updateOne({ _id: 1 as never }, { $set: { b: 1 } })
    await expect(fresh().updateOne({ _id: 2 as never }, { $set: { a: 0 } })).rejects.toMatchObject({ code: 121 })
    await db().command({ collMod: name(), validationLevel: 'strict' })
    await expect(fresh().updateOne({ _id: 1 as never }, { $set: { b: 2 } })).rejects.toMatchObject({ code: 121 })
    await db().command({ collMod: name(), validationLevel: 'off' })
    await fresh().updateOne({ _id: 1 as never }, { $set: { b: 3 } })
    expect(await db().command({ validate: name() })).toMatchObject({ valid: true })
  })

  it('given the action warn, then it is written', async () => {
    await make({ validator, validationAction: 'warn' })
    await fresh().insertOne({ a: 0 })
    expect(await fresh().countDocuments()).toBe(1)
  })

  it('given a comparison, then errInfo tells what failed', async () => {
    await make({ validator })
    const error = await fresh()
      .insertOne({ _id: 7, a: -3 } as never)
      .catch((caught) => caught)
    expect(error.errInfo).toEqual({
      failingDocumentId: 7,
      details: {
        operatorName: '$gt',
        specifiedAs: { a: { $gt: 0 } },
        reason: 'comparison failed',
        consideredValue: -3,
      },
    })
  })

  it.each<[Plain, Plain, Plain]>([
    [
      { a: 1 },
      { a: 2 },
      { operatorName: '$eq', specifiedAs: { a: 1 }, reason: 'comparison failed', consideredValue: 2 },
    ],
    [{ a: { $gt: 5 } }, { a: [1] }, { reason: 'comparison failed', consideredValues: [1, [1]] }],
    [{ a: { $gt: 5 } }, {}, { reason: 'field was missing' }],
    [{ a: { $exists: true } }, {}, { reason: 'path does not exist' }],
    [{ a: { $exists: false } }, { a: 1 }, { operatorName: '$exists', reason: 'path does exist' }],
    [
      { a: { $ne: 1 } },
      { a: 1 },
      { operatorName: '$ne', specifiedAs: { a: { $ne: 1 } }, reason: 'comparison succeeded' },
    ],
    [{ a: { $size: 1 } }, { a: [1, 2] }, { consideredValue: [1, 2] }],
    [
      { a: { $type: 'int' } },
      { a: 'x' },
      { reason: 'type did not match', consideredValue: 'x', consideredType: 'string' },
    ],
    [{ a: { $all: [1, 2] } }, { a: [1] }, { operatorName: '$all', consideredValue: [1] }],
    [
      { a: { $not: { $gt: 1 } } },
      { a: 7 },
      { operatorName: '$not', details: { operatorName: '$gt', reason: 'comparison succeeded', consideredValue: 7 } },
    ],
    [
      { $nor: [{ a: 1 }] },
      { a: 1 },
      { operatorName: '$nor', clausesSatisfied: [{ index: 0, details: { specifiedAs: { a: 1 } } }] },
    ],
    [
      { $expr: { $eq: ['$a', '$b'] } },
      { a: 1, b: 2 },
      { operatorName: '$expr', reason: 'expression did not match', expressionResult: false },
    ],
  ])('given the validator %j and %j, then errInfo tells %j', async (rules, wrong, details) => {
    await make({ validator: rules })
    await expect(fresh().insertOne(wrong as never)).rejects.toMatchObject({ code: 121, errInfo: { details } })
  })

  it('given $jsonSchema, then errInfo lists the rules that are not satisfied', async () => {
    await make({ validator: { $jsonSchema: { required: ['sku'], properties: { price: { bsonType: 'int' } } } } })
    const error = await fresh()
      .insertOne({ _id: 7, price: 'x' } as never)
      .catch((caught) => caught)
    expect(error).toMatchObject({ code: 121, message: 'Document failed validation' })
    expect(error.errInfo).toMatchObject({ failingDocumentId: 7, details: { operatorName: '$jsonSchema' } })
    const { schemaRulesNotSatisfied: rules } = error.errInfo.details
    expect(rules.map(({ operatorName }: Plain) => operatorName).sort()).toEqual(['properties', 'required'])
    await fresh().insertOne({ sku: 's', price: 5 })
  })

  it('given an empty validator, then it takes the old one away', async () => {
    await make({ validator })
    await db().command({ collMod: name(), validator: {} })
    await fresh().insertOne({ a: 0 })
    const [listed] = await db().listCollections({ name: name() }).toArray()
    expect(listed).toMatchObject({ options: {} })
  })
})
