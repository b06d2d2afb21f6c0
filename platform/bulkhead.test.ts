import { expect, test } from 'vitest'
import { makeBulkhead } from './bulkhead.ts'

/** Work that ends when the test says. */
const start = (bulkhead: ReturnType<typeof makeBulkhead>, signal?: AbortSignal) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const work = { began: false, resolve, reject, end: Promise.resolve('') }
  work.end = bulkhead.run(() => {
    work.began = true
    return promise
  }, signal)
  work.end.catch(() => undefined)
  return work
}

const began = async (works: readonly { began: boolean }[]): Promise<number> => {
  await new Promise(setImmediate)
  return works.filter((work) => work.began).length
}

test('given more work than room, then it waits in line, and what no longer fits into the line is refused at once (R13)', async () => {
  const bulkhead = makeBulkhead({ inFlight: 2, waiting: 2 })
  const works = [1, 2, 3, 4].map(() => start(bulkhead))
  expect(await began(works)).toBe(2)
  await expect(start(bulkhead).end).rejects.toThrow('too many calls wait')
  works[0]?.resolve('done')
  expect(await began(works)).toBe(3)
  expect(works[2]?.began).toBe(true)
  works[1]?.reject(new Error('own'))
  await expect(works[1]?.end).rejects.toThrow('own')
  expect(await began(works)).toBe(4)
})

test('given who is taken back while waiting, then the place in line is free, and the work never begins', async () => {
  const bulkhead = makeBulkhead({ inFlight: 1, waiting: 1 })
  const first = start(bulkhead)
  const left = new AbortController()
  const waiting = start(bulkhead, left.signal)
  left.abort(new Error('left'))
  await expect(waiting.end).rejects.toThrow('left')
  await expect(start(bulkhead, left.signal).end).rejects.toThrow('left')
  const next = start(bulkhead)
  first.resolve('done')
  expect(await began([waiting, next])).toBe(1)
  next.resolve('done')
  expect(await next.end).toBe('done')
  expect(await began([start(bulkhead)])).toBe(1)
})
