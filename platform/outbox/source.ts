import type { Model } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import { operationTimeout } from '../mongo.ts'
import type { OutboxEvent, PendingEvent } from '../store.ts'

/** How much waits in an outbox. */
export interface OutboxDepth {
  /** Facts on their way to their consumers. */
  readonly pending: number
  /** Facts that were given up and wait for somebody to look at them. */
  readonly dead: number
  /** When the oldest of those on their way happened; null when there is none. */
  readonly oldestAt: Millis | null
}

/** A fact that was given up. */
export interface DeadLetter {
  readonly id: string
  readonly type: string
  /** The document that it is about, and in which it stays. */
  readonly aggregateId: string
  readonly reason: string
}

export type CommitListener = (waiting?: readonly PendingEvent[]) => void

/** Where the relay finds facts that have not reached their consumers. */
export interface OutboxSource {
  readonly name: string
  pending(limit: number): Promise<PendingEvent[]>
  /** Takes events of one document out of it: every consumer has them. A document with room for it keeps a record of who was told what. */
  done(events: readonly DeliveredEvent[]): Promise<void>
  /** Keeps the event in its document with the reason why it was given up, out of the way of its followers. */
  bury(event: PendingEvent, reason: string): Promise<void>
  depth(): Promise<OutboxDepth>
  dead(limit: number): Promise<DeadLetter[]>
  /**
   * Sends given-up facts on their way again, with their own time and in front of those that came after them in their document:
   * the one with this id, or at most `limit` of all. @returns how many.
   */
  replay(id: string | null, limit: number): Promise<number>
  /**
   * Calls `listener` whenever facts were written in this process: with all that now wait in that document, in their order, or without
   * them when the writer does not know.
   */
  onCommit(listener: CommitListener): void
  /** For models that write facts without `Store.update`: the relay looks now, and not at its next poll. */
  wake: CommitListener
}

/** A fact that has reached its consumers. */
export interface DeliveredEvent extends PendingEvent {
  /** Their names. */
  readonly to?: readonly string[]
}

/** A numbered fact of a document has reached a consumer. */
export interface Delivery {
  readonly consumer: string
  readonly id: string
  readonly seq: number
}

/** For documents that keep a record of what was delivered (I16, I17): a field `delivered` in their schema, written with `done`. */
export const deliveriesField = { type: [{ consumer: String, id: String, seq: Number, _id: false }], default: undefined }

/** More than a document has numbered facts and consumers; the oldest make room (rule R13). */
const mostDeliveries = 100

/** Only numbered facts can be out of order. */
const deliveriesOf = ({ id, payload, to = [] }: DeliveredEvent): Delivery[] => {
  const { seq } = payload
  return typeof seq === 'number' ? to.map((consumer) => ({ consumer, id, seq })) : []
}

type Row = Record<string, unknown>
type Rows = Model<Row>

const waiting = { 'outbox.at': { $gt: new Date(0) } }
const givenUp = { 'outbox.dead': { $gt: '' } }

const eventsOf = (document: Row): readonly OutboxEvent[] => document.outbox as OutboxEvent[]

/** Those of a document's facts that are on their way. */
export const waitingIn = (aggregateId: string, outbox: readonly OutboxEvent[]): PendingEvent[] =>
  outbox.flatMap(({ id, type, at, payload, cause }) =>
    at ? [{ id, type, at, payload, aggregateId, ...(cause && { cause }) }] : [],
  )

const countWaiting = async (rows: Rows): Promise<Omit<OutboxDepth, 'dead'>> => {
  const [sum] = await rows
    .aggregate<{ count: number; oldest: Date }>([
      { $match: waiting },
      { $unwind: '$outbox' },
      { $match: waiting },
      { $group: { _id: null, count: { $sum: 1 }, oldest: { $min: '$outbox.at' } } },
    ])
    .option({ maxTimeMS: operationTimeout })
  return { pending: sum?.count ?? 0, oldestAt: sum?.oldest.getTime() ?? null }
}

