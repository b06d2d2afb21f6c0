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
      if (!dead) await source.done(event)
      else if (!stopping) {
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

  const sweep = async (source: OutboxSource): Promise<void> => {
    const events = await source.pending(batch)
    const results = await Promise.allSettled(groupByAggregate(events).map((group) => relayInOrder(source, group)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed && !stopping) throw failed.reason
    if (events.length >= batch) again = true
  }

  const run = async (): Promise<void> => {
    do {
      again = false
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
    },
  }
}
