import { notInTransaction } from '../aggregate/rules.ts'
import { type Doc, isDoc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Request } from './command.ts'
import type { ReadConcern } from './concerns.ts'
import { sessionId, transactionNumber } from './sessions/sessions.ts'

/** The collection in `admin` that the cursor of a bulkWrite claims to be of. */
export const bulkWriteCursor = '$cmd.bulkWrite'

/** Commands a transaction may hold. */
const inTransactions = new Set([
  'abortTransaction',
  'aggregate',
  'bulkWrite',
  'commitTransaction',
  'create',
  'createIndexes',
  'delete',
  'distinct',
  'find',
  'findAndModify',
  'findandmodify',
  'getMore',
  'insert',
  'killCursors',
  'update',
])

/** The commands that end a transaction. */
export const endings = new Set(['commitTransaction', 'abortTransaction'])

/** The fields of a command that place it in a session or a transaction. */
export type Place = {
  readonly session: string | undefined
  readonly number: bigint | undefined
  readonly transactional: boolean
  readonly starts: boolean
}

const nowhere: Place = { session: undefined, number: undefined, transactional: false, starts: false }

const only = (field: string, value: unknown, expected: boolean): void => {
  if (value !== expected) throw failure('InvalidOptions', `Specifying ${field}=${!expected} is not allowed.`)
}

/** Reads lsid, txnNumber, autocommit and startTransaction; throws what mongod throws when they do not fit together. */
export const placeOf = ({ lsid, txnNumber, autocommit, startTransaction }: Doc): Place => {
  if (lsid === undefined && txnNumber === undefined && autocommit === undefined && startTransaction === undefined)
    return nowhere
  const session = lsid === undefined ? undefined : sessionId(lsid)
  if (txnNumber !== undefined && session === undefined)
    throw failure('InvalidOptions', 'Transaction number requires a session ID to also be specified')
  if (txnNumber === undefined && autocommit !== undefined)
    throw failure('InvalidOptions', "'autocommit' field requires a transaction number to also be specified")
  if (txnNumber === undefined && startTransaction !== undefined)
    throw failure('InvalidOptions', "'startTransaction' field requires a transaction number to also be specified")
  if (startTransaction !== undefined && autocommit === undefined)
    throw failure('InvalidOptions', "'startTransaction' field requires 'autocommit' field to also be specified")
  if (autocommit !== undefined) only('autocommit', autocommit, false)
  if (startTransaction !== undefined) only('startTransaction', startTransaction, true)
  return {
    session,
    number: txnNumber === undefined ? undefined : transactionNumber(txnNumber),
    transactional: autocommit !== undefined,
    starts: startTransaction !== undefined,
  }
}

const stagesOutside = new Set([...notInTransaction, '$changeStream'])

/** The stage of a pipeline that cannot read one moment's state only, if there is one. */
export const stageOutside = ({ pipeline }: Doc): string | undefined => {
  for (const stage of Array.isArray(pipeline) ? pipeline : []) {
    const [name = ''] = isDoc(stage) ? Object.keys(stage) : []
    if (stagesOutside.has(name)) return name
  }
  return undefined
}

/** Throws 263 for a pipeline that reads or writes outside of the state of a transaction. */
export const checkStages = (body: Doc): void => {
  const stage = stageOutside(body)
  if (stage === undefined) return
  throw failure(
    'OperationNotSupportedInTransaction',
    `Operation not permitted in transaction :: caused by :: Aggregation stage ${stage} cannot run within a multi-document transaction`,
  )
}

/** A bulkWrite is sent to `admin`, and so is what reads or closes its cursor. */
const isOfBulkWrite = ({ name, body }: Request): boolean =>
  name === 'bulkWrite' ||
  (name === 'getMore' && body.collection === bulkWriteCursor) ||
  (name === 'killCursors' && body.killCursors === bulkWriteCursor)

const checkDatabase = (request: Request): void => {
  const { name, database } = request
  if (endings.has(name) || !['admin', 'config', 'local'].includes(database) || isOfBulkWrite(request)) return
  throw failure(
    'OperationNotSupportedInTransaction',
    `Cannot run command against the '${database}' database in a transaction.`,
  )
}

/** What a command of a transaction must not be or ask for; throws 263 or 72. */
export const checkAllowed = (request: Request, concern: ReadConcern, { starts }: Place): void => {
  const { name, body } = request
  if (name === 'count') {
    throw failure(
      'OperationNotSupportedInTransaction',
      "Cannot run 'count' in a multi-document transaction. Please see http://dochub.mongodb.org/core/transaction-count for a recommended alternative.",
    )
  }
  if (!inTransactions.has(name))
    throw failure('OperationNotSupportedInTransaction', `Cannot run '${name}' in a multi-document transaction.`)
  if (starts && (name === 'getMore' || name === 'killCursors'))
    throw failure('OperationNotSupportedInTransaction', `Cannot run ${name} as the first operation of a transaction.`)
  checkDatabase(request)
  if (concern.given && !starts)
    throw failure('InvalidOptions', 'Only the first command in a transaction may specify a readConcern')
  if (concern.level === 'available' || concern.level === 'linearizable') {
    throw failure(
      'InvalidOptions',
      "The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction",
    )
  }
  if (body.writeConcern !== undefined && !endings.has(name))
    throw failure('InvalidOptions', 'writeConcern is not allowed within a multi-statement transaction')
}
