import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Clock, days, type Millis } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { Backlog, Board, JobState } from '#platform/board.ts'
import type { Asker } from '#platform/context.ts'
import type { ReplayRequested } from '../events.ts'
import type { ReplayModel } from '../model/replays.ts'

export interface OperationsDeps {
  readonly board: Pick<Board, 'backlog' | 'jobs'>
  readonly replays: Pick<ReplayModel, 'insert'>
  readonly clock: Clock
  readonly ids: Ids
}

/** All queues together. */
export interface OutboxState extends Backlog {
  readonly pending: number
  readonly dead: number
  readonly lagMs: Millis
}

/** What administrators see of the work behind the scenes, and do about it. */
export const makeOperations = ({ board, replays, clock, ids }: OperationsDeps) => ({
  /** What waits, as the workers wrote it down last; null when they never did. */
  outbox: async (): Promise<OutboxState | null> => {
    const backlog = await board.backlog()
    if (!backlog) return null
    const { queues } = backlog
    return {
      ...backlog,
      pending: queues.reduce((all, { pending }) => all + pending, 0),
      dead: queues.reduce((all, { dead }) => all + dead, 0),
      lagMs: Math.max(0, ...queues.map(({ lagMs }) => lagMs)),
    }
  },

  jobs: (): Promise<JobState[]> => board.jobs(),

  /** Has the workers try given-up facts again; asked twice, there is nothing left to try. @throws ShopError NOT_FOUND */
  replay: async (asker: Asker, queue: string, eventId: string | null): Promise<void> => {
    const backlog = await board.backlog()
    if (!backlog?.queues.some(({ name }) => name === queue))
      throw new ShopError('NOT_FOUND', 'There is no such queue; see `outbox`.', ['input', 'queue'])
    const requested: ReplayRequested = { type: 'ReplayRequested', payload: { queue, eventId } }
    const expireAt = new Date(clock.now() + days(7))
    const events = [requested, actDone(asker, 'EVENTS_REPLAYED', eventId ?? queue)]
    await replays.insert({ _id: ids.next('req'), v: 1, queue, eventId, expireAt }, events)
  },
})

export type Operations = ReturnType<typeof makeOperations>
