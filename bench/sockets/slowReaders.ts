import type { Crowd } from './crowd.ts'
import { measureBroadcast, type Spread, spreadOf } from './measures.ts'

export interface SlowReaders {
  readonly stuck: number
  /** How many of them the gateway has closed. */
  readonly closed: number
  /** Others that were closed. */
  readonly othersClosed: number
  readonly before: Spread
  readonly during: Spread
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
 * One in a hundred stops reading; everybody is told of a change every second or so. Before and during take equally long: p99 lies in the
 * slowest of the rounds, and the slowest of many is slower than the slowest of few.
 */
export const measureSlowReaders = async (crowd: Crowd, options: SlowReadersOptions): Promise<SlowReaders> => {
  const { change, rssMb, openSockets, seconds } = options
  const stuck = crowd.stocks.slice(0, Math.ceil(crowd.all.length / 100))
  const audience = crowd.stocks.slice(stuck.length)
  const measure = async (): Promise<Spread> => {
    const end = performance.now() + seconds * 1_000
    const took: number[] = []
    while (performance.now() < end)
      for (const ms of await measureBroadcast(crowd, { change, rounds: 5, audience, pauseMs })) took.push(ms)
    return spreadOf(took)
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
  return { stuck: stuck.length, closed, othersClosed, before, during, rssBeforeMb, rssPeakMb }
}
