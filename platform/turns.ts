/** How long steps of ours may take of one turn of the event loop before whoever else waits gets one, in milliseconds. */
const longMs = 5

export interface Turns {
  /** To be awaited before a step that takes a while: who waits goes on in order, in this turn while there is time, else in the next ones. */
  readonly breathe: () => Promise<void>
  /** How long the one who is next has waited, in milliseconds; 0 when nobody waits. */
  readonly wait: () => number
  /** The longest that anybody has waited since this was asked last. */
  readonly longestWait: () => number
}

interface Waiting {
  readonly since: number
  readonly go: () => void
}

/**
 * Shares out the turns of the event loop. What many wait for together, one read of the database for all of them, lets them all go on in
 * one turn, one after the other; requests that come meanwhile would wait for the last of them, also those that are only sent away. Who
 * waits costs a promise; how many wait is bounded by the places for operations.
 */
export const makeTurns = (now: () => number): Turns => {
  const line: Waiting[] = []
  let beganAt: number | null = null
  let isLettingGo = false
  let longest = 0

  const isLong = (): boolean => beganAt !== null && now() - beganAt >= longMs

  /** Each comes to its end, or waits for something else, before there is a look at the clock and the next one goes. */
  const letGo = (): void => {
    const next = isLong() ? undefined : line.shift()
    isLettingGo = next !== undefined
    if (!next) return
    longest = Math.max(longest, now() - next.since)
    next.go()
    queueMicrotask(() => process.nextTick(letGo))
  }

  const begin = (): void => {
    beganAt = now()
    setImmediate(() => {
      beganAt = null
      if (line.length === 0) return
      begin()
      letGo()
    })
  }

  const wait = (): number => (line[0] ? now() - line[0].since : 0)

  return {
    breathe: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      line.push({ since: now(), go: resolve })
      if (beganAt === null) begin()
      if (!isLettingGo) {
        isLettingGo = true
        process.nextTick(letGo)
      }
      return promise
    },
    wait,
    longestWait: () => {
      const waited = Math.max(longest, wait())
      longest = 0
      return waited
    },
  }
}

/** Of this process, which has one event loop. */
export const turns = makeTurns(() => performance.now())
