import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { makeClientOf } from './client.ts'

const request = (forwarded: string | undefined, remoteAddress = '::ffff:10.0.0.1', userAgent = 'Browser/1') =>
  ({
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded, 'user-agent': userAgent },
  }) as unknown as IncomingMessage

test('given no proxy of ours, when a client forges X-Forwarded-For, then the address of the socket counts', () => {
  expect(makeClientOf(0)(request('203.0.113.7'))).toEqual({ address: '10.0.0.1', userAgent: 'Browser/1' })
})

test('given proxies of ours, then only what the outermost of them wrote counts, however much is forged before it', () => {
  expect(makeClientOf(1)(request('1.1.1.1, 2.2.2.2, 203.0.113.7')).address).toBe('203.0.113.7')
  expect(makeClientOf(2)(request('1.1.1.1, 203.0.113.7, 10.0.0.9')).address).toBe('203.0.113.7')
  expect(makeClientOf(2)(request('203.0.113.7')).address).toBe('203.0.113.7')
  expect(makeClientOf(1)(request(undefined)).address).toBe('10.0.0.1')
})

test('given an endless user agent, then it is cut', () => {
  expect(makeClientOf(0)(request(undefined, '::1', 'x'.repeat(9_000))).userAgent).toHaveLength(300)
})
