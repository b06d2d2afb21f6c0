import type { Clock, Millis } from '#kernel/time.ts'
import { type LastRun, readLeases } from './leases/mongo.ts'
import type { Database } from './mongo.ts'
import { type QueueDepth, queueDepths } from './outbox/depths.ts'
import type { DeadLetter, OutboxSource } from './outbox/source.ts'

/** Work that waits for the workers: an outbox, or the mails. */
export type WorkQueue = Pick<OutboxSource, 'name' | 'depth' | 'dead' | 'replay'>

export interface QueuedDeadLetter extends DeadLetter {
  readonly queue: string
}

/** What waits, as it was at one moment. */
export interface Backlog {
  readonly asOf: Millis
  readonly queues: readonly QueueDepth[]
  /** Some of those that were given up, for people to look at. */
  readonly deadLetters: readonly QueuedDeadLetter[]
}

/** A job of the workers, and how it went the last time. */
export interface JobState {
  readonly name: string
  /** Null while nobody has it: it was handed back, or never begun. */
  readonly holder: string | null
  readonly lastRun: LastRun | null
}

/** Dead letters on the board. */
const maxLetters = 100

/** What waits in these queues now. @throws when the database is away */
export const takeBacklog = async (queues: readonly WorkQueue[], clock: Clock): Promise<Backlog> => {
  const depths = await queueDepths(queues, clock)
  const filled = queues.filter((_, index) => (depths[index]?.dead ?? 0) > 0)
  const letters = await Promise.all(
    filled.map(async ({ name, dead }) => (await dead(maxLetters)).map((letter) => ({ queue: name, ...letter }))),
  )
  return { asOf: clock.now(), queues: depths, deadLetters: letters.flat().slice(0, maxLetters) }
}

/** The board on which the workers write what waits, for administrators and whoever may not look into all databases. */
export const makeBoard = (database: Database) => {
  const board = () => database.collection('board')
  return {
    write: async (backlog: Backlog): Promise<void> => {
      await board().replaceOne({ _id: 'backlog' as never }, backlog, { upsert: true })
    },
    /** Null until the workers have written for the first time. */
    backlog: async (): Promise<Backlog | null> => {
      const found = await board().findOne({ _id: 'backlog' as never })
      return found as unknown as Backlog | null
    },
    jobs: async (): Promise<JobState[]> =>
      (await readLeases(database)).map(({ _id, holder, lastRun = null }) => ({ name: _id, holder, lastRun })),
  }
}

export type Board = ReturnType<typeof makeBoard>
