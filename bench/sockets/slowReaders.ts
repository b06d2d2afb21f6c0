import { percentile } from '../statistics.ts'
import type { Crowd } from './crowd.ts'
import { measureBroadcast, spreadOf } from './measures.ts'

export interface SlowReaders {
  readonly stuck: number
  /** How many lines the shop has closed, by its descriptors, without those of others: all of the slow, and an idle request line or two. */
  readonly closed: number
  /** Others that were closed. */
  readonly othersClosed: number
  /** p99 of a round, in milliseconds: the median of all rounds. */
  readonly before: number
  readonly during: number
  readonly rounds: number
  readonly rssBeforeMb: number
  readonly rssPeakMb: number
}

export interface SlowReadersOptions {
  readonly change: () => Promise<void>
  readonly rssMb: () => number
  readonly openSockets: () => number
  readonly seconds: number
}

const pauseMs = 1_000

/**
 * One in a hundred stops reading; everybody is told of a change every second or so, before and during for the same time. What the others
 * wait for is compared by the median of the rounds' p99: the p99 of all of them together lies in the one or two slowest rounds, which
 * a collection of garbage or a neighbour on the machine makes slow, whoever reads.
 */
export const measureSlowReaders = async (crowd: Crowd, options: SlowReadersOptions): Promise<SlowReaders> => {
  const { change, rssMb, openSockets, seconds } = options
  const stuck = crowd.stocks.slice(0, Math.ceil(crowd.all.length / 100))
  const audience = crowd.stocks.slice(stuck.length)
  let rounds = 0
  const measure = async (): Promise<number> => {
    const end = performance.now() + seconds * 1_000
    const p99s: number[] = []
    while (performance.now() < end)
      p99s.push(spreadOf(await measureBroadcast(crowd, { change, rounds: 1, audience, pauseMs })).p99)
    rounds += p99s.length
    return percentile(
      p99s.toSorted((a, b) => a - b),
      0.5,
    )
  }
  const before = await measure()
  const rssBeforeMb = rssMb()
  const openBefore = openSockets()
  for (const watcher of stuck) watcher.stopReading()
  let rssPeakMb = rssBeforeMb
  const timer = setInterval(() => {
    rssPeakMb = Math.max(rssPeakMb, rssMb())
  }, 500)
  const during = await measure()
  clearInterval(timer)
  const othersClosed = [...audience, ...crowd.carts.map(({ watcher }) => watcher)].filter((w) => w.isClosed()).length
  const closed = openBefore - openSockets() - othersClosed
  return { stuck: stuck.length, closed, othersClosed, before, during, rounds, rssBeforeMb, rssPeakMb }
}
