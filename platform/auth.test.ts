import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import {
  actsFor,
  anonymous,
  type CallHeaders,
  callHeader,
  callKey,
  hasRole,
  isService,
  isShopper,
  makeNonceMemory,
  readCall,
  requireRole,
  requireService,
  requireShopper,
  service,
  signCall,
  type Viewer,
} from './auth.ts'

const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const seller: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_2', roles: ['BUYER', 'SELLER'], guestId: 'gst_1' }
const client = { address: '203.0.113.7', userAgent: 'Zoë/1.0' }
const body = '{"query":"{ viewer { id } }","variables":{"name":"Zoë 🛒"}}'
const key = callKey('a secret', 'orders')

const sign = (viewer: Viewer = seller) => {
  const clock = makeManualClock()
  const headers = signCall(
    { key, clock, nonce: () => 'nonce-1' },
    { viewer, body, requestId: 'req_1', client, remainingMs: 3_000 },
  )
  return {
    clock,
    headers,
    read: (changed: CallHeaders = {}, text = body) => readCall(key, clock, { ...headers, ...changed }, text),
  }
}

test('given any viewer, when a call is signed and read, then it is the same viewer, nonce and request (R10)', () => {
  for (const viewer of [anonymous, guest, seller, service('gateway'), { ...guest, id: 'gst_ë🛒"\n' }]) {
    expect(sign(viewer).read()).toEqual({ viewer, client, nonce: 'nonce-1', requestId: 'req_1', remainingMs: 3_000 })
  }
})

test('given a signed call, when anything of it is altered or missing, then it is not believed (R10)', () => {
  const { headers, read } = sign()
  const admin = Buffer.from(JSON.stringify({ ...seller, roles: ['ADMIN'] })).toString('base64url')
  const altered: Record<string, string[]> = {
    [callHeader.viewer]: [admin, Buffer.from(JSON.stringify(service('orders'))).toString('base64url')],
    [callHeader.time]: [String(Number(headers[callHeader.time]) + 1), `${headers[callHeader.time]} `],
    [callHeader.nonce]: ['nonce-2'],
    [callHeader.requestId]: ['req_2'],
    [callHeader.remaining]: ['3001', '60000'],
    [callHeader.client]: [Buffer.from('{"address":"127.0.0.1","userAgent":""}').toString('base64url')],
    [callHeader.signature]: [
      'A'.repeat(43),
      headers[callHeader.signature]!.slice(0, -3),
      `${headers[callHeader.signature]}AAAA`,
    ],
  }
  for (const [name, values] of Object.entries(altered)) {
    for (const value of [...values, '', '🛒', 'null']) expect(read({ [name]: value }), `${name}: ${value}`).toBeNull()
    const { [name]: _, ...rest } = headers
    expect(readCall(key, makeManualClock(), rest, body), `without ${name}`).toBeNull()
  }
  for (const text of ['', `${body} `, body.replace('Zoë', 'Zoe')]) expect(read({}, text)).toBeNull()
  expect(readCall(key, makeManualClock(), {}, '')).toBeNull()
})

test('given parts moved from one header to the next, when the call is read, then it is not believed (R10)', () => {
  const { headers, read } = sign()
  const [time, nonce] = [headers[callHeader.time]!, headers[callHeader.nonce]!]
  expect(
    read({ [callHeader.time]: `${time}\n${nonce}`, [callHeader.nonce]: 'req_1', [callHeader.requestId]: '' }),
  ).toBeNull()
  expect(read({ [callHeader.time]: time.slice(0, -1), [callHeader.nonce]: time.slice(-1) + nonce })).toBeNull()
})

test('given the key of another subgraph or secret, when the call is read, then it is not believed (R10)', () => {
  const { clock, headers } = sign()
  for (const other of [callKey('a secret', 'cart'), callKey('another', 'orders'), createSecretKey(Buffer.alloc(32))]) {
    expect(readCall(other, clock, headers, body)).toBeNull()
  }
  expect(callKey('a secret', 'orders').equals(key)).toBe(true)
})

test('given a signed call, when it is older than 30 s or from the future, then it is not believed (R10)', () => {
  for (const direction of [1, -1]) {
    const { clock, read } = sign()
    clock.advance(direction * seconds(30))
    expect(read()).not.toBeNull()
    clock.advance(direction)
    expect(read()).toBeNull()
  }
})

test('given a nonce, when it comes again while its signature is good, then it is refused (R10)', () => {
  const clock = makeManualClock()
  const memory = makeNonceMemory(clock)
  const signedAhead = seconds(60)
  for (let age = 0; age <= signedAhead; age += seconds(1)) {
    expect(memory.first('mutation-1')).toBe(age === 0)
    expect(memory.first(`other-${age}`)).toBe(true)
    clock.advance(seconds(1))
  }
})

test('given a nonce just before the memory turns over, when it comes again, then it is still known (R10)', () => {
  const clock = makeManualClock()
  const memory = makeNonceMemory(clock)
  clock.advance(seconds(60))
  expect(memory.first('late')).toBe(true)
  clock.advance(1)
  expect(memory.first('turns over')).toBe(true)
  clock.advance(seconds(60))
  expect(memory.first('late')).toBe(false)
})

test('given more nonces than the bound, when they come, then only the oldest are forgotten (R13)', () => {
  const memory = makeNonceMemory(makeManualClock(), 10)
  for (let i = 0; i < 100; i++) expect(memory.first(`n${i}`)).toBe(true)
  expect([99, 98, 95, 89].map((i) => memory.first(`n${i}`))).toEqual([false, false, false, false])
  expect(memory.first('n0')).toBe(true)
})

test('given viewers, when a shopper is required, then guests and users pass and the others hear why not', () => {
  expect([guest, seller].map(requireShopper)).toEqual([guest, seller])
  for (const viewer of [anonymous, service('gateway')]) {
    expect(isShopper(viewer)).toBe(false)
    expect(() => requireShopper(viewer)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }))
  }
})

test('given viewers, when a role is required, then only a user who has one of them passes', () => {
  expect(requireRole(seller, 'ADMIN', 'SELLER')).toBe(seller)
  const refusedWith = (viewer: Viewer, code: string) =>
    expect(() => requireRole(viewer, 'ADMIN')).toThrow(expect.objectContaining({ code }))
  refusedWith(anonymous, 'UNAUTHENTICATED')
  for (const viewer of [guest, seller, service('ADMIN'), { ...guest, roles: ['ADMIN'] } as Viewer]) {
    refusedWith(viewer, 'FORBIDDEN')
  }
  expect(() => requireRole(seller)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect([hasRole(seller, 'SELLER'), hasRole(seller), hasRole(guest, 'BUYER')]).toEqual([true, false, false])
})

test('given what is for one seller, then that seller and administrators act for it, and nobody else', () => {
  const other: Viewer = { ...seller, id: 'usr_other' }
  const viewers: Viewer[] = [seller, { ...other, roles: ['ADMIN'] }, other, anonymous, service('orders')]
  expect(viewers.map((viewer) => actsFor(viewer, seller.id))).toEqual([true, true, false, false, false])
  expect(actsFor({ ...guest, id: seller.id }, seller.id)).toBe(false)
})

test('given viewers, when a service is required, then only the named ones pass', () => {
  expect(() => requireService(service('orders'), 'cart', 'orders')).not.toThrow()
  for (const viewer of [anonymous, guest, seller, service('payments'), { ...seller, name: 'orders' } as Viewer]) {
    expect(isService(viewer, 'orders')).toBe(false)
    expect(() => requireService(viewer, 'orders')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  }
})
