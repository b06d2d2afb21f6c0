import { setTimeout as delay } from 'node:timers/promises'
import mongoose from 'mongoose'
import type { Call, Operations } from './calls.ts'
import { isEvent } from './events.ts'

const { ClientSession, MongoClient } = mongoose.mongo

type Session = mongoose.mongo.ClientSession & {
  readonly serverSession: { readonly isDirty: boolean }
  readonly transaction: { readonly state: string }
}

const sessionNamed = (entities: Call['entities'], id: string): Session =>
  entities.find(id, ClientSession as unknown as abstract new () => Session)

/** Operations' arguments name sessions; assertions get them as they are. */
const sessionOf = ({ entities, object, args }: Call): Session => args.session ?? sessionNamed(entities, object)

const verify = (holds: boolean, message: string): void => {
  if (!holds) throw new AssertionError(message)
}

/** An assertion of a test that does not hold: never an error the test could expect. */
export class AssertionError extends Error {}

const states: Readonly<Record<string, string>> = {
  none: 'NO_TRANSACTION',
  starting: 'STARTING_TRANSACTION',
  in_progress: 'TRANSACTION_IN_PROGRESS',
  committed: 'TRANSACTION_COMMITTED',
  aborted: 'TRANSACTION_ABORTED',
}

const setFailPoint = async ({ args, internal, failPoints }: Call): Promise<void> => {
  await internal.db('admin').command(args.failPoint)
  failPoints.add(args.failPoint.configureFailPoint)
}

const lastLsids = ({ entities, args }: Call): string[] =>
  entities
    .eventsOf(args.client)
    .filter(({ name }) => name === 'commandStartedEvent')
    .slice(-2)
    .map(({ event }) => mongoose.mongo.BSON.EJSON.stringify(event.command.lsid))

const collectionExists = async ({ args, internal }: Call): Promise<boolean> =>
  (await internal.db(args.databaseName).listCollections({ name: args.collectionName }).toArray()).length > 0

const indexExists = async (call: Call): Promise<boolean> => {
  const { databaseName, collectionName, indexName } = call.args
  if (!(await collectionExists(call))) return false
  const indexes = await call.internal.db(databaseName).collection(collectionName).listIndexes().toArray()
  return indexes.some(({ name }) => name === indexName)
}

const countEvents = ({ entities, args }: Call): number =>
  entities.eventsOf(args.client).filter((seen) => isEvent(args.event, seen, entities.references)).length

const waitForEvent = async (call: Call): Promise<void> => {
  while (countEvents(call) < call.args.count) await delay(5)
}

const checkedOut = ({ entities, args }: Call): number => {
  const { topology } = entities.find(args.client, MongoClient) as unknown as {
    topology?: { s: { servers: Map<string, { pool: { currentCheckedOutCount: number } }> } }
  }
  return [...(topology?.s.servers.values() ?? [])].reduce((sum, { pool }) => sum + pool.currentCheckedOutCount, 0)
}

const withTransaction = async (call: Call): Promise<void> => {
  const { callback, ...options } = call.args
  await sessionOf(call).withTransaction(() => call.nested(callback), options)
}

/** What tests call on sessions and on the runner itself. */
export const runnerOperations: Operations = {
  abortTransaction: (call) => sessionOf(call).abortTransaction(),
  assertCollectionExists: async (call) =>
    verify(await collectionExists(call), `${call.args.collectionName} is missing`),
  assertCollectionNotExists: async (call) =>
    verify(!(await collectionExists(call)), `${call.args.collectionName} is there`),
  assertDifferentLsidOnLastTwoCommands: (call) => {
    const [one, other] = lastLsids(call)
    verify(one !== other, 'the last two commands have the same lsid')
  },
  assertEventCount: (call) =>
    verify(countEvents(call) === call.args.count, `expected ${call.args.count} events, got ${countEvents(call)}`),
  assertIndexExists: async (call) => verify(await indexExists(call), `index ${call.args.indexName} is missing`),
  assertIndexNotExists: async (call) => verify(!(await indexExists(call)), `index ${call.args.indexName} is there`),
  assertNumberConnectionsCheckedOut: (call) => {
    const count = checkedOut(call)
    verify(count === call.args.connections, `${count} connections are checked out, not ${call.args.connections}`)
  },
  assertSameLsidOnLastTwoCommands: (call) => {
    const [one, other] = lastLsids(call)
    verify(one === other, 'the last two commands have different lsids')
  },
  assertSessionDirty: (call) => verify(sessionOf(call).serverSession.isDirty, 'the session is not dirty'),
  assertSessionNotDirty: (call) => verify(!sessionOf(call).serverSession.isDirty, 'the session is dirty'),
  assertSessionPinned: (call) => verify(sessionOf(call).isPinned, 'the session is not pinned'),
  assertSessionTransactionState: (call) => {
    const { state } = sessionOf(call).transaction
    verify(state === states[call.args.state], `the transaction is ${state}, not ${call.args.state}`)
  },
  assertSessionUnpinned: (call) => verify(!sessionOf(call).isPinned, 'the session is pinned'),
  commitTransaction: (call) => sessionOf(call).commitTransaction(),
  createEntities: ({ entities, args }) => entities.create(args.entities),
  endSession: (call) => sessionOf(call).endSession(),
  failPoint: setFailPoint,
  startTransaction: (call) => sessionOf(call).startTransaction(call.args),
  targetedFailPoint: setFailPoint,
  wait: ({ args }) => delay(args.ms),
  waitForEvent,
  withTransaction,
}
