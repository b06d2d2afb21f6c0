import { Binary, Long, Timestamp } from 'bson'
import { type Doc, isDoc } from '../bson/values.ts'
import { streamLabels } from '../changes/labels.ts'
import { failure, MalformedError, MongoError } from '../errors.ts'
import { ofTimestamp, toTimestamp } from '../storage/logicalClock.ts'
import type { Store } from '../storage/store.ts'
import { catalogCommands } from './catalogue/catalogCommands.ts'
import { type Command, countOption, type Reply, type Request, type Server, unknownField } from './command.ts'
import { readConcernOf, writeConcernError } from './concerns.ts'
import { labelled, type Situation } from './errorLabels.ts'
import { makeExecution } from './execution.ts'
import { type Fate, failpointCommands, makeFailpoints } from './failpoints.ts'
import { type Place, placeOf } from './place.ts'
import { aggregateCommands } from './reading/aggregate.ts'
import { explainCommands } from './reading/explain.ts'
import { findCommands } from './reading/find.ts'
import { getMoreCommands } from './reading/getMore.ts'
import { backupCommands } from './server/backup.ts'
import { diagnosticCommands } from './server/diagnostics.ts'
import { listCommandsOf } from './server/host.ts'
import { makeSessionService } from './sessions/sessionService.ts'
import { checkStableApi } from './stableApi.ts'
import { bulkWriteCommands } from './writing/bulkWrite.ts'
import { crudCommands } from './writing/crud.ts'
import { findAndModifyCommands } from './writing/findAndModify.ts'

