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

const groupByAggregate = (events: readonly PendingEvent[]): PendingEvent[][] => [
  ...Map.groupBy(events, (event) => event.aggregateId).values(),
]

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

  const deliver = async (event: PendingEvent): Promise<JobResult[]> =>
    unlessStopped(
      Promise.all(
        consumers
          .filter((consumer) => Object.hasOwn(consumer.on, event.type))
          .map((consumer) => queue.add(consumer.name, { id: event.id, payload: event })),
      ),
    )

  const relayInOrder = async (source: OutboxSource, events: readonly PendingEvent[]): Promise<void> => {
    for (const event of events) {
      if (stopping || !isMine()) return
      const dead = (await deliver(event)).find((result) => result.status === 'dead')
      if (dead && stopping) return
      if (!dead) {
        await source.done(event)
        metrics.outboxLag.observe(Math.max(0, clock.now() - event.at.getTime()) / 1_000)
      } else {
        log.error('an event was given up', {
          event: event.type,
          eventId: event.id,
          reason: dead.reason,
          collection: source.name,
        })
        await source.bury(event, dead.reason)
      }
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

interface PumpOptions {
  readonly source: OutboxSource
  readonly relayInOrder: (source: OutboxSource, events: readonly PendingEvent[]) => Promise<void>
  readonly log: Log
  /** Another process delivers. */
  readonly isIdle: () => boolean
  readonly isStopping: () => boolean
}

/** Looks for the waiting facts of one source whenever it is woken, and begins their delivery. */
const makePump = ({ source, relayInOrder, log, isIdle, isStopping }: PumpOptions) => {
  /** What is being delivered, by aggregate: one that waits for a retry holds up only its own followers (F11). */
  const busy = new Map<string, Promise<void>>()
  const missed = new Set<string>()
  /** Events that were finished while the present look was under way: it may still show them. */
  const finished = new Set<string>()
  /** The last look found a full batch, so there may be more behind it. */
  let more = false
  let looking: Promise<void> | null = null
  let again = false

  const deliver = async (aggregateId: string, events: readonly PendingEvent[]): Promise<void> => {
    try {
      await relayInOrder(source, events)
      for (const { id } of events) finished.add(id)
    } catch (error) {
      if (!isStopping()) log.warn('the relay will try again', { collection: source.name, ...faultFields(error) })
    } finally {
      busy.delete(aggregateId)
      if (missed.delete(aggregateId) || (more && busy.size === 0)) wake()
    }
  }

  const begin = (events: readonly PendingEvent[]): void => {
    const aggregateId = events[0]?.aggregateId ?? ''
    if (busy.has(aggregateId)) missed.add(aggregateId)
    else busy.set(aggregateId, deliver(aggregateId, events))
  }

  const look = async (): Promise<void> => {
    finished.clear()
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

  source.onCommit(wake)
  return {
    wake,
    settled: async (): Promise<void> => {
      await looking
      await Promise.all(busy.values())
    },
  }
}
