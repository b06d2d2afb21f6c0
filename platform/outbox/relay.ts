import { type Clock, systemClock } from '#kernel/time.ts'
import { faultFields, type Log } from '../log.ts'
import { metrics } from '../metrics/table.ts'
import type { JobResult, Queue, RetryPolicy } from '../queue/queue.ts'
import type { PendingEvent } from '../store.ts'
import { handlingOf } from './handling.ts'
import type { OutboxSource } from './source.ts'

/** Somebody who acts on facts. Deliveries repeat after a crash, so every handler is idempotent (rule R7). */
export interface Consumer {
  /** Unique name, for example `cart.mergeGuestCart`. */
  readonly name: string
  /** Handlers by event type. */
  readonly on: Readonly<Record<string, (event: PendingEvent) => Promise<void>>>
  /** How often it is tried: absent, as ordinary work is. */
  readonly retries?: RetryPolicy
}

export interface RelayOptions {
  readonly sources: readonly OutboxSource[]
  readonly consumers: readonly Consumer[]
  readonly queue: Queue
  readonly log: Log
  /** By which it is told how long facts take to their consumers. */
  readonly clock?: Clock
  /** Looks for events at least this often, also those that another process wrote. */
  readonly pollMs: number
  /** Whether this process is the one that delivers. Absent: the queue is shared, and decides who does what (ADR 0020). */
  readonly isMine?: () => boolean
}

/** Documents read at once (parameters table: outbox). */
const batch = 100

/** Documents whose facts are on their way at once. */
const mostBusy = 1_000

const groupByAggregate = (events: readonly PendingEvent[]): PendingEvent[][] => [
  ...Map.groupBy(events, (event) => event.aggregateId).values(),
]

/**
 * Neighbours that no consumer shares, and so may go at once and leave their document with one write: a consumer still sees its own one
 * after another, each marked before the next one comes.
 */
const withoutSharedConsumers = (
  events: readonly PendingEvent[],
  consumersOf: (event: PendingEvent) => readonly Consumer[],
): PendingEvent[][] => {
  const groups: PendingEvent[][] = []
  let taken = new Set<Consumer>()
  for (const event of events) {
    const wanting = consumersOf(event)
    const group = wanting.some((consumer) => taken.has(consumer)) ? undefined : groups.at(-1)
    if (group) group.push(event)
    else {
      groups.push([event])
      taken = new Set()
    }
    for (const consumer of wanting) taken.add(consumer)
  }
  return groups
}

/**
 * Brings facts from the outboxes to their consumers: at least once, in order per aggregate (I16, I17). An event leaves its
 * document only when every consumer has it; one that is given up stays there with its reason and lets its followers pass.
 */
export const makeRelay = (options: RelayOptions) => {
  const { sources, consumers, queue, log, clock = systemClock, pollMs, isMine = () => true } = options
  let stopping = false

  const leave = consumers.map((consumer) => queue.work(consumer.name, handlingOf(consumer, log), consumer.retries))

  /** Lets go of deliveries that wait in a queue: once the relay stops, nobody works there any more. */
  const lettingGo = new Set<() => void>()

  const unlessStopped = async <T>(work: Promise<T>): Promise<T> => {
    const { promise, reject } = Promise.withResolvers<never>()
    const letGo = () => reject(new Error('the relay is stopping'))
    lettingGo.add(letGo)
    try {
      return await Promise.race([work, promise])
    } finally {
      lettingGo.delete(letGo)
    }
  }

  const consumersOf = ({ type }: PendingEvent): Consumer[] => consumers.filter(({ on }) => Object.hasOwn(on, type))

  const deliver = async (event: PendingEvent): Promise<JobResult[]> =>
    unlessStopped(Promise.all(consumersOf(event).map(({ name }) => queue.add(name, { id: event.id, payload: event }))))

  const bury = async (source: OutboxSource, event: PendingEvent, reason: string): Promise<void> => {
    log.error('an event was given up', { event: event.type, eventId: event.id, reason, collection: source.name })
    await source.bury(event, reason)
  }

  const relayTogether = async (source: OutboxSource, events: readonly PendingEvent[]): Promise<void> => {
    const results = await Promise.all(events.map(deliver))
    const reasons = results.map((each) => each.find((result) => result.status === 'dead')?.reason)
    const done = events.filter((_, index) => reasons[index] === undefined)
    if (done.length > 0)
      await source.done(done.map((event) => ({ ...event, to: consumersOf(event).map(({ name }) => name) })))
    for (const { at } of done) metrics.outboxLag.observe(Math.max(0, clock.now() - at.getTime()) / 1_000)
    for (const [index, event] of events.entries()) {
      const reason = reasons[index]
      if (reason !== undefined && !stopping) await bury(source, event, reason)
    }
  }

  /** Tells `finish` of those that wait no more. */
  const relayInOrder: RelayInOrder = async (source, events, finish) => {
    for (const group of withoutSharedConsumers(events, consumersOf)) {
      if (stopping || !isMine()) return
      await relayTogether(source, group)
      for (const { id } of group) finish(id)
    }
  }

  const pumps = sources.map((source) =>
    makePump({ source, relayInOrder, log, isIdle: () => !isMine(), isStopping: () => stopping }),
  )
  const wakeAll = (): void => {
    for (const pump of pumps) pump.wake()
  }
  const timer = setInterval(wakeAll, pollMs)
  wakeAll()

  return {
    name: 'relay',
    wake: wakeAll,
    stop: async (): Promise<void> => {
      stopping = true
      clearInterval(timer)
      await Promise.all(leave.map((end) => end()))
      for (const letGo of lettingGo) letGo()
      await Promise.all(pumps.map((pump) => pump.settled()))
    },
  }
}

