import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encode } from '../bson/encode.ts'
import { startInProcess, until } from '../testing.ts'
import { crc32c } from './checksum.ts'
import { connectRaw, messageOf } from './rawClient.ts'

const { MongoClient, Long } = mongoose.mongo

let server: Awaited<ReturnType<typeof startInProcess>>

beforeAll(async () => {
  server = await startInProcess()
})

afterAll(() => server.stop())

const ping = { ping: 1, $db: 'admin' }

const withFlags = (bytes: Buffer, flags: number): Buffer => {
  bytes.writeUInt32LE(flags, 16)
  return bytes
}

const withChecksum = (change = 0): Buffer => {
  const bytes = withFlags(Buffer.concat([messageOf(ping), Buffer.alloc(4)]), 1)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeUInt32LE((crc32c(bytes.subarray(0, bytes.length - 4)) + change) >>> 0, bytes.length - 4)
  return bytes
}

const sequence = (name: string, documents: readonly object[]): Buffer => {
  const body = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((doc) => encode(doc as never))])
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeInt32LE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const withSequences = (command: object, ...sequences: Buffer[]): Buffer => {
  const bytes = Buffer.concat([messageOf(command as never), ...sequences])
  bytes.writeInt32LE(bytes.length, 0)
  return bytes
}

describe('the checksum of an OP_MSG', () => {
  it('given the standard test text, then it is CRC-32C', () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283')
  })

  it('given a right one, then the command is answered', async () => {
    const client = await connectRaw(server.port)
    client.socket.write(withChecksum())
    expect(await client.receive()).toMatchObject({ ok: 1 })
    client.end()
  })

  it('given a wrong one, then the connection is closed', async () => {
    const client = await connectRaw(server.port)
    client.socket.write(withChecksum(1))
    await client.closed
  })
})

describe('what is negotiated', () => {
  it('given offered compressors, then none is agreed on, and a compressed message closes', async () => {
    const client = await connectRaw(server.port)
    const hello = await client.send({ hello: 1, compression: ['zstd', 'zlib'], $db: 'admin' })
    expect(hello).not.toHaveProperty('compression')
    const compressed = messageOf(ping)
    compressed.writeInt32LE(2012, 12)
    client.socket.write(compressed)
    await client.closed
  })

  it('given a hello that allows an exhaust stream, then one answer without more to come', async () => {
    const client = await connectRaw(server.port)
    const hello = {
      hello: 1,
      topologyVersion: { processId: 1, counter: Long.ZERO },
      maxAwaitTimeMS: 10_000,
      $db: 'admin',
    }
    const flags = new Promise<number>((resolve) => {
      client.socket.once('data', (bytes: Buffer) => resolve(bytes.readUInt32LE(16)))
    })
    client.socket.write(withFlags(messageOf(hello as never), 1 << 16))
    expect(await client.receive()).toMatchObject({ isWritablePrimary: true, maxWireVersion: 25 })
    expect(await flags).toBe(0)
    expect(await client.send(ping)).toMatchObject({ ok: 1 })
    client.end()
  })
})

describe('document sequences', () => {
  it('given the documents of an insert as a sequence, then they are stored', async () => {
    const client = await connectRaw(server.port)
    client.socket.write(withSequences({ insert: 'seq', $db: 'wire' }, sequence('documents', [{ _id: 1 }, { _id: 2 }])))
    expect(await client.receive()).toMatchObject({ n: 2, ok: 1 })
    client.end()
  })

  it.each([
    ['one that repeats a field of the body', { insert: 'seq', documents: [{}], $db: 'wire' }, ['documents']],
    ['two of the same name', { update: 'seq', $db: 'wire' }, ['updates', 'updates']],
  ])('given %s, then the connection is closed', async (_name, command, names) => {
    const client = await connectRaw(server.port)
    client.socket.write(withSequences(command, ...names.map((name) => sequence(name, [{}]))))
    await client.closed
  })
})

describe('a client that does not read', () => {
  it('given 30 replies of 4 MB, then only some are made until it reads, and then all come', async () => {
    const own = await startInProcess()
    const [slow, other] = [await connectRaw(own.port), await connectRaw(own.port)]
    await other.send({ insert: 'big', documents: [{ _id: 1, text: 'x'.repeat(4_000_000) }], $db: 'wire' })
    const answered = async (): Promise<number> => {
      const { metrics } = await other.send({ serverStatus: 1, $db: 'admin' })
      return (metrics as { commands: { find?: { total: number } } }).commands.find?.total ?? 0
    }
    slow.socket.pause()
    for (let n = 0; n < 30; n++) slow.socket.write(messageOf({ find: 'big', $db: 'wire' }))
    let before = -1
    await until(async () => {
      const [last, now] = [before, await answered()]
      before = now
      return now > 0 && now === last
    })
    expect(before).toBeLessThan(20)
    slow.socket.resume()
    for (let n = 0; n < 30; n++) expect(await slow.receive()).toMatchObject({ ok: 1 })
    expect(await answered()).toBe(30)
    slow.end()
    other.end()
    await own.stop()
  })
})

describe('where it listens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devdb-socket-'))
  const path = join(folder, 'devdb.sock')

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('given a unix socket, then the driver works through it, it is for its owner only, and it goes at the end', async () => {
    const own = await startInProcess({ socket: path })
    expect(own.url).toBe(`mongodb://${encodeURIComponent(path)}/?directConnection=true`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const client = await new MongoClient(own.url).connect()
    await client.db('wire').collection('s').insertOne({ a: 1 })
    await client.withSession((session) =>
      session.withTransaction(() => client.db('wire').collection('s').insertOne({ a: 2 }, { session })),
    )
    expect(await client.db('wire').collection('s').countDocuments()).toBe(2)
    await expect(startInProcess({ socket: path })).rejects.toThrow(`the socket ${path} is served by another process`)
    await client.close()
    await own.stop()
    expect(existsSync(path)).toBe(false)
  })

  it('given a socket left behind, then it is replaced, but any other file stays', async () => {
    const stale = createServer().listen(path)
    await until(() => stale.listening)
    // As after a kill: the name stays, nobody answers.
    const file = join(folder, 'note.sock')
    writeFileSync(file, 'text')
    await expect(startInProcess({ socket: file })).rejects.toThrow('is there already and is no socket')
    expect(existsSync(file)).toBe(true)
    await new Promise((resolve) => stale.close(resolve))
    const own = await startInProcess({ socket: path })
    await own.stop()
  })

  it('given an IPv6 address, then the url and the greeting carry it in brackets', async () => {
    const own = await startInProcess({ host: '::1' })
    expect(own.url).toBe(`mongodb://[::1]:${own.port}/?replicaSet=rs0`)
    const client = await new MongoClient(own.url).connect()
    expect((await client.db('admin').command({ hello: 1 })).me).toBe(`[::1]:${own.port}`)
    await client.close()
    await own.stop()
  })
})
