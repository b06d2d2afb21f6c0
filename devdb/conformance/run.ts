import mongoose from 'mongoose'
import type { Call, Operations } from './calls.ts'
import { collectionOperations } from './collectionOperations.ts'
import { databaseOperations } from './databaseOperations.ts'
import { type Entities, makeEntities } from './entities.ts'
import { eventsMismatch } from './events.ts'
import { errorMismatch } from './expectedErrors.ts'
import { inequality, mismatch } from './matching.ts'
import { AssertionError, runnerOperations } from './runnerOperations.ts'
import type { CollectionData, Document, Operation, TestCase, TestFile } from './testFile.ts'

const { AbstractCursor, ChangeStream, ClientSession } = mongoose.mongo

const operationLimitMs = 10_000

const operations: Operations = { ...collectionOperations, ...databaseOperations, ...runnerOperations }

export type Target = { readonly url: string; readonly internal: mongoose.mongo.MongoClient }

type Run = Target & { readonly entities: Entities; readonly failPoints: Set<string> }

const inTime = async (name: string, work: unknown): Promise<unknown> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new AssertionError(`${name} did not end within 10 s`)), operationLimitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const withEntities = (args: Document, entities: Entities): Document =>
  typeof args.session === 'string'
    ? { ...args, session: entities.find(args.session, ClientSession as unknown as abstract new () => object) }
    : args

const perform = (operation: Operation, run: Run): Promise<unknown> => {
  const execute = operations[operation.name]
  if (execute === undefined) throw new AssertionError(`the operation ${operation.name} is unknown to this runner`)
  const call: Call = {
    ...run,
    object: operation.object,
    args: withEntities(operation.arguments ?? {}, run.entities),
    nested: async (inner) => {
      for (const step of inner as Operation[]) await executeOperation(step, run, true)
    },
  }
  return inTime(operation.name, (async () => execute(call))())
}

type Outcome = { readonly result: unknown; readonly error?: undefined } | { readonly error: Error }

const outcomeOf = async (operation: Operation, run: Run): Promise<Outcome> => {
  try {
    return { result: await perform(operation, run) }
  } catch (error) {
    if (error instanceof AssertionError || !(error instanceof Error)) throw error
    return { error }
  }
}

const isHandle = (value: unknown): boolean => value instanceof AbstractCursor || value instanceof ChangeStream

const checkOutcome = ({ name, expectError, expectResult }: Operation, outcome: Outcome, { entities }: Run): void => {
  const { references } = entities
  if (outcome.error !== undefined) {
    if (expectError === undefined)
      throw new AssertionError(`${name} failed: ${outcome.error.name} "${outcome.error.message}"`)
    const difference = errorMismatch(expectError, outcome.error, references)
    if (difference !== undefined) throw new AssertionError(`${name}: ${difference}`)
    return
  }
  if (expectError !== undefined)
    throw new AssertionError(`${name} should have failed with ${JSON.stringify(expectError)}`)
  if (expectResult === undefined || isHandle(outcome.result)) return
  const difference = mismatch(expectResult, outcome.result ?? null, references, `${name} result`)
  if (difference !== undefined) throw new AssertionError(difference)
}

const executeOperation = async (operation: Operation, run: Run, rethrow = false): Promise<void> => {
  const outcome = await outcomeOf(operation, run)
  const isForDriver = outcome.error !== undefined && rethrow
  const isUnexpected = isForDriver && operation.expectError === undefined
  if (operation.ignoreResultAndError !== true && !isUnexpected) checkOutcome(operation, outcome, run)
  // The driver decides by the error whether a transaction's callback runs again.
  if (isForDriver) throw outcome.error
  if (operation.saveResultAsEntity !== undefined && outcome.error === undefined) {
    run.entities.save(operation.saveResultAsEntity, outcome.result)
  }
}

const prepare = async ({ internal }: Target, data: CollectionData): Promise<void> => {
  const { databaseName, collectionName, documents, createOptions } = data
  const database = internal.db(databaseName, { writeConcern: { w: 'majority' } })
  const collection = database.collection(collectionName)
  await collection.drop().catch(() => undefined)
  if (documents.length === 0 || createOptions !== undefined) {
    await database.createCollection(collectionName, createOptions)
  }
  if (documents.length > 0) await collection.insertMany([...documents], { ordered: true })
}

const checkEvents = (test: TestCase, entities: Entities): void => {
  for (const expected of test.expectEvents ?? []) {
    const difference = eventsMismatch(expected, entities.eventsOf(expected.client), entities.references)
    if (difference !== undefined) throw new AssertionError(difference)
  }
}

const checkContents = async ({ internal }: Target, expected: CollectionData): Promise<void> => {
  const { databaseName, collectionName, documents } = expected
  const options = { readPreference: 'primary', readConcern: { level: 'local' } } as const
  const found = await internal.db(databaseName).collection(collectionName, options).find().sort({ _id: 1 }).toArray()
  const difference = inequality(documents, found, `contents of ${collectionName}`)
  if (difference !== undefined) throw new AssertionError(difference)
}

const cleanUp = async ({ internal, entities, failPoints }: Run): Promise<void> => {
  const admin = internal.db('admin')
  for (const name of failPoints) await admin.command({ configureFailPoint: name, mode: 'off' })
  await entities.close()
  // A test may leave transactions open, which would block the next one's data.
  await admin.command({ killAllSessions: [] }).catch(() => undefined)
}

const reasonOf = (error: unknown): string => {
  if (error instanceof AssertionError) return error.message
  if (error instanceof mongoose.mongo.MongoError) return `preparing failed: ${error.message}`
  return `the runner failed: ${error instanceof Error ? error.stack : error}`
}

/** Runs one test; the reason of its failure, undefined when it passes. */
export const runTest = async (file: TestFile, test: TestCase, target: Target): Promise<string | undefined> => {
  const run: Run = { ...target, entities: makeEntities(target.url), failPoints: new Set() }
  try {
    for (const data of test.initialData ?? file.initialData ?? []) await prepare(target, data)
    run.entities.create([...(file.createEntities ?? []), ...(test.createEntities ?? [])])
    for (const operation of test.operations) await executeOperation(operation, run)
    checkEvents(test, run.entities)
    for (const expected of test.outcome ?? []) await checkContents(target, expected)
    return undefined
  } catch (error) {
    return reasonOf(error)
  } finally {
    await cleanUp(run)
  }
}
