import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/**
 * Whether the work ends before a timer that begins beside it, with whatever outcome. A machine that stands still for a while delays both,
 * and what ends by a shorter timer of this process still ends first.
 */
export const endsWithin = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
  }, ms)
  await work.catch(() => undefined)
  clearTimeout(timer)
  return !isOver
}

/** A round of a short timer and a question that takes no longer is nobody's delay. */
const everyMs = 20
const usualMs = 50

/**
 * How late this process is, and whoever it asks: bounds in time are about the shop, and a machine that stands still does not count.
 * `ms`: how much longer than usual the rounds have taken that began since this was called, in all.
 */
export const watchLateness = (question: () => Promise<unknown> = async () => undefined) => {
  let [began, late] = [performance.now(), 0]
  let going = true
  const beyond = (): number => Math.max(0, performance.now() - began - usualMs)
  const watch = async (): Promise<void> => {
    while (going) {
      began = performance.now()
      await pause(everyMs)
      await question().catch(() => undefined)
      late += beyond()
    }
  }
  const watching = watch()
  return {
    ms: (): number => (going ? late + beyond() : late),
    stop: async (): Promise<void> => {
      going = false
      await watching
    },
  }
}

const tickMs = 50

/**
 * How many milliseconds this process has lived since: while it stands still no time passes for it. Node gives a timer that is late one
 * turn and not as many as it has missed, so a machine that has no time for us counts as one tick, and a product that waits as all of them.
 */
export const liveClock = (): (() => number) => {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, tickMs)
  onTestFinished(() => clearInterval(timer))
  return () => ticks * tickMs
}
