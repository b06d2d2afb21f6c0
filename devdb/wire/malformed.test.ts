import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../testing.ts'
import { connectRaw, messageOf } from './rawClient.ts'

let server: Awaited<ReturnType<typeof startInProcess>>

beforeAll(async () => {
  server = await startInProcess()
})

afterAll(() => server.stop())

const header = (length: number, opcode = 2013): Buffer => {
  const bytes = Buffer.alloc(16)
  bytes.writeInt32LE(length, 0)
  bytes.writeInt32LE(opcode, 12)
  return bytes
}

const ping = { ping: 1, $db: 'admin' }

const withFlags = (flags: number): Buffer => {
  const bytes = messageOf(ping)
  bytes.writeUInt32LE(flags, 16)
  return bytes
}

const brokenBody = (): Buffer => {
  const bytes = messageOf({ ping: 'text', $db: 'admin' })
  bytes.writeInt32LE(1000, 21 + 4 + 6)
  return bytes
}

describe('malformed input', () => {
  it.each([
    ['a length below the header', header(3)],
    ['a negative length', header(-1)],
    ['a message over 48 MB', header(48_000_001)],
    ['an unknown opcode', header(16, 9999)],
    ['an OP_MSG without a body', header(16)],
    ['a legacy OP_INSERT', Buffer.concat([header(20, 2002), Buffer.alloc(4)])],
    ['unknown required flags', withFlags(4)],
    ['a string longer than its document', brokenBody()],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ])('given %s, then that connection is closed and others live on', async (_name, bytes) => {
    const [bad, good] = [await connectRaw(server.port), await connectRaw(server.port)]
    bad.socket.write(bytes)
    await bad.closed
    expect(await good.send(ping)).toMatchObject({ ok: 1 })
    good.end()
  })

  it('given messages in pieces of any size, then they are understood', async () => {
    const client = await connectRaw(server.port)
    const bytes = messageOf(ping)
    for (const byte of bytes.subarray(0, bytes.length - 1)) client.socket.write(Buffer.from([byte]))
    client.socket.write(Buffer.concat([bytes.subarray(bytes.length - 1), bytes, bytes.subarray(0, 10)]))
    expect(await client.receive()).toMatchObject({ ok: 1 })
    client.end()
  })
})