const fixedCommands: Readonly<Record<string, Command>> = {
  ...findCommands,
  ...getMoreCommands,
  ...crudCommands,
  ...bulkWriteCommands,
  ...findAndModifyCommands,
  ...aggregateCommands,
  ...catalogCommands,
  ...explainCommands,
  ...diagnosticCommands,
  ...backupCommands,
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

const errorReply = (error: unknown): Reply => {
  if (error instanceof MongoError) {
    const details = error.details as Reply
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...details }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { ok: 0, errmsg: `internal error: ${message}`, code: 1, codeName: 'InternalError' }
}

export type Call = {
  readonly body: Doc
  readonly documents?: Buffer[]
  readonly connectionId: number
  /** Aborted when the connection is gone: nothing needs to wait for it any more. */
  readonly signal?: AbortSignal
}

const elsewhere: Situation = { transactional: false, retryable: false, ends: false }

const situationOf = (name: string, { number, transactional }: Place): Situation => {
  if (number === undefined) return elsewhere
  return {
    transactional,
    retryable: !transactional,
    ends: name === 'commitTransaction' || name === 'abortTransaction',
  }
}

const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const checkOptions = (name: string, body: Doc, command: Command): void => {
  if (command.anyOption === true) return
  for (const option in body) {
    if (option !== name && !generic.has(option) && !command.options.includes(option))
      throw unknownField(`${name}.${option}`)
  }
}

const signature = { hash: new Binary(Buffer.alloc(20)), keyId: Long.fromNumber(0) }

/** Runs commands one at a time: each is atomic because nothing else runs before it has returned. */
export const makeRegistry = (server: Server, store: Store) => {
  const { clock } = server.catalog.history
  const replicated = server.replicaSet !== undefined
  const failpoints = server.startup.testCommands ? makeFailpoints() : undefined
  const service = makeSessionService(server, store)
  const execution = makeExecution({ server, failpoints, ...service })
  const commands: Readonly<Record<string, Command>> = {
    ...fixedCommands,
    ...service.commands,
    ...failpointCommands(failpoints),
    ...listCommandsOf(() => commands),
  }
  const appNames = new Map<number, string>()

  const clusterFields = (): Reply => {
    if (!replicated) return {}
    const now = toTimestamp(clock.now())
    return { operationTime: now, $clusterTime: { clusterTime: now, signature } }
  }

  /** A time a client has seen elsewhere: this server's clock may not be behind it. */
  const gossip = ({ $clusterTime: told }: Doc): void => {
    if (!replicated || !isDoc(told) || !(told.clusterTime instanceof Timestamp)) return
    const time = ofTimestamp(told.clusterTime)
    if (time <= clock.now() || clock.advance(time)) return
    throw failure('ClusterTimeFailsRateLimiter', "New cluster time is too far from this node's wall clock time")
  }

  /** Fail points can be told the application: it is known from the greeting of its connection. */
  const noteApplication = (name: string, { body, connectionId, signal }: Call): void => {
    if (name !== 'hello' && name !== 'isMaster' && name !== 'ismaster') return
    const application = isDoc(body.client) && isDoc(body.client.application) ? body.client.application.name : undefined
    if (typeof application !== 'string') return
    appNames.set(connectionId, application)
    signal?.addEventListener('abort', () => appNames.delete(connectionId), { once: true })
  }

  const execute = (request: Request, command: Command, place: Place): Reply | Promise<Reply> => {
    const { name, body } = request
    const concern = readConcernOf(body.readConcern, clock.now())
    const unacknowledged = writeConcernError(name, body.writeConcern, replicated)
    const reply = execution.run(request, command, place, concern)
    if (unacknowledged === undefined) return reply
    const add = (done: Reply): Reply => ({ ...done, writeConcernError: unacknowledged })
    return reply instanceof Promise ? reply.then(add) : add(reply)
  }

  const suffer = async (fate: Fate, proceed: () => Reply | Promise<Reply>): Promise<Reply> => {
    if (fate.delayMs > 0) await delay(fate.delayMs)
    if (fate.close) throw new MalformedError('closed by a fail point')
    if (fate.error !== undefined) throw fate.error
    const reply = await proceed()
    return fate.writeConcernError === undefined ? reply : { ...reply, writeConcernError: fate.writeConcernError }
  }

  const requestOf = (name: string, { body, documents, connectionId, signal }: Call, place: Place): Request => {
    const database = body.$db
    if (typeof database !== 'string') throw failure('BadValue', 'OP_MSG requests require a $db argument')
    const milliseconds = countOption(body, 'maxTimeMS')
    const deadline = milliseconds ? Date.now() + milliseconds : undefined
    const cursorSession = place.session
    return { server, name, body, documents, database, deadline, connectionId, signal, cursorSession }
  }

  const dispatch = (name: string, call: Call, place: Place): Reply | Promise<Reply> => {
    const { body } = call
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw failure('CommandNotFound', `no such command: '${name}'`)
    gossip(body)
    checkOptions(name, body, command)
    checkStableApi(name, body)
    return execute(requestOf(name, call, place), command, place)
  }

  const succeeded = (name: string, reply: Reply): Reply => {
    server.counters.command(name, false)
    return { ...reply, ok: 1, ...clusterFields() }
  }

  const failed = (name: string, error: unknown): Reply => {
    if (error instanceof MalformedError) throw error
    server.counters.command(name, true)
    return { ...errorReply(error), ...clusterFields() }
  }

  const fateOf = (name: string, { body, connectionId }: Call): Fate | undefined => {
    if (failpoints === undefined || !failpoints.active()) return undefined
    const namespace = `${String(body.$db)}.${String(body[name])}`
    return failpoints.strike({ name, namespace, appName: appNames.get(connectionId) })
  }

  /** A fail point strikes before the stream itself could label the error. */
  const streamStruck = ({ body }: Call, reply: Reply): Reply => {
    const id = body.getMore
    if (reply.ok === 1 || !(id instanceof Long) || !server.cursors.isChangeStream(id)) return reply
    return { ...reply, errorLabels: streamLabels(Number(reply.code)) }
  }

  const finish = (reply: Reply, call: Call, name: string, place: Place, fate: Fate | undefined): Reply => {
    if (fate?.inCursor) return streamStruck(call, reply)
    if (fate?.labels !== undefined) return { ...reply, errorLabels: [...fate.labels] }
    if (reply.ok === 1 && reply.writeConcernError === undefined) return reply
    return labelled(reply, situationOf(name, place))
  }

  /** Answers every command, also a failing one; throws MalformedError only. A promise when the command waits. */
  const run = (call: Call): Reply | Promise<Reply> => {
    let name = ''
    for (name in call.body) break
    const counted = Object.hasOwn(commands, name) ? name : '<UNKNOWN>'
    let place: Place | undefined
    let fate: Fate | undefined
    const done = (reply: Reply): Reply => finish(reply, call, name, place ?? placeOf({}), fate)
    try {
      if (failpoints !== undefined) noteApplication(name, call)
      const known = placeOf(call.body)
      place = known
      fate = fateOf(name, call)
      const proceed = (): Reply | Promise<Reply> => dispatch(name, call, known)
      const reply = fate === undefined ? proceed() : suffer(fate, proceed)
      if (!(reply instanceof Promise)) return done(succeeded(counted, reply))
      return reply.then(
        (later) => done(succeeded(counted, later)),
        (error) => done(failed(counted, error)),
      )
    } catch (error) {
      return done(failed(counted, error))
    }
  }

  return { run }
}

export type Registry = ReturnType<typeof makeRegistry>
