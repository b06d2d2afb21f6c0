import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import type { SignedCall } from './call.ts'
import { remoteEndpoint } from './endpoint.ts'
import { makeLog } from './log.ts'
import { makeRemoteStreams } from './remoteStreams.ts'
import { serveSubgraph } from './serve.ts'
import { makeChannel, mapStream } from './streams.ts'

const call: SignedCall = { headers: { who: 'me' }, body: JSON.stringify({ query: 'subscription { changed }' }) }

/** A wire to a port that shows who holds it, and that can be cut. */
const startWire = async (port: number) => {
  const held = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    held.add(near)
    near.on('close', () => held.delete(near) && far.destroy()).on('error', () => undefined)
    far.on('close', () => near.destroy()).on('error', () => undefined)
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of held) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    held,
    cut,
    stop: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A subgraph on a port, whose streams a test feeds by hand. */
const startRemote = async (refusal?: ExecutionResult) => {
  const streams: ReturnType<typeof makeChannel<ExecutionResult>>[] = []
  const calls: SignedCall[] = []
  const left: Promise<void>[] = []
  const subgraph = {
    name: 'cart' as const,
    parts: { resolvers: {}, loaders: () => ({}) },
    execute: async () => ({ status: 200, result: {} }),
    subscribe: async (received: SignedCall) => {
      calls.push(received)
      if (refusal) return refusal
      const { promise, resolve } = Promise.withResolvers<void>()
      left.push(promise)
      const stream = makeChannel<ExecutionResult>(10, resolve)
      streams.push(stream)
      return mapStream(stream, (result) => result)
    },
    stop: async () => undefined,
  }
  const health = async () => ({ status: 'ok' }) as never
  const served = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, health, log: makeLog('silent') })
  const wire = await startWire(served.port)
  const remote = makeRemoteStreams(`http://127.0.0.1:${wire.port}/graphql`, { idle: 20 })
  onTestFinished(async () => {
    await remote.stop()
    await wire.stop()
    await served.stop()
  })
  return { wire, streams, calls, left, open: () => remote.open(call)[Symbol.asyncIterator]() }
}

/** Until the subgraph has been asked for so many streams. */
const opened = (streams: readonly unknown[], count: number) => expect.poll(() => streams.length).toBe(count)

test('given a source that never speaks, when the subscriber leaves, then the subgraph hears of it and the pending wait ends', async () => {
  const { open, streams, left } = await startRemote()
  const events = open()
  const pending = events.next()
  await opened(streams, 1)
  await events.return?.()
  await left[0]
  expect(await pending).toMatchObject({ done: true })
})

test('given one subscriber, when it has left, then the connection closes, and the next one opens another', async () => {
  const { open, streams, wire } = await startRemote()
  const events = open()
  await opened(streams, 1)
  await events.return?.()
  await expect.poll(() => wire.held.size).toBe(0)
  open()
  await opened(streams, 2)
})

test('given two subscribers, when one leaves, then the other goes on over the same connection, and the signed call has come as it was', async () => {
  const { open, streams, left, calls, wire } = await startRemote()
  const [first, second] = [open(), open()]
  await opened(streams, 2)
  expect(wire.held.size).toBe(1)
  await first.return?.()
  await left[0]
  streams[1]!.push({ data: { changed: 1 } })
  expect((await second.next()).value).toEqual({ data: { changed: 1 } })
  expect(calls[1]).toMatchObject(call)
})

test('given a subgraph that goes away, when somebody listens, then the stream ends with an error that says to subscribe again', async () => {
  const { open, streams, wire, left } = await startRemote()
  const events = open()
  await opened(streams, 1)
  wire.cut()
  await left[0]
  expect((await events.next()).value).toMatchObject({
    errors: [{ extensions: { code: 'UNAVAILABLE', retryable: true } }],
  })
  expect(await events.next()).toMatchObject({ done: true })
})

test('given nobody who listens there, when a stream is opened, then it says to subscribe again (rule R11)', async () => {
  const endpoint = remoteEndpoint('http://127.0.0.1:1/graphql')
  onTestFinished(() => endpoint.stop())
  const stream = await endpoint.subscribe(call)
  const events = (stream as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]()
  expect((await events.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
})

test('given a refusal, when a stream is opened, then its error is the only result, with its code', async () => {
  const refusal = { errors: [new GraphQLError('no', { extensions: { code: 'NOT_FOUND' } })] }
  const { open } = await startRemote(refusal)
  const events = open()
  expect((await events.next()).value).toMatchObject({ errors: [{ message: 'no', extensions: { code: 'NOT_FOUND' } }] })
  expect(await events.next()).toMatchObject({ done: true })
})
