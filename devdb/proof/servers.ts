import mongoose from 'mongoose'
import { type Command, isTransaction, type Step } from './steps.ts'

const { BSON, MongoServerError } = mongoose.mongo

/** Fields of replies that tell about the server and the moment, not about the answer. */
const incidental = new Set([
  '$clusterTime',
  'operationTime',
  'electionId',
  'opTime',
  'errmsg',
  'errorLabels',
  'commitQuorum',
  'note',
  'ns',
  'lastErrorObject',
  'errInfo',
])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Wording and moments taken out of a reply, documents left alone. */
const withoutIncidental = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutIncidental)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([field]) => !incidental.has(field))
  return Object.fromEntries(
    kept.map(([field, inner]) => [field, isDocuments(field) ? inner : withoutIncidental(inner)]),
  )
}

const isDocuments = (field: string): boolean => ['firstBatch', 'value', 'values', 'upserted'].includes(field)

const canonical = (value: unknown): string => BSON.EJSON.stringify({ value }, { relaxed: false })

const inAnyOrder = (values: unknown): unknown =>
  Array.isArray(values) ? [...values].sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1)) : values

const isOrdered = (command: Command): boolean =>
  command.sort !== undefined ||
  (Array.isArray(command.pipeline) && command.pipeline.some((stage: object) => Object.hasOwn(stage, '$sort')))

/** What of a reply two servers must agree on: order only where it was asked for, numbers with their kinds. */
export const normalised = (reply: { readonly [field: string]: unknown }, command: Command): unknown => {
  const { cursor, values, ...rest } = withoutIncidental(reply) as Record<string, unknown>
  if (isRecord(cursor)) {
    const { firstBatch, id } = cursor
    return { ...rest, cursor: { id, firstBatch: isOrdered(command) ? firstBatch : inAnyOrder(firstBatch) } }
  }
  return values === undefined ? rest : { ...rest, values: inAnyOrder(values) }
}

export type Answer = { readonly command: Command; readonly reply: unknown }

/** A server, asked through the official driver; each `reset` starts from an empty database. */
export const connectServer = async (url: string, database = `proof_${process.pid}`) => {
  const client = await mongoose.mongo.MongoClient.connect(url, { serverSelectionTimeoutMS: 5_000 })
  const db = client.db(database)
  const { setName } = await db.admin().command({ hello: 1 })

  const ask = async (command: Command, session?: mongoose.mongo.ClientSession): Promise<Answer> => {
    try {
      const reply = await db.command({ ...command }, { promoteValues: false, session })
      return { command, reply: normalised(reply, command) }
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error
      return { command, reply: normalised({ ...error.errorResponse }, command) }
    }
  }

  const transaction = async (commands: readonly Command[], commit: boolean): Promise<Answer[]> => {
    const session = client.startSession()
    const answers: Answer[] = []
    try {
      session.startTransaction()
      for (const command of commands) {
        answers.push(await ask(command, session))
        if (hasFailed(answers.at(-1)?.reply)) break
      }
      const fine = !answers.some(({ reply }) => hasFailed(reply))
      if (commit && fine) await session.commitTransaction()
      else await session.abortTransaction()
      return answers
    } finally {
      await session.endSession()
    }
  }

  return {
    hasTransactions: setName !== undefined,
    reset: () => db.dropDatabase(),
    run: async (step: Step): Promise<Answer[]> =>
      isTransaction(step) ? transaction(step.transaction, step.commit) : [await ask(step)],
    close: () => client.close(),
  }
}

const hasFailed = (reply: unknown): boolean => isRecord(reply) && ('code' in reply || 'writeErrors' in reply)

export type ProofServer = Awaited<ReturnType<typeof connectServer>>

/** A reply as text that tells kinds of numbers apart. */
export const show = (reply: unknown): string => BSON.EJSON.stringify(reply as object, undefined, 1, { relaxed: false })
