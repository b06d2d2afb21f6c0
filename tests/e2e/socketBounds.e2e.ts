import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hours, makeManualClock, seconds } from '#kernel/time.ts'
import type { TestShop } from '../client.ts'
import { guest, someVariants } from '../people.ts'
import { handshakeStatus, joinSocket, openSocket, type RawSocket } from '../rawSocket.ts'
import { startTogether } from '../shop.ts'

const perAddress = 12
const clock = makeManualClock()
const ping = { type: 'ping' }
/** By itself it waits for a second. */
const patiently = { timeout: 10_000, interval: 20 }
const subscribe = (id: string, query = '{ viewer { kind } }', variables = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, variables },
})

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({ SOCKETS_PER_ADDRESS: String(perAddress), TRUSTED_PROXIES: '1' }, { clock })
})
afterAll(() => shop?.stop())

let addresses = 0
/** An address of its own for each story, so that none is in the way of another. */
const somewhere = (): string => {
  addresses += 1
  return `198.51.100.${addresses}`
}

const isAlive = async (raw: RawSocket): Promise<boolean> => {
  raw.say(ping)
  return (await raw.hear()).type === 'pong'
}

describe('bounds in time', () => {
  test('given a socket that never greets, when 3 s have passed, then it is closed with 4408, and its neighbour stays (threat: WebSocket, no init)', async () => {
    const address = somewhere()
    const [silent, neighbour] = [await openSocket(shop, { address }), await joinSocket(shop, undefined, { address })]
    clock.advance(seconds(3))
    expect(await silent.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
    expect(await isAlive(neighbour)).toBe(true)
    neighbour.socket.close()
  })

  test('given a client that answers no pings, when two went unanswered for 12 s each, then it is cut; one that answers stays', async () => {
    const address = somewhere()
    const dead = await joinSocket(shop, undefined, { address, autoPong: false })
    const living = await joinSocket(shop, undefined, { address })
    for (const _ of [1, 2]) {
      const pinged = [dead, living].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve)))
      clock.advance(seconds(12))
      await Promise.all(pinged)
      expect(await isAlive(living)).toBe(true)
    }
    clock.advance(seconds(12))
    expect((await dead.closed).code).toBe(1006)
    expect(await isAlive(living)).toBe(true)
    living.socket.close()
  })

  test('given a socket that is open for two hours, then it is closed with 1012, so that the client comes back', async () => {
    const raw = await joinSocket(shop, undefined, { address: somewhere() })
    clock.advance(hours(2))
    expect(await raw.closed).toEqual({ code: 1012, reason: 'Open for too long' })
  })
})

describe('bounds in number', () => {
  test('given 20 operations on one socket, when a 21st comes, then it alone is refused, and one that ends makes room (threat: WebSocket, subscriptions)', async () => {
    const raw = await joinSocket(shop, undefined, { address: somewhere() })
    const [variant] = await someVariants(shop)
    const watch = (n: number) =>
      subscribe(`w${n}`, 'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { __typename } }', {
        ids: [variant!.id],
      })
    raw.say(...Array.from({ length: 21 }, (_, n) => watch(n)))
    const refused = await vi.waitUntil(() => raw.unheard.find(({ type }) => type === 'error'), patiently)
    expect(refused).toMatchObject({ id: 'w20', payload: [{ extensions: { code: 'RATE_LIMITED', retryable: true } }] })
    await vi.waitUntil(() => raw.unheard.filter(({ type }) => type === 'next').length >= 20, patiently)
    raw.unheard.splice(0)
    raw.say({ id: 'w3', type: 'complete' }, watch(20))
    expect(await raw.hear()).toMatchObject({ id: 'w20', type: 'next' })
    raw.socket.close()
  })

  test('given 10,000 subscriptions on one socket, then it is closed with 1008 at the 101st message, and served nobody worse meanwhile (threat: WebSocket, subscriptions)', async () => {
    const address = somewhere()
    const [flood, neighbour] = [
      await joinSocket(shop, undefined, { address }),
      await joinSocket(shop, undefined, { address }),
    ]
    flood.say(...Array.from({ length: 10_000 }, (_, n) => subscribe(String(n), 'subscription { cartUpdated { seq } }')))
    expect(await isAlive(neighbour)).toBe(true)
    expect(await flood.closed).toEqual({ code: 1008, reason: 'Too many messages' })
    neighbour.socket.close()
  })

  test('given 100 messages a minute, then the socket stays; with one more, also as a bare ping frame, it is closed', async () => {
    const talk = async (): Promise<RawSocket> => {
      const raw = await joinSocket(shop, undefined, { address: somewhere() })
      raw.say(...Array.from({ length: 99 }, () => ping))
      await vi.waitUntil(() => raw.unheard.length === 99, patiently)
      return raw
    }
    const [patient, hasty, frames] = [await talk(), await talk(), await talk()]
    hasty.say(ping)
    frames.socket.ping()
    for (const { closed } of [hasty, frames]) expect(await closed).toEqual({ code: 1008, reason: 'Too many messages' })
    clock.advance(seconds(2))
    patient.unheard.splice(0)
    expect(await isAlive(patient)).toBe(true)
    patient.socket.close()
  })

  test('given ten sockets of one shopper, wherever they come from, when an eleventh greets, then it is closed with 1013; one that goes makes room', async () => {
    const token = await guest(shop)
    const sockets = await Promise.all(
      Array.from({ length: 10 }, () => joinSocket(shop, token, { address: somewhere() })),
    )
    const late = await openSocket(shop, { address: somewhere() })
    late.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    expect(await late.closed).toEqual({ code: 1013, reason: 'Too many sockets of this account' })
    sockets[0]!.socket.close()
    await sockets[0]!.closed
    const next = await joinSocket(shop, token, { address: somewhere() })
    for (const { socket } of [...sockets, next]) socket.close()
  })

  test('given an address with its fill of sockets, greeted or not, when one more comes, then the handshake is refused with 429; other addresses are not (threat: WebSocket, init flood)', async () => {
    const address = somewhere()
    const sockets = await Promise.all(Array.from({ length: perAddress }, () => openSocket(shop, { address })))
    expect(await handshakeStatus(shop, { address })).toBe(429)
    expect(await handshakeStatus(shop, { address: somewhere() })).toBe(101)
    sockets[0]!.socket.terminate()
    await vi.waitUntil(async () => (await handshakeStatus(shop, { address })) === 101, patiently)
    for (const { socket } of sockets) socket.terminate()
  })
})

