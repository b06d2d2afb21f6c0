import { type Model, Schema, type SchemaDefinition } from 'mongoose'
import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import type { Bus } from './bus/bus.ts'
import { type Cause, presentCause } from './cause.ts'
import { patience } from './deadline.ts'
import { metrics } from './metrics/table.ts'
import { isDuplicateKey, operationTimeout } from './mongo.ts'
import { makeOutboxSource, type OutboxSource, waitingIn } from './outbox/source.ts'
import { makeSerial } from './serial.ts'

/** One document, one consistency boundary. `v` rises by one with every change. */
export interface Aggregate {
  readonly _id: string
  readonly v: number
}

/** A fact about an aggregate, as the domain names it. */
export interface NewEvent {
  /** Given only to a fact that goes into several documents: consumers take it for one. */
  readonly id?: string
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A fact on its way to its consumers. */
export interface OutboxEvent extends NewEvent {
  readonly id: string
  /** Null once it was given up: it stays in the document with its reason, and with the time that it had. */
  readonly at: Date | null
  readonly dead?: string
  readonly was?: Date
  /** The request that made it happen. */
  readonly cause?: Cause
}

/** What a use case decided: the next state and the facts that go with it. `null` leaves everything as it is. */
export interface Change<S> {
  readonly state: S
  readonly events?: readonly NewEvent[]
}

export interface PendingEvent extends NewEvent {
  readonly id: string
  readonly at: Date
  readonly aggregateId: string
  readonly cause?: Cause
}

export interface Store<S extends Aggregate> {
  readonly outbox: OutboxSource
  get(id: string): Promise<S | null>
  /** @throws a duplicate key error when a unique index refuses, see `isDuplicateKey`. */
  insert(state: S, events?: readonly NewEvent[]): Promise<S>
  /**
   * Load, decide, save: one guarded write of state and events. When another writer was faster, `decide` runs again on the new
   * state, so it must be pure.
   * @param known a state that was read or written just now: the first round starts from it and saves a read. If it is not the
   *   newest any more, the guard refuses the write and the next round reads.
   * @throws ShopError NOT_FOUND when there is no such document, CONFLICT after too many rounds, and whatever `decide` throws.
   */
  update(id: string, decide: (state: S) => Change<S> | null, known?: S): Promise<S>
}

/** Rounds before a conflict is shown to the client; inside one process there are none, see `makeSerial`. */
const maxRounds = 25

const outboxSchema = new Schema(
  {
    id: String,
    type: String,
    at: Date,
    dead: String,
    was: Date,
    payload: Schema.Types.Mixed,
    cause: Schema.Types.Mixed,
  },
  { _id: false },
)

/** A mongoose schema with the fields every aggregate has. Unknown fields are an error, not silently dropped. */
export const aggregateSchema = (definition: SchemaDefinition): Schema => {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      v: { type: Number, required: true },
      ...definition,
      outbox: { type: [outboxSchema], default: undefined },
    },
    { versionKey: false, minimize: false, strict: 'throw', strictQuery: 'throw', id: false },
  )
  // Lets the relay find documents with waiting events without reading the others.
  schema.index(
    { 'outbox.at': 1 },
    { name: 'outbox_waiting', partialFilterExpression: { 'outbox.at': { $gt: new Date(0) } } },
  )
  // The same for those that were given up, which somebody counts every few seconds.
  schema.index({ 'outbox.dead': 1 }, { name: 'outbox_dead', partialFilterExpression: { 'outbox.dead': { $gt: '' } } })
  return schema
}

/** The top-level fields that differ; a domain function that changes nothing keeps the reference. */
const differences = (before: object, after: object): { set: Record<string, unknown>; unset: Record<string, ''> } => {
  const [old, next] = [before as Record<string, unknown>, after as Record<string, unknown>]
  const set = Object.fromEntries(
    Object.entries(next).filter(([key, value]) => value !== undefined && old[key] !== value && key !== 'v'),
  )
  const unset = Object.fromEntries(
    Object.keys(old)
      .filter((key) => next[key] === undefined)
      .map((key) => [key, '' as const]),
  )
  return { set, unset }
}

export interface StoreDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly bus: Bus
  /** The wait after a lost round; injected by tests that need not wait (rule R14). */
  readonly pause?: (round: number) => Promise<void>
}

/** Full jitter up to 20 ms: two processes in step would otherwise beat each other until the rounds are used up. */
const jitter = (round: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(20, 2 ** round)))

/** A fact as it waits in its document, for models that write without `Store.update`. */
export const outboxEntry = ({ ids, clock }: Pick<StoreDeps, 'ids' | 'clock'>, event: NewEvent): OutboxEvent => {
  const cause = presentCause()
  return {
    id: event.id ?? ids.next('evt'),
    at: new Date(clock.now()),
    type: event.type,
    payload: event.payload,
    ...(cause && { cause }),
  }
}