const countDead = async (rows: Rows): Promise<number> => {
  const [sum] = await rows
    .aggregate<{ count: number }>([
      { $match: givenUp },
      { $unwind: '$outbox' },
      { $match: givenUp },
      { $count: 'count' },
    ])
    .option({ maxTimeMS: operationTimeout })
  return sum?.count ?? 0
}

const findDead = async (rows: Rows, filter: object, limit: number): Promise<(DeadLetter & { was?: Date })[]> => {
  const documents = await rows.find(filter, { outbox: 1 }).limit(limit).lean()
  return documents
    .flatMap((document) =>
      eventsOf(document).flatMap(({ id, type, dead, was }) =>
        dead ? [{ id, type, aggregateId: document._id as string, reason: dead, ...(was && { was }) }] : [],
      ),
    )
    .slice(0, limit)
}

/** Guarded by the fact still being dead: who comes second revives nothing. */
const revive = async (rows: Rows, letter: DeadLetter & { was?: Date }): Promise<boolean> => {
  const { modifiedCount } = await rows.updateOne(
    { _id: letter.aggregateId, outbox: { $elemMatch: { id: letter.id, at: null } } },
    { $set: { 'outbox.$.at': letter.was ?? new Date() }, $unset: { 'outbox.$.dead': '', 'outbox.$.was': '' } },
  )
  return modifiedCount > 0
}

/** Takes facts of one document out of it together, with their record, or none of them when one is gone: then false. */
const takeOut = async (rows: Rows, events: readonly DeliveredEvent[], onRecord: boolean): Promise<boolean> => {
  const ids = events.map(({ id }) => id)
  const told = onRecord ? events.flatMap(deliveriesOf) : []
  const pull = { $pull: { outbox: { id: { $in: ids } } } }
  const push = { $push: { delivered: { $each: told, $slice: -mostDeliveries } } }
  const { matchedCount } = await rows.collection.updateOne(
    { _id: events[0]?.aggregateId as never, 'outbox.id': { $all: ids } },
    { ...pull, ...(told.length > 0 && push) } as never,
    { maxTimeMS: operationTimeout },
  )
  return matchedCount > 0
}

/** The outboxes in the documents of one collection. */
export const makeOutboxSource = (rows: Rows): OutboxSource => {
  const keepsDeliveries = rows.schema.path('delivered') !== undefined
  const listeners: CommitListener[] = []
  const wake: CommitListener = (written) => {
    for (const listener of listeners) listener(written)
  }
  return {
    name: rows.collection.name,
    pending: async (limit) => {
      const documents = await rows.find(waiting, { outbox: 1 }).limit(limit).lean()
      return documents.flatMap((document) => waitingIn(document._id as string, eventsOf(document)))
    },
    done: async (events) => {
      // On record once: whoever delivers the same beside us may have taken some of them out already, but not the others.
      if ((await takeOut(rows, events, keepsDeliveries)) || events.length === 1) return
      for (const event of events) await takeOut(rows, [event], keepsDeliveries)
    },
    bury: async (event, reason) => {
      await rows.updateOne(
        { _id: event.aggregateId, 'outbox.id': event.id },
        {
          $set: {
            'outbox.$.at': null,
            'outbox.$.dead': reason.slice(0, 500) || 'no reason given',
            'outbox.$.was': event.at,
          },
        },
      )
    },
    depth: async () => ({ ...(await countWaiting(rows)), dead: await countDead(rows) }),
    dead: async (limit) => (await findDead(rows, givenUp, limit)).map(({ was: _was, ...letter }) => letter),
    replay: async (id, limit) => {
      const letters = await findDead(rows, id === null ? givenUp : { ...givenUp, 'outbox.id': id }, limit)
      let revived = 0
      for (const letter of letters.filter((each) => id === null || each.id === id))
        if (await revive(rows, letter)) revived += 1
      if (revived > 0) wake()
      return revived
    },
    onCommit: (listener) => {
      listeners.push(listener)
    },
    wake,
  }
}
