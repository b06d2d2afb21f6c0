import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'

/** The commands of MongoDB's Stable API, version 1, as far as they exist here. */
export const stableCommands: ReadonlySet<string> = new Set([
  'abortTransaction',
  'aggregate',
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'update',
])

const unstableStages = [
  '$currentOp',
  '$indexStats',
  '$listCatalog',
  '$listLocalSessions',
  '$listSessions',
  '$listSearchIndexes',
  '$planCacheStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
]

const checkStages = ({ pipeline }: Doc): void => {
  if (!Array.isArray(pipeline)) return
  const unstable = pipeline
    .flatMap((stage) => (isDoc(stage) ? Object.keys(stage) : []))
    .find((name) => unstableStages.includes(name))
  if (unstable !== undefined)
    throw failure('APIStrictError', `${unstable} is not allowed with 'apiStrict: true' in API Version 1`)
}

const checkStrict = (name: string, body: Doc): void => {
  if (!stableCommands.has(name))
    throw failure(
      'APIStrictError',
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api`,
    )
  checkStages(body)
}

const checkFlag = (field: string, value: Value | undefined): void => {
  if (value === undefined || typeof value === 'boolean') return
  throw failure('TypeMismatch', `Field '${field}' is the wrong type '${kindOf(value)}', expected type 'bool'`)
}

/**
 * Holds a command to the version of the Stable API its client asked for: 322 for a version there is not, 323 for what
 * `apiStrict` rules out. Nothing of version 1 is deprecated, so `apiDeprecationErrors` never has anything to report.
 */
export const checkStableApi = (name: string, body: Doc): void => {
  const { apiVersion, apiStrict, apiDeprecationErrors } = body
  checkFlag('apiStrict', apiStrict)
  checkFlag('apiDeprecationErrors', apiDeprecationErrors)
  if (apiVersion === undefined) {
    if (apiStrict === undefined && apiDeprecationErrors === undefined) return
    throw location(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion')
  }
  if (typeof apiVersion !== 'string')
    throw failure(
      'TypeMismatch',
      `Field 'apiVersion' is the wrong type '${kindOf(apiVersion)}', expected type 'string'`,
    )
  if (apiVersion !== '1') throw failure('APIVersionError', 'API version must be "1"')
  if (apiStrict === true) checkStrict(name, body)
}