/** The topic that is published whenever an aggregate of this collection changes. */
export const changeTopic = (collection: string, id: string): string => `${collection}:${id}`

interface Guard {
  readonly _id: never
  readonly v: number
}

/** A store over one collection. `noun` is for error texts, for example `cart`. */
export const makeStore = <S extends Aggregate>(model: Model<S>, noun: string, deps: StoreDeps): Store<S> => {
  const collection = model.collection.name
  const serial = makeSerial()
  // The driver's collection is typed by mongoose's document; here only plain objects go in and out.
  const rows = model as unknown as Model<Record<string, unknown>>
  const outbox = makeOutboxSource(rows)

  const entries = (events: readonly NewEvent[]): OutboxEvent[] => events.map((event) => outboxEntry(deps, event))

  // Reads and writes of whole aggregates go to the driver directly: what a domain function returns needs no casting, and that
  // would be a good part of the work of a request. Only a field that the schema does not know is still an error.
  const refuseUnknown = (fields: object): void => {
    const unknown = Object.keys(fields).filter((key) => model.schema.pathType(key) === 'adhocOrUndefined')
    if (unknown.length > 0) throw new Error(`a ${noun} has no field ${unknown.join(', ')}`)
  }

  /** `waiting`: all the facts in the document when some were written with this commit, which saves the relay from looking for them. */
  const committed = (id: string, events: readonly NewEvent[], waiting: readonly OutboxEvent[]): void => {
    deps.bus.publish(changeTopic(collection, id))
    for (const { type } of events) metrics.events.inc({ type })
    if (events.length > 0) outbox.wake(waitingIn(id, waiting))
  }

  const get = async (id: string): Promise<S | null> =>
    (await rows.collection.findOne(
      { _id: id as never },
      { projection: { outbox: 0, delivered: 0 }, maxTimeMS: patience(operationTimeout) },
    )) as S | null

  /** Each answers with the facts that wait in the document now, as far as anybody needs them; null when the guard refused. */
  const writeSilently = async (guard: Guard, update: object, options: object): Promise<OutboxEvent[] | null> => {
    const { matchedCount } = await rows.collection.updateOne(guard, update, options)
    return matchedCount === 0 ? null : []
  }

  const writeWithFacts = async (guard: Guard, update: object, options: object): Promise<OutboxEvent[] | null> => {
    const shown = { returnDocument: 'after', projection: { outbox: 1 } } as const
    const document = await rows.collection.findOneAndUpdate(guard, update, { ...options, ...shown })
    return document && (document.outbox as OutboxEvent[])
  }

  const save = async (before: S, change: Change<S>): Promise<S | null> => {
    const { set, unset } = differences(before, change.state)
    refuseUnknown(set)
    const events = entries(change.events ?? [])
    const update = {
      $inc: { v: 1 },
      ...(Object.keys(set).length > 0 && { $set: set }),
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
      ...(events.length > 0 && { $push: { outbox: { $each: events } } }),
    }
    const guard = { _id: before._id as never, v: before.v }
    const options = { ignoreUndefined: true, maxTimeMS: operationTimeout }
    const write = events.length > 0 ? writeWithFacts : writeSilently
    const waiting = await write(guard, update, options)
    if (waiting === null) return null
    committed(before._id, events, waiting)
    return { ...change.state, v: before.v + 1 }
  }

  const rounds = async (id: string, decide: (state: S) => Change<S> | null, known?: S): Promise<S> => {
    for (let round = 0; round < maxRounds; round++) {
      const state = round === 0 && known ? known : await get(id)
      if (!state) throw new ShopError('NOT_FOUND', `There is no such ${noun}.`)
      const change = decide(state)
      if (!change) return state
      const saved = await save(state, change)
      if (saved) return saved
      await (deps.pause ?? jitter)(round)
    }
    throw new ShopError('CONFLICT', `The ${noun} is being changed by others; try again.`)
  }

  return {
    get,
    insert: async (state, events = []) => {
      refuseUnknown(state)
      const outbox = entries(events)
      await rows.collection.insertOne({ ...state, outbox } as never, { ignoreUndefined: true })
      committed(state._id, events, outbox)
      return state
    },
    update: (id, decide, known) => serial(id, () => rounds(id, decide, known)),
    outbox,
  }
}

/**
 * Inserts unless a unique index says that it is there already.
 * @returns false when it was there.
 */
export const insertOnce = async (insert: () => Promise<unknown>): Promise<boolean> => {
  try {
    await insert()
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
