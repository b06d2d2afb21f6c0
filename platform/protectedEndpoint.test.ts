import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { freePorts } from '../tests/ports.ts'
import { takenBack } from './call.ts'
import { remoteEndpoint } from './endpoint.ts'
import { makeLog } from './log.ts'
import { LeftAlone, type ProtectionDeps, protectEndpoint } from './protectedEndpoint.ts'

type Answer = (response: ServerResponse, socket: Socket) => void

const good: Answer = (response) => void response.end('{"data":{}}')
const broken: Answer = (_response, socket) => void socket.resetAndDestroy()

/** A protected endpoint of a real server that answers as the test says; `bodies` is what it has got. */
const start = async (answer: Answer, options: Pick<ProtectionDeps, 'bulkhead' | 'breaker'> = {}) => {
  const bodies: string[] = []
  const behaviour = { answer }
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') return void response.end('{"live":true}')
    bodies.push(await text(request))
    behaviour.answer(response, request.socket)
  })
  const [port = 0] = await freePorts(1)
  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen()
  const remote = remoteEndpoint(`http://127.0.0.1:${port}/graphql`)
  const clock = makeManualClock()
  const endpoint = protectEndpoint(remote, { name: 'orders', clock, log: makeLog('silent'), ...options })
  onTestFinished(async () => {
    await endpoint.stop()
    server.closeAllConnections()
    server.close()
  })
  const call = (body: string, kind?: 'query' | 'mutation', signal?: AbortSignal) =>
    endpoint.execute({ headers: {}, body, kind, signal })
  /** Nobody listens any more, and whoever was connected is cut off. */
  const die = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return { behaviour, bodies, clock, call, die, comeBack: listen }
}

const unbreakable = { failuresInARow: Number.POSITIVE_INFINITY, fewestCalls: Number.POSITIVE_INFINITY }

/** Breaks as many calls as told, then answers. */
const breaking = (times: number): Answer => {
  let left = times
  return (...args) => {
    left -= 1
    return left >= 0 ? broken(...args) : good(...args)
  }
}

test('given a connection that breaks, when it carried a query, then the query is sent once more; not a second time', async () => {
  const once = await start(breaking(1))
  expect(await once.call('q', 'query')).toEqual({ status: 200, result: { data: {} } })
  expect(once.bodies).toEqual(['q', 'q'])
  const always = await start(broken)
  await expect(always.call('q', 'query')).rejects.toThrow()
  expect(always.bodies).toEqual(['q', 'q'])
})

test('given a connection that breaks, when it carried a mutation, or what nobody knows, then it is sent once only (F15, R20)', async () => {
  const { call, bodies } = await start(broken, { breaker: unbreakable })
  await expect(call('m', 'mutation')).rejects.toThrow()
  await expect(call('?')).rejects.toThrow()
  expect(bodies).toEqual(['m', '?'])
})

test('given connections that break again and again, then one call in ten is sent again, and no more than ten at once', async () => {
  const { call, bodies } = await start(broken, { breaker: unbreakable })
  const made = 200
  for (let count = 0; count < made; count += 1) await call('q', 'query').catch(() => undefined)
  expect(bodies.length - made).toBeGreaterThanOrEqual(10 + made / 10 - 2)
  expect(bodies.length - made).toBeLessThanOrEqual(10 + made / 10)
})

test('given a server that only fails, then it is left alone after five calls, and asked again when the pause is over', async () => {
  const { behaviour, bodies, clock, call } = await start((response) => void response.writeHead(500).end('{}'))
  for (let count = 0; count < 5; count += 1) expect((await call('q', 'query')).status).toBe(500)
  await expect(call('q', 'query')).rejects.toThrow(LeftAlone)
  expect(bodies).toHaveLength(5)
  behaviour.answer = good
  clock.advance(10_000)
  for (let count = 0; count < 3; count += 1) expect((await call('q', 'query')).status).toBe(200)
})

test('given calls that clients have left, then they are abandoned, and say nothing about the server', async () => {
  const closed: Promise<void>[] = []
  const { behaviour, call } = await start((response) => {
    closed.push(new Promise((resolve) => response.once('close', resolve)))
  })
  for (let count = 0; count < 10; count += 1) {
    const left = new AbortController()
    const answer = call('q', 'query', left.signal)
    await expect.poll(() => closed.length).toBe(count + 1)
    left.abort(takenBack)
    await expect(answer).rejects.toThrow()
  }
  await Promise.all(closed)
  behaviour.answer = good
  expect((await call('q', 'query')).status).toBe(200)
})

test('given a server that hangs, then no more than the bulkhead holds wait for it (R13)', async () => {
  const waiting: ServerResponse[] = []
  const bulkhead = { inFlight: 2, waiting: 1 }
  const { behaviour, bodies, call } = await start((response) => void waiting.push(response), { bulkhead })
  const calls = [call('1'), call('2'), call('3')]
  await expect(call('4')).rejects.toThrow('too many calls wait')
  await expect.poll(() => waiting.length).toBe(2)
  expect(bodies.toSorted()).toEqual(['1', '2'])
  behaviour.answer = good
  for (const response of waiting) response.end('{}')
  expect(await Promise.all(calls)).toHaveLength(3)
})

test('given nobody listens, when somebody does soon, then what waited is sent once, a mutation too: nobody can have received it before (F2, F15, R20)', async () => {
  const { bodies, call, die, comeBack } = await start(good)
  await die()
  const calls = [call('m', 'mutation'), call('q', 'query'), call('m', 'mutation')]
  await comeBack()
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200])
  expect(bodies.toSorted()).toEqual(['m', 'm', 'q'])
})

test('given a process that dies with calls under way, when it is back, then its breaker is closed, and only what may have been done is told as lost (F2)', async () => {
  const open: ServerResponse[] = []
  const { behaviour, call, die, comeBack } = await start((response) => void open.push(response))
  const underWay = Array.from({ length: 8 }, () => call('m', 'mutation'))
  await expect.poll(() => open.length).toBe(8)
  behaviour.answer = good
  const lost = Promise.allSettled(underWay)
  await die()
  expect(new Set((await lost).map(({ status }) => status))).toEqual(new Set(['rejected']))
  const after = call('m', 'mutation')
  await comeBack()
  expect((await after).status).toBe(200)
})

test('given nobody has listened for longer than a restart takes, then calls are refused at once (R11)', async () => {
  const { clock, call, die } = await start(good)
  await die()
  const first = call('q', 'query').catch((error: Error) => error.name)
  await expect
    .poll(async () => await call('q', 'query', AbortSignal.timeout(20)).catch((error: Error) => error.name))
    .toBe('TimeoutError')
  clock.advance(5_000)
  await expect(call('q', 'query')).rejects.toThrow('nobody listens')
  expect(await first).toBe('Away')
})
