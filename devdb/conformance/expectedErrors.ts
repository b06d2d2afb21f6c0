import mongoose from 'mongoose'
import { mismatch, type References } from './matching.ts'
import type { Document } from './testFile.ts'

const { MongoBulkWriteError, MongoClientBulkWriteError, MongoOperationTimeoutError, MongoServerError } = mongoose.mongo
const { MongoError, MongoWriteConcernError } = mongoose.mongo

type Check = (wanted: never, error: Error, references: References) => string | undefined

const verdict = (holds: boolean, message: string): string | undefined => (holds ? undefined : message)

/** A bulk write of a client that the server refused as a whole carries the server's error. */
const told = (error: Error): Error =>
  error instanceof MongoClientBulkWriteError && error.cause instanceof Error ? error.cause : error

const hasLabel = (given: Error, label: string): boolean => {
  const error = told(given)
  return error instanceof MongoError && error.hasErrorLabel(label)
}

/** Where the driver keeps code and name of an error depends on its class. */
const codesOf = (given: Error): Document => {
  const error = told(given)
  if (error instanceof MongoWriteConcernError) return { ...error.result?.writeConcernError }
  if (error instanceof MongoServerError) return { code: error.code, codeName: error.codeName }
  return {}
}

const textOf = (error: Error): string => {
  const { result } = error instanceof MongoBulkWriteError ? error : {}
  const writeConcern = result?.getWriteConcernError()?.errmsg ?? ''
  return `${error.message} ${writeConcern} ${codesOf(error).errmsg ?? ''}`.toLowerCase()
}

const resultOf = (error: Error): unknown => {
  if (error instanceof MongoClientBulkWriteError) return error.partialResult && clientBulkResult(error.partialResult)
  if (error instanceof MongoBulkWriteError) return bulkResult(error.result)
  return undefined
}

/** The driver computes these fields by getters; a match looks at plain fields. */
export const bulkResult = (result: mongoose.mongo.BulkWriteResult): Document => ({
  insertedCount: result.insertedCount,
  insertedIds: result.insertedIds,
  matchedCount: result.matchedCount,
  modifiedCount: result.modifiedCount,
  deletedCount: result.deletedCount,
  upsertedCount: result.upsertedCount,
  upsertedIds: result.upsertedIds,
})

/** The driver tells of each update whether it was an upsert, which an expectation does not know. */
export const clientBulkResult = (result: mongoose.mongo.ClientBulkWriteResult): Document => {
  const updates = [...(result.updateResults ?? [])].map(([index, { didUpsert: _known, ...rest }]) => [index, rest])
  return { ...result, ...(result.updateResults && { updateResults: Object.fromEntries(updates) }) }
}

const checks: Readonly<Record<string, Check>> = {
  isError: () => undefined,
  isClientError: (wanted: boolean, error) =>
    verdict(
      !(error instanceof MongoServerError) === wanted,
      `expected an error of the ${wanted ? 'driver' : 'server'}, got ${error.name} "${error.message}"`,
    ),
  isTimeoutError: (wanted: boolean, error) =>
    verdict(error instanceof MongoOperationTimeoutError === wanted, `expected a timeout: ${wanted}, got ${error.name}`),
  errorContains: (wanted: string, error) =>
    verdict(textOf(error).includes(wanted.toLowerCase()), `expected "${wanted}" in "${error.message}"`),
  errorCode: (wanted: number, error) =>
    verdict(codesOf(error).code === wanted, `expected code ${wanted}, got ${codesOf(error).code} "${error.message}"`),
  errorCodeName: (wanted: string, error) => {
    const got = codesOf(error).codeName
    return verdict(got === wanted, `expected code name ${wanted}, got ${got} "${error.message}"`)
  },
  errorLabelsContain: (wanted: readonly string[], error) => {
    const missing = wanted.filter((label) => !hasLabel(error, label))
    return verdict(missing.length === 0, `error labels lack ${missing} on "${error.message}"`)
  },
  errorLabelsOmit: (unwanted: readonly string[], error) => {
    const present = unwanted.filter((label) => hasLabel(error, label))
    return verdict(present.length === 0, `error labels must not hold ${present} on "${error.message}"`)
  },
  expectResult: (wanted: unknown, error, references) => mismatch(wanted, resultOf(error), references, 'partial result'),
  errorResponse: (wanted: unknown, given, references) => {
    const error = told(given)
    const response = error instanceof MongoServerError ? error.errorResponse : undefined
    return mismatch(wanted, response, references, 'error response')
  },
  writeErrors: (wanted: Document, error, references) => {
    const got = error instanceof MongoClientBulkWriteError ? error.writeErrors : new Map<number, unknown>()
    const indexes = mismatch(Object.keys(wanted), [...got.keys()].map(String), references, 'indexes of write errors')
    const differences = Object.entries(wanted).map(([index, each]) =>
      mismatch(each, got.get(Number(index)), references, `write error ${index}`),
    )
    return indexes ?? differences.find((difference) => difference !== undefined)
  },
  writeConcernErrors: (wanted: unknown, error, references) => {
    const got = error instanceof MongoClientBulkWriteError ? error.writeConcernErrors : undefined
    return mismatch(wanted, got, references, 'write concern errors')
  },
}

/** The first way in which an error is not the expected one; undefined when it is. */
export const errorMismatch = (expected: Document, error: Error, references: References): string | undefined => {
  for (const [name, wanted] of Object.entries(expected)) {
    const check = checks[name]
    if (check === undefined) throw new Error(`the expectation ${name} of an error is unknown to this runner`)
    const difference = check(wanted as never, error, references)
    if (difference !== undefined) return difference
  }
  return undefined
}
