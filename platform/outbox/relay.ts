import { faultFields, type Log } from '../log.ts'
import type { JobResult, Queue } from '../queue/queue.ts'
import type { OutboxSource, PendingEvent } from '../store.ts'

/** Somebody who acts on facts. Deliveries repeat after a crash, so every handler is idempotent (rule R7). */
export interface Consumer {
  /** Unique name, for example `cart.mergeGuestCart`. */
  readonly name: string
  /** Handlers by event type. */
  readonly on: Readonly<Record<string, (event: PendingEvent) => Promise<void>>>
}

export interface RelayOptions {
  readonly sources: readonly OutboxSource[]
  readonly consumers: readonly Consumer[]
  readonly queue: Queue
  readonly log: Log
  /** Looks for events at least this often, also those that another process wrote. */
  readonly pollMs: number
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
export const makeRelay = ({ sources, consumers, queue, log, pollMs }: RelayOptions) => {
  let stopping = false
  let running: Promise<void> | null = null
  let again = false

  const leave = consumers.map((consumer) =>
    queue.work(consumer.name, async (job) => {
      const event = job.payload as PendingEvent
      await consumer.on[event.type]?.(event)
    }),
  )

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
      if (stopping) return
      const dead = (await deliver(event)).find((result) => result.status === 'dead')
      if (dead && stopping) return
      if (!dead) await source.done(event)
      else {
        log.error('an event was given up', {
          event: event.type,
          eventId: event.id,
          reason: dead.reason,
          collection: source.name,
        })
        await source.bury(event, dead.reason)
      }
      finished.add(event.id)
    }
  }

  /** What is being delivered, by source and aggregate: one that waits for a retry holds up only its own followers (F11). */
  const busy = new Map<string, Promise<void>>()
  const missed = new Set<string>()
  /** Events that were finished while the present look was under way: it may still show them. */
  const finished = new Set<string>()
  /** The last look found a full batch, so there may be more behind it. */
  let more = false

  const begin = (source: OutboxSource, events: readonly PendingEvent[]): void => {
    const key = `${source.name}:${events[0]?.aggregateId}`
    if (busy.has(key)) {
      missed.add(key)
      return
    }
    const work = async (): Promise<void> => {
      try {
        await relayInOrder(source, events)
      } catch (error) {
        if (!stopping) log.warn('the relay will try again', { collection: source.name, ...faultFields(error) })
      } finally {
        busy.delete(key)
        if (missed.delete(key) || (more && busy.size === 0)) wake()
      }
    }
    busy.set(key, work())
  }

  const sweep = async (source: OutboxSource): Promise<void> => {
    const events = await source.pending(batch)
    if (events.length >= batch) more = true
    const due = events.filter(({ id }) => !finished.has(id))
    for (const group of groupByAggregate(due)) begin(source, group)
  }

  const run = async (): Promise<void> => {
    do {
      again = false
      more = false
      finished.clear()
      for (const result of await Promise.allSettled(sources.map(sweep))) {
        if (result.status === 'rejected' && !stopping) log.warn('the relay will try again', faultFields(result.reason))
      }
    } while (again && !stopping)
  }

  /** Starts a round, or asks the present one for another: no wake-up is lost. */
  const wake = (): void => {
    if (stopping) return
    again = true
    running ??= run().finally(() => {
      running = null
      if (again) wake()
    })
  }

  for (const source of sources) source.onCommit(wake)
  const timer = setInterval(wake, pollMs)
  wake()

  return {
    name: 'relay',
    stop: async (): Promise<void> => {
      stopping = true
      clearInterval(timer)
      await Promise.all(leave.map((end) => end()))
      for (const letGo of lettingGo) letGo()
      await running
      await Promise.all(busy.values())
    },
  }
}
