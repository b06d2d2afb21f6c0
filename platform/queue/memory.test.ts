import { expect, test } from 'vitest'
import { queueContract } from './contract.ts'
import { makeMemoryQueue } from './memory.ts'

const noPause = async () => undefined

queueContract('memory queue', async () => makeMemoryQueue({ pause: noPause }))

test('memory queue: given it is full, when one more is added, then it is refused at once (R13)', async () => {
  const queue = makeMemoryQueue({ pause: noPause, maxWaiting: 1 })
  const first = queue.add('mail', { id: '1', payload: null })
  await expect(queue.add('mail', { id: '2', payload: null })).rejects.toThrow('full')
  const stopped = expect(first).rejects.toThrow('stopping')
  await queue.stop()
  await stopped
})

test('memory queue: given failures, when it pauses, then pauses double up to the cap, with jitter between half and whole', async () => {
  const pauses: number[] = []
  const queue = makeMemoryQueue({
    pause: async (ms) => {
      pauses.push(ms)
    },
    random: () => 1,
    retries: { attempts: 5, pause: 1_000, maxPause: 3_000 },
  })
  queue.work('mail', async () => {
    throw new Error('no')
  })
  await queue.add('mail', { id: '1', payload: null })
  expect(pauses).toEqual([1_000, 2_000, 3_000, 3_000])
  await queue.stop()
})

test('memory queue: given a job between two attempts, when the queue stops, then it ends at once and the job is not dead (I16)', async () => {
  const paused = Promise.withResolvers<void>()
  const pause = () => {
    paused.resolve()
    return new Promise<void>(() => undefined)
  }
  const queue = makeMemoryQueue({ pause })
  queue.work('mail', () => Promise.reject(new Error('not yet')))
  const adding = expect(queue.add('mail', { id: '1', payload: null })).rejects.toThrow('the queue is stopping')
  await paused.promise
  await queue.stop()
  await adding
})

test('memory queue: given it has stopped, when a job is added, then it is refused', async () => {
  const queue = makeMemoryQueue({ pause: noPause })
  await queue.stop()
  await expect(queue.add('mail', { id: '1', payload: null })).rejects.toThrow('stopping')
})

test('memory queue: given a worker that leaves, when another comes, then it goes on with what waits', async () => {
  const queue = makeMemoryQueue({ pause: noPause })
  const seen: string[] = []
  const work = (name: string) => queue.work('mail', async ({ id }) => void seen.push(`${name} ${id}`))
  const leave = work('first')
  await queue.add('mail', { id: '1', payload: null })
  await leave()
  const waiting = queue.add('mail', { id: '2', payload: null })
  expect(seen).toEqual(['first 1'])
  work('second')
  expect(await waiting).toEqual({ status: 'done' })
  expect(seen).toEqual(['first 1', 'second 2'])
  await queue.stop()
})
