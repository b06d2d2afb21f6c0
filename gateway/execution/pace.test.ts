import { expect, test } from 'vitest'
import { makePace } from './pace.ts'

test('given two long works, when somebody else waits for a turn, then it comes after so many steps of both together (L4)', async () => {
  const pace = makePace(10)
  let steps = 0
  const work = async () => {
    for (let n = 0; n < 50; n += 1) {
      await pace()
      steps += 1
    }
  }
  const works = Promise.all([work(), work()])
  const between: number[] = []
  while (steps < 100) {
    await new Promise((resolve) => setImmediate(resolve))
    between.push(steps)
  }
  await works
  expect(between.slice(0, 3)).toEqual([10, 20, 30])
})
