import type { Clock } from '#kernel/time.ts'
import { metrics } from '#platform/metrics/table.ts'
import { queueDepths } from '#platform/outbox/depths.ts'
import type { OutboxSource } from '#platform/outbox/source.ts'
import type { Unfinished } from '#platform/unfinished.ts'

export interface Backlog {
  readonly outboxes: readonly Pick<OutboxSource, 'name' | 'depth'>[]
  readonly sagas: readonly (() => Promise<Unfinished>)[]
  readonly clock: Clock
}

/** One reading for all metrics that are asked for in one look. */
const shared = <T>(read: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | null = null
  return () => {
    underWay ??= read().finally(() => {
      underWay = null
    })
    return underWay
  }
}

/** Shows what waits behind the scenes: facts in outboxes, sagas on their way. The returned function ends that. */
export const watchBacklog = ({ outboxes, sagas, clock }: Backlog): (() => void) => {
  const depths = shared(() => queueDepths(outboxes, clock))
  const unfinished = shared(() => Promise.all(sagas.map((read) => read())))
  const ofDepths = (pick: (depth: Awaited<ReturnType<typeof queueDepths>>[number]) => number) => async () =>
    (await depths()).map((depth) => ({ labels: { collection: depth.name }, value: pick(depth) }))
  const ofSagas = (pick: (saga: Unfinished) => number) => async () =>
    (await unfinished()).map((saga) => ({ labels: { saga: saga.name }, value: pick(saga) }))
  const ends = [
    metrics.outboxWaiting.watch(ofDepths(({ pending }) => pending)),
    metrics.outboxOldest.watch(ofDepths(({ lagMs }) => lagMs / 1_000)),
    metrics.outboxDead.watch(ofDepths(({ dead }) => dead)),
    metrics.sagas.watch(ofSagas(({ count }) => count)),
    metrics.sagaAge.watch(
      ofSagas(({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, clock.now() - oldestAt) / 1_000)),
    ),
  ]
  return () => {
    for (const end of ends) end()
  }
}