type RelayInOrder = (
  source: OutboxSource,
  events: readonly PendingEvent[],
  finish: (id: string) => void,
) => Promise<void>

interface PumpOptions {
  readonly source: OutboxSource
  readonly relayInOrder: RelayInOrder
  readonly log: Log
  /** Another process delivers. */
  readonly isIdle: () => boolean
  readonly isStopping: () => boolean
}

/** Looks for the waiting facts of one source whenever it is woken, and begins their delivery. */
const makePump = ({ source, relayInOrder, log, isIdle, isStopping }: PumpOptions) => {
  /** What is being delivered, by aggregate: one that waits for a retry holds up only its own followers (F11). */
  const busy = new Map<string, ReadonlySet<string>>()
  const deliveries = new Set<Promise<void>>()
  /** What waits in a document that is busy, with facts that came after the delivery had begun. */
  const next = new Map<string, readonly PendingEvent[]>()
  /** Events that were finished since the last look began, and since the one before: what was read earlier may still show them. */
  let finished = new Set<string>()
  let finishedBefore = finished
  /** The last look found a full batch, so there may be more behind it. */
  let more = false
  let looking: Promise<void> | null = null
  let again = false

  const unfinished = (events: readonly PendingEvent[]): PendingEvent[] =>
    events.filter(({ id }) => !finished.has(id) && !finishedBefore.has(id))

  const deliver = async (aggregateId: string, events: readonly PendingEvent[]): Promise<void> => {
    try {
      await relayInOrder(source, events, (id) => finished.add(id))
    } catch (error) {
      if (!isStopping()) log.warn('the relay will try again', { collection: source.name, ...faultFields(error) })
    } finally {
      busy.delete(aggregateId)
      const followers = next.get(aggregateId) ?? []
      next.delete(aggregateId)
      begin(unfinished(followers))
      if (more && busy.size === 0) wake()
    }
  }

  /** All that waits in one document, in its order. */
  const begin = (events: readonly PendingEvent[]): void => {
    const [first] = events
    if (!first || isStopping() || isIdle()) return
    const { aggregateId } = first
    const underWay = busy.get(aggregateId)
    if (!underWay) {
      // They stay in their documents, where a later look finds them (rule R13).
      if (busy.size >= mostBusy) return
      busy.set(aggregateId, new Set(events.map(({ id }) => id)))
      const delivery = deliver(aggregateId, events).finally(() => deliveries.delete(delivery))
      deliveries.add(delivery)
    } else if (events.some(({ id }) => !underWay.has(id))) {
      const known = next.get(aggregateId) ?? []
      const fresh = events.filter((event) => !known.some(({ id }) => id === event.id))
      next.set(aggregateId, [...known, ...fresh])
    }
  }

  const look = async (): Promise<void> => {
    finishedBefore = finished
    finished = new Set()
    const events = await source.pending(batch)
    more = events.length >= batch
    for (const group of groupByAggregate(events.filter(({ id }) => !finished.has(id)))) begin(group)
  }

  const run = async (): Promise<void> => {
    do {
      again = false
      try {
        await look()
      } catch (error) {
        if (!isStopping()) log.warn('the relay will try again', { collection: source.name, ...faultFields(error) })
      }
    } while (again && !isStopping())
  }

  /** Starts a look, or asks the present one for another: no wake-up is lost. */
  const wake = (): void => {
    if (isStopping() || isIdle()) return
    again = true
    looking ??= run().finally(() => {
      looking = null
      if (again) wake()
    })
  }

  // Facts that were just written in this process need no look.
  source.onCommit((waiting) => (waiting ? begin(unfinished(waiting)) : wake()))
  return {
    wake,
    settled: async (): Promise<void> => {
      await looking
      await Promise.all(deliveries)
    },
  }
}
