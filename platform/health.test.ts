import { expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { makeHealth, makeReadiness } from './health.ts'

test('given dependencies, when one has never answered, then the unit is not ready and only its name is told', async () => {
  const fine = async () => undefined
  const health = makeHealth(makeManualClock(), {
    bus: fine,
    mongo: () => Promise.reject(new Error('canary')),
    queue: fine,
  })
  expect(await health()).toEqual({ ready: false, failing: ['mongo'] })
  expect(await makeHealth(makeManualClock(), { bus: fine })()).toEqual({ ready: true, failing: [] })
  expect(await makeHealth(makeManualClock(), {})()).toEqual({ ready: true, failing: [] })
})

test('given many probes, when they come within a second, then each dependency is asked once, and again afterwards', async () => {
  const clock = makeManualClock()
  const state = { asked: 0, away: true }
  const mongo = async () => {
    state.asked += 1
    if (state.away) throw new Error('away')
  }
  const health = makeHealth(clock, { mongo })
  const answers = await Promise.all(Array.from({ length: 20 }, health))
  expect(answers.every(({ ready }) => !ready)).toBe(true)
  clock.advance(seconds(1) - 1)
  expect((await health()).ready).toBe(false)
  expect(state.asked).toBe(1)
  state.away = false
  clock.advance(1)
  expect((await health()).ready).toBe(true)
  expect(state.asked).toBe(2)
})

test('given dependencies of which each has answered once, when they go away, then the unit stays ready and says what it misses', async () => {
  const clock = makeManualClock()
  const away = new Set(['mongo', 'users'])
  const check = (name: string) => async () => {
    if (away.has(name)) throw new Error('away')
  }
  const health = makeHealth(clock, { mongo: check('mongo'), users: check('users') })
  const next = () => {
    clock.advance(seconds(1))
    return health()
  }
  expect(await next()).toEqual({ ready: false, failing: ['mongo', 'users'] })
  away.delete('mongo')
  expect(await next()).toEqual({ ready: false, failing: ['users'] })
  // Not both at the same moment: it is enough that each was there.
  away.add('mongo').delete('users')
  expect(await next()).toEqual({ ready: true, failing: ['mongo'] })
  away.add('users')
  expect(await next()).toEqual({ ready: true, failing: ['mongo', 'users'] })
  away.clear()
  expect(await next()).toEqual({ ready: true, failing: [] })
})

test('given a ready process, when something hinders all of it, then that counts at once, whatever was asked a moment ago', async () => {
  const readiness = makeReadiness(makeManualClock())
  const health = readiness.health({ mongo: async () => undefined })
  expect(await health()).toEqual({ ready: true, failing: [] })
  readiness.hinder('stopping')
  readiness.hinder('stopping')
  expect(await health()).toEqual({ ready: false, failing: ['stopping'] })
})
