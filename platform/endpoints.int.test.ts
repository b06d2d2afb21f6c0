import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { freePorts } from '../tests/ports.ts'
import type { Lookup } from './addresses.ts'
import { readConfig } from './config.ts'
import { makeEndpoints } from './endpoints.ts'
import { systemClock } from './kernel/time.ts'
import { makeLog } from './log.ts'

/** What a pod does with a call. */
type Manner = 'answers' | 'says it is stopping' | 'is frozen'

/** One pod of orders, at an address of its own like in a cluster: the whole of 127.0.0.0/8 is this machine. */
const startPod = async (address: string, port: number) => {
  const state = { manner: 'answers' as Manner, calls: 0, hosts: new Set<string | undefined>() }
  const server = createServer((request: IncomingMessage, response) => {
    if (request.method === 'GET') return void response.end('{"live":true}')
    state.calls += 1
    state.hosts.add(request.headers.host)
    if (state.manner === 'is frozen') return
    if (state.manner === 'says it is stopping') response.setHeader('x-stopping', '1')
    response.end('{"data":{}}')
  })
  await once(server.listen(port, address), 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return state
}

const [one, two, three] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const

/** A caller of orders at a name that stands for the addresses of a list, which changes. */
const start = async (...first: string[]) => {
  const [port = 0] = await freePorts(1)
  const dns = { addresses: first as string[] | Error, looks: 0 }
  const lookup: Lookup = async (host) => {
    dns.looks += 1
    if (host !== 'orders.test' || dns.addresses instanceof Error) throw dns.addresses
    return dns.addresses
  }
  const lines: string[] = []
  const tell = ({ msg, url: at }: Record<string, string>): void => void lines.push(`${msg}: ${at}`)
  const log = makeLog('warn', { write: (line) => tell(JSON.parse(line)) })
  const url = `http://orders.test:${port}/graphql`
  const config = readConfig({ ORDERS_URL: url, MONGODB_URL: 'mongodb://nowhere' }, ['gateway'])
  const endpoints = makeEndpoints({ config, running: new Map(), clock: systemClock, log, lookup, lookEveryMs: 5 })
  onTestFinished(endpoints.stop)
  const looked = async (): Promise<void> => {
    const { looks } = dns
    await expect.poll(() => dns.looks).toBeGreaterThan(looks + 1)
  }
  const orders = endpoints.of('orders')
  await looked()
  const ask = (patienceMs = 5_000) =>
    orders.execute({ headers: {}, body: '{}', kind: 'query', signal: AbortSignal.timeout(patienceMs) })
  const askSome = async (): Promise<void> => {
    for (let n = 0; n < 12; n++) await ask()
  }
  /** How many of a dozen calls each pod gets. */
  const shares = async (...pods: { calls: number }[]): Promise<number[]> => {
    for (const pod of pods) pod.calls = 0
    await askSome()
    return pods.map(({ calls }) => calls)
  }
  return { port, dns, endpoints, orders, ask, looked, shares, lines }
}

describe('a subgraph whose URL has one name for many pods', () => {
  test('given two pods, when one is added and another taken away, then calls go to those that the name has, and know the name', async () => {
    const { port, dns, looked, shares } = await start(one, two)
    const pods = [await startPod(one, port), await startPod(two, port), await startPod(three, port)]
    expect(await shares(...pods)).toEqual([6, 6, 0])
    dns.addresses = [one, two, three]
    await looked()
    expect(await shares(...pods)).toEqual([4, 4, 4])
    // It still answers: who leaves drains.
    dns.addresses = [two, three]
    await looked()
    expect(await shares(...pods)).toEqual([0, 6, 6])
    expect(pods.flatMap(({ hosts }) => [...hosts])).toEqual(Array(3).fill(`orders.test:${port}`))
  })

  test('given names that nobody answers for, then the last addresses count, and it is said once', async () => {
    const { port, dns, looked, shares, lines } = await start(one, two)
    const pods = [await startPod(one, port), await startPod(two, port)]
    dns.addresses = new Error('EAI_AGAIN')
    await looked()
    await looked()
    expect(await shares(...pods)).toEqual([6, 6])
    dns.addresses = []
    await looked()
    expect(await shares(...pods)).toEqual([6, 6])
    expect(lines).toEqual(['a name is not found, its last addresses count: orders.test'])
  })

  test('given a pod that says it is stopping, then the others get all calls, before the name knows of it (F12)', async () => {
    const { port, shares } = await start(one, two)
    const pods = [await startPod(one, port), await startPod(two, port)]
    pods[0]!.manner = 'says it is stopping'
    await shares(...pods)
    expect(await shares(...pods)).toEqual([0, 12])
  })

  test('given a pod that is frozen, then its own breaker opens and the others are not suspected: after five late answers nobody waits (F9)', async () => {
    const { port, ask, shares, lines } = await start(one, two)
    const pods = [await startPod(one, port), await startPod(two, port)]
    pods[0]!.manner = 'is frozen'
    for (let n = 0; n < 10; n++) await ask(200).catch(() => undefined)
    expect(pods[0]!.calls).toBe(5)
    expect(lines).toEqual([`a breaker changed: ${one}`])
    expect(await shares(...pods)).toEqual([0, 12])
  })

  test('given a stream, then it is opened at an address of the name as well; and stopping does not fail for one that was never greeted', async () => {
    const { port, endpoints, orders } = await start(two)
    const server = new WebSocketServer({ host: two, port })
    await once(server, 'listening')
    onTestFinished(() => server.close())
    const opened = once(server, 'connection')
    await orders.subscribe({ headers: {}, body: '{"query":"subscription { orderUpdated { seq } }"}' })
    const [socket, request] = await opened
    expect(request.headers.host).toBe(`orders.test:${port}`)
    const stopping = endpoints.stop()
    socket.terminate()
    await stopping
  })

  test('given a pod that is gone before the name knows, then even a mutation is answered by another: it has certainly not arrived', async () => {
    const { port, shares } = await start(one, two)
    const pod = await startPod(two, port)
    expect(await shares(pod)).toEqual([12])
  })
})

test('given a subgraph behind TLS, when its name is looked up, then the server is asked for that name and not for an address', async () => {
  const [port = 0] = await freePorts(1)
  const asked = new Set<string>()
  const SNICallback = (name: string, done: (error: Error | null) => void): void => {
    asked.add(name)
    done(new Error('enough seen'))
  }
  const server = createTlsServer({ SNICallback }).on('tlsClientError', () => undefined)
  await once(server.listen(port, one), 'listening')
  onTestFinished(() => void server.close())
  const config = readConfig({ ORDERS_URL: `https://orders.test:${port}/graphql`, MONGODB_URL: 'mongodb://nowhere' }, [
    'gateway',
  ])
  let looks = 0
  const lookup: Lookup = async () => {
    looks += 1
    return [one]
  }
  const log = makeLog('silent')
  const endpoints = makeEndpoints({ config, running: new Map(), clock: systemClock, log, lookup, lookEveryMs: 5 })
  onTestFinished(endpoints.stop)
  const orders = endpoints.of('orders')
  await expect.poll(() => looks).toBeGreaterThan(1)
  const patience = new AbortController()
  const call = expect(
    orders.execute({ headers: {}, body: '{}', kind: 'query', signal: patience.signal }),
  ).rejects.toThrow()
  await expect.poll(() => [...asked]).toEqual(['orders.test'])
  patience.abort()
  await call
})
