import { expect, test } from 'vitest'
import { makeSerial } from './serial.ts'

const makeGate = () => Promise.withResolvers<void>()

test('given work for one key, when it comes at once, then it runs one after another in order', async () => {
  const serial = makeSerial()
  const seen: number[] = []
  let running = 0
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      serial('cart_1', async () => {
        running += 1
        expect(running).toBe(1)
        await Promise.resolve()
        seen.push(i)
        running -= 1
      }),
    ),
  )
  expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i))
})

test('given work for different keys, when one waits, then the other does not', async () => {
  const serial = makeSerial()
  const gate = makeGate()
  const first = serial('cart_1', () => gate.promise.then(() => 'first'))
  expect(await serial('cart_2', async () => 'second')).toBe('second')
  gate.resolve()
  expect(await first).toBe('first')
})

test('given work that fails, when others wait behind it, then only its caller hears of it', async () => {
  const serial = makeSerial()
  const results = await Promise.allSettled([
    serial('cart_1', () => Promise.reject(new Error('refused'))),
    serial('cart_1', async () => 'next'),
  ])
  expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'next' }])
})

test('given too many waiting, when one more comes, then it fails at once, and there is room again afterwards (R13)', async () => {
  const serial = makeSerial(2)
  const gate = makeGate()
  const both = [serial('a', () => gate.promise), serial('b', () => gate.promise)]
  await expect(serial('c', async () => undefined)).rejects.toThrow('too many writers')
  gate.resolve()
  await Promise.all(both)
  expect(await serial('c', async () => 'room')).toBe('room')
})

test('given work that throws before it promises anything, when it is repeated, then no place is lost', async () => {
  const serial = makeSerial(1)
  const broken = (): Promise<void> => {
    throw new Error('at once')
  }
  for (const _ of [1, 2, 3]) await expect(serial('a', broken)).rejects.toThrow('at once')
  expect(await serial('a', async () => 'fine')).toBe('fine')
})
