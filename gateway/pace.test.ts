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
  expect(between.slice(1, 4).map((done, n) => done - (between[n] ?? 0))).toEqual([10, 10, 10])
})

test('given thousands who come at once, then they have their turns in the order in which they came (L4)', async () => {
  const pace = makePace(50)
  const served: number[] = []
  await Promise.all(
    Array.from({ length: 5_000 }, async (_, n) => {
      await pace()
      served.push(n)
    }),
  )
  expect(served).toEqual(served.toSorted((a, b) => a - b))
})
