import { parseArgs } from 'node:util'
import type { Clock } from '#kernel/time.ts'
import { type Backlog, takeBacklog, type WorkQueue } from '#platform/board.ts'

interface Output {
  write(text: string): unknown
}

export interface OutboxOptions {
  readonly args: readonly string[]
  readonly clock: Clock
  /** Opens the shop; only called when the arguments are in order. */
  readonly open: () => Promise<{ readonly queues: readonly WorkQueue[]; stop(): Promise<void> }>
  readonly out: Output
  readonly err: Output
}

const usage = `npm run outbox -- [replay [--queue NAME] [--event ID]]

  without a word   what waits in each queue, for how long, and what was given up and why
  replay           tries what was given up again: all of it, that of one queue, or one event
`

/** Replayed from one queue at once (R13). */
const maxReplayed = 10_000

interface Wish {
  readonly replay: boolean
  readonly queue: string | null
  readonly event: string | null
}

const readWish = (args: readonly string[]): Wish | null => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { queue: { type: 'string' }, event: { type: 'string' } },
      allowPositionals: true,
    })
    const [word, ...more] = positionals
    const replay = word === 'replay'
    const isNarrowed = values.queue !== undefined || values.event !== undefined
    if ((word !== undefined && !replay) || more.length > 0 || (isNarrowed && !replay)) return null
    return { replay, queue: values.queue ?? null, event: values.event ?? null }
  } catch {
    return null
  }
}

const table = ({ queues, deadLetters }: Backlog): string =>
  [
    'waiting   dead   lag in s  queue',
    ...queues.map(({ name, pending, dead, lagMs }) =>
      [String(pending).padStart(7), String(dead).padStart(6), (lagMs / 1_000).toFixed(1).padStart(10), ` ${name}`].join(
        ' ',
      ),
    ),
    ...deadLetters.map(
      ({ queue, id, type, aggregateId, reason }) => `given up in ${queue}: ${id} ${type} of ${aggregateId}: ${reason}`,
    ),
    '',
  ].join('\n')

/**
 * Shows what waits and what was given up, or tries that again.
 * @returns the exit code: 0 done, 1 there is no such queue or event, 2 wrong arguments
 */
export const runOutbox = async ({ args, clock, open, out, err }: OutboxOptions): Promise<0 | 1 | 2> => {
  const wish = readWish(args)
  if (!wish) {
    err.write(usage)
    return 2
  }
  const shop = await open()
  try {
    if (!wish.replay) {
      out.write(table(await takeBacklog(shop.queues, clock)))
      return 0
    }
    const meant = shop.queues.filter(({ name }) => wish.queue === null || name === wish.queue)
    const counts = await Promise.all(meant.map(({ replay }) => replay(wish.event, maxReplayed)))
    const replayed = counts.reduce((all, count) => all + count, 0)
    out.write(`${replayed} on the way again. The workers of the shop take them up, now or when they run.\n`)
    const isMissing = meant.length === 0 || (wish.event !== null && replayed === 0)
    if (isMissing) err.write('There is no such queue or no such event that was given up; see npm run outbox.\n')
    return isMissing ? 1 : 0
  } finally {
    await shop.stop()
  }
}
