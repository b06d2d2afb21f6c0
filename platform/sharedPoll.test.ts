import { expect, onTestFinished, test, vi } from 'vitest'
import { makeLog } from './log.ts'
import { makeSharedPoll } from './sharedPoll.ts'

/** A store of numbers, a poll over it, and the ids of each of its operations. */
const start = () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const seqs = new Map<string, number>()
  const operations: (readonly string[])[] = []
  const failing = { times: 0 }
  const lines: string[] = []
  const poll = makeSharedPoll({
    everyMs: 1_000,
    read: async (ids) => {
      operations.push(ids)
      if (failing.times-- > 0) throw new Error('the database is away')
      return new Map([...seqs].filter(([id]) => ids.includes(id)))
    },
    log: makeLog('warn', { write: (line) => void lines.push(line) }),
  })
  return { seqs, operations, failing, lines, poll }
}

test('given two watchers of one id and one of another, when a round is over, then one operation has told each its number', async () => {
  const { poll, seqs, operations } = start()
  seqs.set('a', 3)
  const told: [string, number][] = []
  for (const [name, id] of [
    ['first', 'a'],
    ['second', 'a'],
    ['third', 'b'],
  ] as const)
    poll.watch(id, (seq) => told.push([name, seq]))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual([
    ['first', 3],
    ['second', 3],
    ['third', 0],
  ])
  expect(operations).toEqual([['a', 'b']])
})

test('given 10,000 quiet watchers, when a round is over, then it took 20 operations', async () => {
  const { poll, operations } = start()
  for (let i = 0; i < 10_000; i++) poll.watch(`cart_${i}`, () => undefined)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(operations).toHaveLength(20)
})

test('given the last watcher leaves, then no timer runs; given one comes back, then it is told again (leak)', async () => {
  const { poll, seqs, operations } = start()
  const tell = vi.fn()
  const leaves = [poll.watch('a', tell), poll.watch('a', tell), poll.watch('b', tell)]
  for (const leave of leaves) leave()
  for (const leave of leaves) leave()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(operations).toEqual([])
  seqs.set('a', 9)
  poll.watch('a', tell)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tell.mock.calls).toEqual([[9]])
})

test('given an operation that fails, then the log tells and the next round asks again', async () => {
  const { poll, seqs, failing, lines } = start()
  seqs.set('a', 1)
  failing.times = 1
  const tell = vi.fn()
  poll.watch('a', tell)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tell).not.toHaveBeenCalled()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'a poll of feeds will ask again' }])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tell.mock.calls).toEqual([[1]])
})
