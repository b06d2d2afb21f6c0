import { expect, test } from 'vitest'
import { makeChannel, mapStream } from './streams.ts'

test('given a channel, when items come before they are asked for, then they wait in order', async () => {
  const channel = makeChannel<number>(5, () => undefined)
  for (const item of [1, 2, 3]) channel.push(item)
  channel.end()
  const items = []
  for await (const item of channel) items.push(item)
  expect(items).toEqual([1, 2, 3])
})

test('given a reader that does not read, when more comes than is kept, then the channel is over and says so (R13)', async () => {
  const channel = makeChannel<number>(2, () => undefined)
  expect([1, 2, 3, 4].map((item) => channel.push(item))).toEqual([true, true, false, false])
  expect([await channel.next(), await channel.next(), await channel.next()].map(({ done }) => done)).toEqual([
    false,
    false,
    true,
  ])
})

test('given a silent source, when its mapped stream is left, then the source hears of it once and the pending wait ends', async () => {
  let left = 0
  const source = makeChannel<number>(1, () => {
    left += 1
  })
  const stream = mapStream(source, (item) => item * 2)
  const pending = stream.next()
  await stream.return?.()
  await stream.return?.()
  expect(await pending).toMatchObject({ done: true })
  expect(left).toBe(1)
})
