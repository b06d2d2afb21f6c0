import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readBody } from './http.ts'
import { type HttpLimits, httpLimits, listen } from './listen.ts'

/** A tenth of a second where the shop takes seconds. */
const short: Partial<HttpLimits> = {
  headersTimeout: 100,
  requestTimeout: 200,
  connectionsCheckingInterval: 20,
  answerTimeout: 100,
}

const big = 'x'.repeat(20_000_000)

const start = async (limits: Partial<HttpLimits> = short) => {
  const http = await listen(
    async (request, response) => {
      await readBody(request, 1_000).catch(() => '')
      response.end(request.url === '/big' ? big : 'fine')
    },
    { host: '127.0.0.1', port: 0, limits },
  )
  onTestFinished(http.stop)
  return http
}

/** A client that writes what the test says; `ended` tells what it has got when the server hangs up. */
const open = (port: number) => {
  const socket: Socket = connect(port, '127.0.0.1')
  let got = ''
  socket.on('data', (chunk) => {
    got += String(chunk)
  })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(got)))
  return { socket, ended }
}

/** Writes one byte after the other, as slowly as the connection lives through many of them. */
const drip = (socket: Socket, head: string, bytes: string) => {
  socket.write(head)
  const timer = setInterval(() => !socket.destroyed && socket.write(bytes), 10)
  onTestFinished(() => clearInterval(timer))
}

const head = 'POST / HTTP/1.1\r\nhost: x\r\n'

test('given nothing else, then the bounds of the parameters table hold', async () => {
  const { server } = await start({})
  expect(server).toMatchObject({
    headersTimeout: 10_000,
    requestTimeout: 14_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 10_000,
    maxConnections: 15_000,
  })
  expect(httpLimits.requestTimeout + httpLimits.connectionsCheckingInterval).toBeLessThanOrEqual(15_000)
})

test('given clients that send slowly, or nothing at all, then each is hung up on, and another is served meanwhile (L9)', async () => {
  const { port } = await start()
  const isServed = async () => (await (await fetch(`http://127.0.0.1:${port}`)).text()) === 'fine'
  // The first one loads what `fetch` needs, which may take as long as a slow client has.
  expect(await isServed()).toBe(true)
  const half = open(port)
  const slowHeaders = open(port)
  drip(slowHeaders.socket, 'POST / HTTP/1.1\r\nx-a: ', 'b')
  const slowBody = open(port)
  drip(slowBody.socket, `${head}content-length: 900\r\n\r\n`, 'b')
  const slowChunks = open(port)
  drip(slowChunks.socket, `${head}transfer-encoding: chunked\r\n\r\n`, '1\r\nb\r\n')
  expect(await isServed()).toBe(true)
  for (const { ended } of [half, slowHeaders, slowBody, slowChunks])
    expect(await ended).toMatch(/^(?:$|HTTP\/1.1 408 )/)
})

test('given a client that does not read its answer, then it is hung up on (L9)', async () => {
  const { port, server } = await start()
  const { socket } = open(port)
  socket.pause()
  const closed = new Promise<void>((resolve) => server.once('connection', (served) => served.once('close', resolve)))
  socket.write('GET /big HTTP/1.1\r\nhost: x\r\n\r\n')
  await closed
})

test('given more connections than there may be, then the next is refused and the others stay', async () => {
  const { port } = await start({ ...short, headersTimeout: 10_000, requestTimeout: 10_000, maxConnections: 2 })
  const first = open(port)
  const second = open(port)
  await Promise.all([first, second].map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))))
  expect(await open(port).ended).toBe('')
  first.socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  expect(await first.ended).toMatch(/^HTTP\/1.1 200 /)
})

test('given headers of more than 16 kB, then 431', async () => {
  const { port } = await start({})
  const { socket, ended } = open(port)
  socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'b'.repeat(17_000)}\r\n\r\n`)
  expect(await ended).toMatch(/^HTTP\/1.1 431 /)
})

test('given a request whose length can be read two ways, then 400: nothing is smuggled behind it (threat: gateway)', async () => {
  const { port } = await start({})
  for (const twoWays of [
    'content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'content-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
    'content-length: 3, 4\r\n\r\nabcd',
    'content-length : 3\r\n\r\nabc',
    'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'transfer-encoding: xchunked\r\n\r\n0\r\n\r\n',
  ]) {
    const { socket, ended } = open(port)
    socket.end(head + twoWays)
    expect(await ended, twoWays).toMatch(/^HTTP\/1.1 400 /)
  }
})
