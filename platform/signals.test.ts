import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { untilAborted, withEither } from './signals.ts'

const start = () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const seen: AbortSignal[] = []
  const end = Promise.withResolvers<string>()
  const done = withEither(one.signal, other.signal, (signal) => {
    seen.push(signal)
    return end.promise
  })
  const listeners = () => [one, other].map(({ signal }) => getEventListeners(signal, 'abort').length)
  return { one, other, seen, end, done, listeners }
}

test('given two signals, when one of them is aborted, then the work hears it, with its reason', async () => {
  for (const which of ['one', 'other'] as const) {
    const { seen, end, done, ...signals } = start()
    signals[which].abort(which)
    expect([seen[0]?.aborted, seen[0]?.reason]).toEqual([true, which])
    end.reject(new Error('ended'))
    await expect(done).rejects.toThrow('ended')
    expect(signals.listeners()).toEqual([0, 0])
  }
})

test('given work that ends by itself, then nothing of it stays with the signals (R13)', async () => {
  const { end, done, listeners } = start()
  expect(listeners()).toEqual([1, 1])
  end.resolve('done')
  expect(await done).toBe('done')
  expect(listeners()).toEqual([0, 0])
})

test('given a signal that was aborted before, then the work does not begin', async () => {
  const { signal } = new AbortController()
  const work = () => Promise.reject(new Error('it began'))
  const gone = AbortSignal.abort(new Error('gone'))
  await expect(withEither(signal, gone, work)).rejects.toThrow('gone')
  await expect(withEither(gone, signal, work)).rejects.toThrow('gone')
})

test('given a promise and a signal, then whichever is first counts, and nothing stays with the signal (R13)', async () => {
  const leaving = new AbortController()
  expect(await untilAborted(Promise.resolve('done'), leaving.signal)).toBe('done')
  expect(await untilAborted(Promise.resolve('done'), undefined)).toBe('done')
  const waiting = untilAborted(new Promise(() => undefined), leaving.signal)
  leaving.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
  await expect(untilAborted(Promise.resolve('done'), leaving.signal)).rejects.toThrow('left')
  expect(getEventListeners(leaving.signal, 'abort')).toEqual([])
})