describe('bounds in size', () => {
  test('given a frame of more than 64 kB, then 1009; given exactly so many, then it is read (threat: WebSocket, big frame)', async () => {
    const sized = (bytes: number) => {
      const message = JSON.stringify({ ...ping, payload: { x: '' } })
      return message.replace('""', `"${'x'.repeat(bytes - message.length)}"`)
    }
    const raw = await joinSocket(shop, undefined, { address: somewhere() })
    raw.say(sized(64 * 1_024))
    expect(await raw.hear()).toMatchObject({ type: 'pong' })
    raw.say(sized(64 * 1_024 + 1))
    expect(await raw.closed).toEqual({ code: 1009, reason: '' })
  })

  test('given a client that offers compression, then there is none; a compressed frame all the same closes with 1002, whatever it would unpack to (threat: WebSocket, compression bomb)', async () => {
    const raw = await joinSocket(shop, undefined, { address: somewhere(), perMessageDeflate: true })
    expect(raw.socket.extensions).toBe('')
    // FIN, RSV1 ("compressed") and text, masked with zeros, two bytes long.
    const frame = Buffer.from([0xc1, 0x82, 0, 0, 0, 0, 0x03, 0x00])
    ;(raw.socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(frame)
    expect((await raw.closed).code).toBe(1002)
  })

  /** As many answers of 60 kB as the rate allows, which is more than the system's own buffers hold. */
  const flood = (raw: RawSocket): void => {
    const payload = { x: 'x'.repeat(60_000) }
    raw.say(...Array.from({ length: 95 }, () => ({ ...ping, payload })))
  }

  test('given a client that reads too slowly, when 1 MB waits for it, then it is closed with 1013, and its neighbour is served on time (threat: WebSocket, never reading; L6)', async () => {
    const address = somewhere()
    const slow = await joinSocket(shop, undefined, { address })
    const neighbour = await joinSocket(shop, undefined, { address })
    slow.socket.pause()
    flood(slow)
    // It reads on after a while: by then the gateway has looked at it, each 100 ms at one of its sockets, and has not yet given it up. Rounds
    // and not one timer: the gateway is in this process and has its turn between them, however late both are.
    for (let look = 0; look < 6; look += 1) {
      await pause(100)
      expect(await isAlive(neighbour)).toBe(true)
    }
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 1013, reason: 'Reads too slowly' })
    expect(await isAlive(neighbour)).toBe(true)
    neighbour.socket.close()
  })

  test('given a client that never reads again, then it is cut and its place is free (threat: WebSocket, never reading)', async () => {
    const address = somewhere()
    const others = await Promise.all(
      Array.from({ length: perAddress - 1 }, () => joinSocket(shop, undefined, { address })),
    )
    const stuck = await joinSocket(shop, undefined, { address })
    stuck.socket.pause()
    flood(stuck)
    await vi.waitUntil(async () => (await handshakeStatus(shop, { address })) === 101, patiently)
    for (const raw of others) expect(await isAlive(raw)).toBe(true)
    for (const { socket } of [stuck, ...others]) socket.terminate()
  })
})
