import { expect, test } from 'vitest'
import { makeTurns } from './turns.ts'

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Work of so many milliseconds a step, by a clock of its own. */
const start = (stepMs: number) => {
  let now = 0
  const turns = makeTurns(() => now)
  const done: number[] = []
  return {
    turns,
    done,
    step: async (n: number) => {
      await turns.breathe()
      // A step goes on after whatever else it waits for and has at hand.
      await Promise.resolve()
      now += stepMs
      done.push(n)
    },
  }
}

test('given little to do, then nobody waits for another turn', async () => {
  const { step, done } = start(1)
  let isNext = false
  void nextTurn().then(() => {
    isNext = true
  })
  await Promise.all([step(0), step(1), step(2)])
  expect([done, isNext]).toEqual([[0, 1, 2], false])
})

test('given a hundred who may all go on at once, when each takes 2 ms, then a turn has few of them, in their order, and others come in between (L1)', async () => {
  const { step, done } = start(2)
  // The first turn is taken up by somebody who takes long.
  await Promise.all([step(0), step(1), step(2)])
  const all = Promise.all(Array.from({ length: 100 }, (_, n) => step(n + 3)))
  const between: number[] = []
  while (done.length < 103) {
    await nextTurn()
    between.push(done.length)
  }
  await all
  expect(done).toEqual(Array.from({ length: 103 }, (_, n) => n))
  const ofATurn = between.slice(1).map((count, n) => count - (between[n] ?? 0))
  expect(Math.max(...ofATurn)).toBeLessThanOrEqual(3)
})

test('given who has waited, when it is asked how long, then it is told once', async () => {
  const { step, turns } = start(6)
  await Promise.all([step(0), step(1), step(2)])
  expect(turns.longestWait()).toBeGreaterThanOrEqual(6)
  expect(turns.longestWait()).toBe(0)
})

test('given a step that fails, then those behind it have their turns', async () => {
  const { step, turns, done } = start(6)
  const failing = async () => {
    await turns.breathe()
    throw new Error('in between')
  }
  const all = [step(0), failing(), step(1)]
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(done).toEqual([0, 1])
})
