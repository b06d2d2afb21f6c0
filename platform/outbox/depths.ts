import type { Clock, Millis } from '#kernel/time.ts'
import type { OutboxSource } from './source.ts'

/** How much waits in one outbox, and for how long the oldest of it has. */
export interface QueueDepth {
  /** The collection whose documents hold the outbox. */
  readonly name: string
  readonly pending: number
  readonly dead: number
  /** 0 when nothing waits. */
  readonly lagMs: Millis
}

/** What waits in these outboxes now: one indexed count for each. @throws when the database is away */
export const queueDepths = async (
  sources: readonly Pick<OutboxSource, 'name' | 'depth'>[],
  clock: Clock,
): Promise<QueueDepth[]> =>
  Promise.all(
    sources.map(async ({ name, depth }) => {
      const { pending, dead, oldestAt } = await depth()
      return { name, pending, dead, lagMs: oldestAt === null ? 0 : Math.max(0, clock.now() - oldestAt) }
    }),
  )
