import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Class } from './classes.ts'
import { latenessOf, nextPlaces, sheddingNumbers } from './law.ts'
import { type Leave, makePlaces } from './places.ts'

const numbers = { ...sheddingNumbers, line: 3 }

/** As many as there is room for; how many that were. Checkouts that would wait are left in the line. */
const fill = async (places: ReturnType<typeof makePlaces>, wanted: Class): Promise<Leave[]> => {
  const inside: Leave[] = []
  for (;;) {
    if (wanted === 'checkout' && places.state().inside >= places.state().places) return inside
    const leave = await places.enter(wanted)
    if (!leave) return inside
    inside.push(leave)
  }
}

test('given a process that keeps up, when too many come, then browsing is sent away first, then accounts, and checkouts find the 30 % that are kept for them (L1)', async () => {
  const places = makePlaces(numbers)
  expect(await fill(places, 'browse')).toHaveLength(120)
  expect(await fill(places, 'account')).toHaveLength(20)
  expect(await places.enter('browse')).toBeNull()
  expect(await fill(places, 'checkout')).toHaveLength(60)
  expect(places.state()).toMatchObject({ inside: 200, shed: { browse: 2, account: 1, checkout: 0 } })
})

test('given no place left, when checkouts come, then they wait and get in in their order; one too many is sent away, and so is one whose client leaves', async () => {
  const places = makePlaces(numbers)
  const inside = await fill(places, 'checkout')
  const order: string[] = []
  const left = new AbortController()
  const entering = ['first', 'leaves', 'third'].map(async (name) => {
    const leave = await places.enter('checkout', name === 'leaves' ? left.signal : undefined)
    if (leave) order.push(name)
    return leave
  })
  expect(places.state().waiting).toBe(3)
  expect(await places.enter('checkout')).toBeNull()
  left.abort()
  expect(await entering[1]).toBeNull()
  inside[0]?.()
  await entering[0]
  inside[1]?.()
  await entering[2]
  expect(order).toEqual(['first', 'third'])
  expect(places.state()).toMatchObject({ inside: 200, waiting: 0, shed: { checkout: 2 } })
})

test('given an event loop that is late, then places shrink to what checkouts keep, and all are back within 10 s of good ones (L1)', async () => {
  const places = makePlaces(numbers)
  for (let n = 0; n < 3; n++) places.hear(latenessOf(numbers.lateMs * 2, 0, numbers))
  expect(places.state().places).toBe(60)
  expect(await fill(places, 'browse')).toHaveLength(36)
  let spans = 0
  for (; places.state().places < numbers.places; spans++) places.hear(latenessOf(1, 1, numbers))
  expect(spans * numbers.every).toBeLessThanOrEqual(10_000)
  expect(await places.enter('browse')).not.toBeNull()
})

test('given a loop that is hardly late, then few places go; given one that hangs, then no more than three fifths at a time (L1)', () => {
  expect(nextPlaces(200, 1.1, numbers)).toBe(182)
  expect(nextPlaces(200, 100, numbers)).toBe(80)
})

test('given a place that is left twice, then it comes back once', async () => {
  const places = makePlaces(numbers)
  const leave = await places.enter('browse')
  leave?.()
  leave?.()
  expect(places.state().inside).toBe(0)
})

test('given any history of lateness, then checkouts keep their places and there are never more than all', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 5_000, noNaN: true })), (history) => {
      const places = history.reduce(
        (now, lateMs) => nextPlaces(now, latenessOf(lateMs, lateMs, numbers), numbers),
        numbers.places,
      )
      return places >= 60 && places <= 200
    }),
  )
})
