import type { WorkQueue } from '#platform/board.ts'
import type { Consumer } from '#platform/outbox/relay.ts'
import type { ReplayRequested } from '../subgraphs/users/events.ts'

const replayRequested: ReplayRequested['type'] = 'ReplayRequested'

/** At most so many at once (R13); an administrator asks again for the rest. */
const maxReplayed = 1_000

/** Sends dead letters on their way again when an administrator asks for it. Asked twice, there is nothing left to send. */
export const makeReplayConsumer = (queues: readonly WorkQueue[]): Consumer => ({
  name: 'workers.replay',
  on: {
    [replayRequested]: async ({ payload }) => {
      const { queue, eventId } = payload as ReplayRequested['payload']
      await queues.find(({ name }) => name === queue)?.replay(eventId, maxReplayed)
    },
  },
})
