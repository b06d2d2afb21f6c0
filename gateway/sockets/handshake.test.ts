import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { makeClientOf } from '../client.ts'
import { makeHandshake, roomIn } from './handshake.ts'

const request = (origin?: string) =>
  ({ headers: { origin, host: 'shop.example' }, socket: { remoteAddress: '198.51.100.7' } }) as IncomingMessage

const handshake = (now: { open?: number; stopping?: boolean; full?: string } = {}) =>
  makeHandshake({
    cors: { allows: (origin) => origin !== 'https://evil.example' },
    clientOf: makeClientOf(0),
    perAddress: { isFull: (address) => address === now.full },
    open: () => now.open ?? 0,
    room: 12_000,
    isStopping: () => now.stopping ?? false,
  })

test.each([
  ['a page of another origin', {}, 'https://evil.example', { status: 403 }],
  ['12,000 sockets of the process', { open: 12_000 }, undefined, { status: 503, retryAfter: 5 }],
  ['a process that stops', { stopping: true }, undefined, { status: 503, retryAfter: 5 }],
  ['an address that has its fill', { full: '198.51.100.7' }, undefined, { status: 429, retryAfter: 30 }],
  ['one socket less than the process has room for', { open: 11_999 }, undefined, null],
  ['another address that has its fill', { full: '198.51.100.8' }, 'https://shop.example', null],
])('given %s, then the handshake says so (threat: WebSocket)', (_, now, origin, refusal) => {
  expect(handshake(now)(request(origin))).toEqual(refusal)
})

test('given a small heap, then the process takes fewer sockets, so that nobody can fill it with them; given a large one, 12,000', () => {
  expect([roomIn(384 * 2 ** 20), roomIn(2 ** 30)]).toEqual([6_144, 12_000])
})
