import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { errorCodes, ShopError } from '#kernel/errors.ts'
import { makeIds } from '#kernel/id.ts'
import { systemClock } from '#kernel/time.ts'
import { type CallHeaders, callKey, readCall, service } from './auth.ts'
import { makeCallSigner, makeSubgraphCaller, withTimeout } from './caller.ts'
import { remoteEndpoint } from './endpoint.ts'
import { systemRandom } from './random.ts'

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void

/** A caller whose sibling is a real server that answers as the test says. */
const startSibling = async (answer: Answer, timeoutMs = 5_000) => {
  // Of a call that is cut while it comes nobody hears.
  const server = createServer((request, response) =>
    text(request).then(
      (body) => answer(response, request, body),
      () => undefined,
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = remoteEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(async () => {
    await endpoint.stop()
    stop()
  })
  const sign = makeCallSigner({ secret: 'secret', clock: systemClock, ids: makeIds(systemClock, systemRandom) })
  const call = makeSubgraphCaller('cart', { endpoints: () => endpoint, sign, timeoutMs })
  return { call, stop }
}

const json =
  (value: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status).end(JSON.stringify(value))
const query = 'query ($id: ID!) { order(id: $id) { id } }'
const refusalOf = async (work: Promise<unknown>): Promise<ShopError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ShopError)
  return error as ShopError
}

test('given a sibling that answers, when it is asked, then it gets the operation signed as our service, and we get its data', async () => {
  const seen: unknown[] = []
  const { call } = await startSibling((response, request, body) => {
    const headers = request.headers as CallHeaders
    seen.push(
      request.method,
      request.url,
      JSON.parse(body),
      readCall(callKey('secret', 'orders'), systemClock, headers, body),
    )
    expect(readCall(callKey('secret', 'users'), systemClock, headers, body)).toBeNull()
    json({ data: { order: { id: 'ord_1' } } })(response, request, body)
  })
  const data = await call<unknown>('orders', { query, variables: { id: 'ord_1' }, requestId: 'req_7' })
  expect(data).toEqual({ order: { id: 'ord_1' } })
  const nonce = expect.stringMatching(/^req_/)
  const verified = { viewer: service('cart'), requestId: 'req_7', nonce, remainingMs: 5_000 }
  expect(seen).toEqual(['POST', '/graphql', { query, variables: { id: 'ord_1' } }, verified])
})

test('given the same operation twice, when it is signed, then the nonces differ (R10)', async () => {
  const nonces = new Set<unknown>()
  const { call } = await startSibling((response, request, body) => {
    nonces.add(request.headers['x-emporion-nonce'])
    json({ data: { ok: true } })(response, request, body)
  })
  for (const _ of [1, 2]) await call('orders', { query })
  expect(nonces.size).toBe(2)
})

test('given a sibling that refuses, when it is asked, then its code and text are ours, without the field of a call that our client never made (R17)', async () => {
  const refusing = { code: '' as string }
  const { call } = await startSibling((...args) =>
    json({ data: null, errors: [{ message: 'No.', extensions: { code: refusing.code, field: ['input', 'id'] } }] })(
      ...args,
    ),
  )
  for (const code of errorCodes) {
    refusing.code = code
    const { problems } = await refusalOf(call('orders', { query }))
    // That our own call was not believed is our fault, not the client's.
    if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') expect(problems[0].code).toBe('UNAVAILABLE')
    else expect(problems).toEqual([{ code, message: 'No.', field: undefined }])
  }
})

test('given a fault of a sibling, when it is asked, then the code is UNAVAILABLE and its text goes no further (R17)', async () => {
  const faults = [
    null,
    { data: null, errors: [{ message: 'canary', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    { data: { order: {} }, errors: [{ message: 'canary', extensions: { code: 'toString' } }] },
    { errors: [{ message: 'canary' }] },
    { data: null },
    {},
    [],
    'canary',
  ]
  for (const fault of faults) {
    const { call } = await startSibling(json(fault, 500))
    const error = await refusalOf(call('orders', { query }))
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: 'The orders service failed; try again.',
    })
  }
})

test('given an answer that is no JSON, cut off, or no server at all, when it is asked, then the code is UNAVAILABLE (R11)', async () => {
  const broken: Answer[] = [
    (response) => void response.end('<html>502 Bad Gateway</html>'),
    (response) => void response.end(''),
    (response) => void response.writeHead(200, { 'content-length': 100 }).write('{"data":', () => response.destroy()),
    (response) => void response.destroy(),
  ]
  for (const answer of broken) {
    const { call } = await startSibling(answer)
    const error = await refusalOf(call('orders', { query }))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'The orders service does not answer; try again.' })
  }
  const { call, stop } = await startSibling(json({}))
  stop()
  expect((await refusalOf(call('orders', { query }))).code).toBe('UNAVAILABLE')
})

test('given a sibling that never answers, when the time is over, then the code is UNAVAILABLE and the call is abandoned (R11)', async () => {
  const reached = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const { call } = await startSibling((response) => {
    response.once('close', closed.resolve)
    reached.resolve()
  }, 20)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const refusal = refusalOf(call('orders', { query }))
  await reached.promise
  vi.advanceTimersByTime(20)
  const error = await refusal
  expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
  await closed.promise
})

test('given an operation with its own patience, when it is asked, then that counts and not the configured one', async () => {
  const { call } = await startSibling(() => undefined, 600_000)
  expect((await refusalOf(call('orders', { query, timeoutMs: 20 }))).code).toBe('UNAVAILABLE')
})

test('given work that ignores the signal and fails late, when the time is over, then only the lateness is heard', async () => {
  const late = Promise.withResolvers<string>()
  const signals: AbortSignal[] = []
  const work = (signal: AbortSignal) => {
    signals.push(signal)
    return late.promise
  }
  await expect(withTimeout(1, () => new Error('late'), work)).rejects.toThrow('late')
  expect(signals[0]?.aborted).toBe(true)
  late.reject(new Error('nobody listens any more'))
  await expect(
    withTimeout(
      600_000,
      () => new Error('late'),
      async () => 'in time',
    ),
  ).resolves.toBe('in time')
  await expect(
    withTimeout(
      600_000,
      () => new Error('late'),
      () => Promise.reject(new Error('own')),
    ),
  ).rejects.toThrow('own')
})
