import { onTestFinished } from 'vitest'

const everyMs = 50

/**
 * How many milliseconds this process has lived since: while it stands still no time passes for it. Node gives a timer that is late one
 * turn and not as many as it has missed, so a machine that has no time for us counts as one tick, and a product that waits as all of them.
 */
export const liveClock = (): (() => number) => {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, everyMs)
  onTestFinished(() => clearInterval(timer))
  return () => ticks * everyMs
}
