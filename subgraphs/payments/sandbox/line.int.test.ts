import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#kernel/time.ts'
import { makeBreaker } from '#platform/circuitBreaker.ts'
import { NotReceived } from '../domain/notReceived.ts'
import { makeLine } from './line.ts'

const silent = createServer(() => undefined)
let url: string
beforeAll(async () => {
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
})
afterAll(() => {
  silent.closeAllConnections()
  silent.close()
})

test('given a provider that takes calls and answers none, then its breaker is open before the first of them has ended (F5)', async () => {
  const breaker = makeBreaker({ clock: systemClock })
  const line = makeLine({ url, secret: 'secret', breaker, clock: systemClock, timeoutMs: 1_000 })
  const ask = () => line.ask({ method: 'GET', path: '/' })
  const calls = Array.from({ length: 5 }, () => ask().catch(() => 'ended'))
  expect(breaker.state).toBe('closed')
  await Promise.race(calls)
  expect(breaker.state).toBe('open')
  await expect(ask()).rejects.toBeInstanceOf(NotReceived)
  await Promise.all(calls)
  await line.stop()
})
