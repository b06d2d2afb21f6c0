import { Binary, Long } from 'bson'
import { type Doc, isDoc } from '../bson/values.ts'
import { failure, MalformedError, MongoError, unsupported } from '../errors.ts'
import type { Store } from '../storage/store.ts'
import { aggregateCommands } from './aggregate.ts'
import { catalogCommands } from './catalogCommands.ts'
import { type Command, countOption, type Reply, type Request, type Server, unknownField } from './command.ts'
import { crudCommands } from './crud.ts'
import { diagnosticCommands, timestampOf } from './diagnostics.ts'
import { explainCommands } from './explain.ts'
import { findCommands } from './find.ts'
import { findAndModifyCommands } from './findAndModify.ts'
import { makeRetryMemory, statementOf } from './retryMemory.ts'

const commands: Readonly<Record<string, Command>> = {
  ...findCommands,
  ...crudCommands,
  ...findAndModifyCommands,
  ...aggregateCommands,
  ...catalogCommands,
  ...explainCommands,
  ...diagnosticCommands,
}

/** Options any command may carry. */
const generic = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'stmtId',
  'stmtIds',
])

const levels = ['local', 'majority', 'available', 'linearizable']

const checkConcerns = ({ readConcern, writeConcern }: Doc): void => {
  if (isDoc(readConcern ?? null)) {
    const { level } = readConcern as Doc
    if (level !== undefined && !(typeof level === 'string' && levels.includes(level)))
      throw unsupported(`the read concern '${String(level)}'`)
  }
  if (!isDoc(writeConcern ?? null)) return
  const { w } = writeConcern as Doc
  if (w === undefined || w === 0 || w === 1 || w === 'majority') return
  // One node can acknowledge for itself only.
  throw new MongoError(100, 'UnsatisfiableWriteConcern', 'Not enough data-bearing nodes')
}

const transactionCommands = ['commitTransaction', 'abortTransaction', 'prepareTransaction']

const checkTransaction = (name: string, body: Doc, replicaSet: string | undefined): void => {
  if (body.startTransaction === undefined && body.autocommit === undefined && !transactionCommands.includes(name))
    return
  if (replicaSet === undefined) {
    throw failure('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos')
  }
  throw failure('OperationNotSupportedInTransaction', 'multi-document transactions are not supported by devdb')
}

const errorReply = (error: unknown): Reply => {
  if (error instanceof MongoError) {
    const details = error.details as Reply
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...details }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { ok: 0, errmsg: `internal error: ${message}`, code: 1, codeName: 'InternalError' }
}

type Call = { readonly body: Doc; readonly documents?: Buffer[]; readonly connectionId: number }

/** Runs commands one at a time: each is atomic because nothing else runs before it has returned. */
export const makeRegistry = (server: Server, store: Store) => {
  const memory = makeRetryMemory(store)

  const clusterFields = (): Reply => {
    if (server.replicaSet === undefined) return {}
    const now = timestampOf(new Date())
    const signature = { hash: new Binary(Buffer.alloc(20)), keyId: Long.fromNumber(0) }
    return { operationTime: now, $clusterTime: { clusterTime: now, signature } }
  }

  const dispatch = (name: string, { body, documents, connectionId }: Call): Reply => {
    checkTransaction(name, body, server.replicaSet)
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw failure('CommandNotFound', `no such command: '${name}'`)
    const unknown = Object.keys(body).find(
      (option) => option !== name && !generic.has(option) && !command.options.includes(option),
    )
    if (unknown !== undefined) throw unknownField(`${name}.${unknown}`)
    const database = body.$db
    if (typeof database !== 'string') throw failure('BadValue', 'OP_MSG requests require a $db argument')
    checkConcerns(body)
    const milliseconds = countOption(body, 'maxTimeMS')
    const deadline = milliseconds ? Date.now() + milliseconds : undefined
    const request: Request = { server, name, body, documents, database, deadline, connectionId }
    const statement = command.retryable === true ? statementOf(body) : undefined
    const known = statement === undefined ? undefined : memory.recall(statement)
    if (known !== undefined) return known
    const reply = command.run(request)
    if (statement !== undefined) memory.remember(statement, reply)
    return reply
  }

  /** Answers every command, also a failing one; throws MalformedError only. */
  const run = (call: Call): Reply => {
    const [name = ''] = Object.keys(call.body)
    const counted = Object.hasOwn(commands, name) ? name : '<UNKNOWN>'
    try {
      const reply = dispatch(name, call)
      server.counters.command(counted, false)
      return { ...reply, ok: 1, ...clusterFields() }
    } catch (error) {
      if (error instanceof MalformedError) throw error
      server.counters.command(counted, true)
      return { ...errorReply(error), ...clusterFields() }
    }
  }

  return { run }
}

export type Registry = ReturnType<typeof makeRegistry>
