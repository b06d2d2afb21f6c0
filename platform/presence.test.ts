import { expect, onTestFinished, test, vi } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { Away, makePresence, restartTime } from './presence.ts'

/** Somebody who is there or not, and pauses that end when the test says so. */
const start = ({ isThere = false, patience = restartTime }: { isThere?: boolean; patience?: number } = {}) => {
  const clock = makeManualClock()
  const seen = { isThere, asked: 0, returns: 0, pauses: [] as number[] }
  let next = Promise.withResolvers<void>()
  const presence = makePresence({
    clock,
    isThere: async () => {
      seen.asked += 1
      return seen.isThere
    },
    onReturn: () => {
      seen.returns += 1
    },
    pause: (ms) => {
      seen.pauses.push(ms)
      return next.promise
    },
    patience: () => patience,
  })
  const goOn = async (): Promise<void> => {
    await expect.poll(() => seen.pauses.length).toBe(seen.asked)
    const asked = seen.asked
    next.resolve()
    next = Promise.withResolvers()
    await expect.poll(() => seen.asked).toBeGreaterThan(asked)
  }
  return { clock, presence, seen, goOn }
}

test('given nobody was missed, then nobody waits and nobody is looked for', async () => {
  const { presence, seen } = start()
  await presence.whenThere()
  expect(seen.asked).toBe(0)
})

test('given somebody is missed, then one question at a time looks for them, at least each 250 ms, until they answer (F2)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { presence, seen, goOn } = start()
  presence.missed()
  presence.missed()
  for (let round = 0; round < 6; round += 1) await goOn()
  expect(seen.pauses.slice(0, 6)).toEqual([25, 50, 100, 200, 250, 250])
  const waiting = [presence.whenThere(), presence.whenThere()]
  seen.isThere = true
  await goOn()
  await Promise.all(waiting)
  expect(seen).toMatchObject({ asked: 8, returns: 1 })
  await presence.whenThere()
})

test('given a connection that broke to somebody who is there, then calls go on, and what is known of them still counts', async () => {
  const { presence, seen } = start({ isThere: true })
  presence.missed()
  await presence.whenThere()
  expect(seen).toMatchObject({ asked: 1, returns: 0 })
})

test('given somebody who is away for longer than a restart takes, then nobody waits for them (R11)', async () => {
  const { clock, presence } = start()
  presence.missed()
  clock.advance(seconds(5))
  await expect(presence.whenThere()).rejects.toThrow(Away)
})

test('given somebody who is back after a long time, then the first who asks finds them, without waiting for the next look', async () => {
  const { clock, presence, seen } = start()
  presence.missed()
  await expect.poll(() => seen.pauses.length).toBe(1)
  clock.advance(seconds(60))
  await expect(presence.whenThere()).rejects.toThrow(Away)
  await expect.poll(() => seen.pauses.length).toBe(2)
  seen.isThere = true
  await presence.whenThere()
  expect(seen).toMatchObject({ asked: 3, returns: 1 })
})

test('given no patience, then who is known to be away is not waited for, and who may be there is asked (F5)', async () => {
  const { presence, seen } = start({ patience: 0 })
  presence.missed()
  await presence.whenThere()
  await expect.poll(() => seen.pauses.length).toBe(1)
  await expect(presence.whenThere()).rejects.toThrow(Away)
})

test('given a caller who leaves, then its wait ends (R11)', async () => {
  const { presence } = start()
  presence.missed()
  const leaving = new AbortController()
  const waiting = presence.whenThere(leaving.signal)
  leaving.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
})

test('given the line is closed, then nobody is looked for any more', async () => {
  const { presence, seen } = start()
  presence.stop()
  presence.missed()
  await presence.whenThere()
  expect(seen.asked).toBe(0)
})
