import { expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { makeManualClock, minutes, seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { makeThrowawayKeys, type SigningKeys } from '#platform/keys.ts'
import { makeLog } from '#platform/log.ts'
import { makeVerificationKeys } from './verificationKeys.ts'

/** A users subgraph that publishes what the test says, and counts how often it is asked. */
const start = () => {
  const clock = makeManualClock()
  const users = { keys: [makeThrowawayKeys()] as SigningKeys[], away: false, asked: 0 }
  const call: SubgraphCaller = async <Data>() => {
    users.asked += 1
    if (users.away) throw new ShopError('UNAVAILABLE', 'away')
    return { jwks: JSON.stringify({ keys: users.keys.flatMap((keys) => keys.published()) }) } as Data
  }
  return { clock, users, keyOf: makeVerificationKeys({ clock, call, log: makeLog('silent') }) }
}

const idOf = (keys: SigningKeys | undefined): string => keys?.current().kid ?? ''

test('given many requests at once, when no key is known yet, then the keys are fetched once', async () => {
  const { users, keyOf } = start()
  const found = await Promise.all(Array.from({ length: 20 }, () => keyOf(idOf(users.keys[0]))))
  expect(found.every((key) => key?.type === 'public')).toBe(true)
  expect(users.asked).toBe(1)
})

test('given unknown key ids, when they come in masses, then users is asked every 10 seconds at most (threat: tokens)', async () => {
  const { clock, users, keyOf } = start()
  await keyOf(idOf(users.keys[0]))
  for (let second = 0; second < 60; second += 1) {
    clock.advance(seconds(1))
    expect(await keyOf(`unknown-${second}`)).toBeUndefined()
  }
  expect(users.asked).toBeLessThanOrEqual(7)
})

test('given a key that was retired, when a minute has passed, then it is not known any more (threat: keys)', async () => {
  const { clock, users, keyOf } = start()
  const retired = idOf(users.keys[0])
  expect(await keyOf(retired)).toBeDefined()
  users.keys = [makeThrowawayKeys()]
  clock.advance(minutes(1) + 1)
  expect(await keyOf(retired)).toBeUndefined()
  expect(await keyOf(idOf(users.keys[0]))).toBeDefined()
})

test('given users is away, when the keys are due, then the known ones count on, and it is asked again later (resiliency matrix)', async () => {
  const { clock, users, keyOf } = start()
  const known = idOf(users.keys[0])
  await keyOf(known)
  users.away = true
  for (let turn = 0; turn < 10; turn += 1) {
    clock.advance(minutes(1) + 1)
    expect(await keyOf(known)).toBeDefined()
  }
  expect(users.asked).toBe(11)
  users.away = false
  users.keys = []
  clock.advance(seconds(11))
  expect(await keyOf(known)).toBeUndefined()
})
