import { expect, test } from 'vitest'
import { makeLog } from '#platform/log.ts'
import { tellWaiting } from './waiting.ts'

/** A gateway whose users answers from the n-th question on, and what it says. */
const start = (answersFrom: number) => {
  const lines: string[] = []
  let asked = 0
  const ask = async (): Promise<void> => {
    asked += 1
    if (asked < answersFrom) throw new Error('nobody there')
  }
  const log = makeLog('info', { write: (line) => void lines.push(JSON.parse(line).msg) })
  const stop = tellWaiting({ ask, at: 'http://users:4001/graphql', log, everyMs: 1 })
  return { lines, asked: () => asked, stop }
}

test('given users comes later, when a gateway starts, then it says once for whom it waits, and once that this is over', async () => {
  const { lines } = start(4)
  await expect
    .poll(() => lines)
    .toEqual([
      'Waiting for users at http://users:4001/graphql (USERS_URL): the gateway is open, and not ready until then.',
      'users answers: the gateway is ready.',
    ])
})

test('given users is there, when a gateway starts, then it says nothing', async () => {
  const { lines, asked } = start(1)
  await expect.poll(asked).toBe(1)
  expect(lines).toEqual([])
})

test('given a gateway that waits, when it stops, then it asks nobody any more', async () => {
  const { lines, asked, stop } = start(Number.POSITIVE_INFINITY)
  await expect.poll(asked).toBeGreaterThan(1)
  await stop()
  expect(lines).toHaveLength(1)
})
