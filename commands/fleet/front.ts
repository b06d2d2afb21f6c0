import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { isReady } from './program.ts'

const probeEveryMs = 100
const connectWithinMs = 1_000

/** A line to one of these, the first that accepts; null when none does. */
const dial = async (ports: readonly number[]): Promise<Socket | null> => {
  for (const port of ports) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectWithinMs) })
      return socket
    } catch {
      socket.destroy()
    }
  }
  return null
}

/** What a load balancer says when it has nobody to send a client to. */
const nobodyIsReady =
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

/**
 * One port in front of all gateways, as a load balancer is in production: each connection goes to the next gateway that is ready, and to
 * nobody else. It looks at no request, so HTTP and WebSockets pass alike.
 * @param gateways where they answer, e.g. `http://127.0.0.1:4101`
 */
export const startFront = async (gateways: readonly string[], port: number) => {
  const ready = new Set<string>(gateways)
  let turn = 0
  const inTurn = (): number[] => {
    turn += 1
    const able = gateways.filter((url) => ready.has(url))
    return able.map((_, index) => Number(new URL(able[(turn + index) % able.length] ?? '').port))
  }
  const look = async (url: string): Promise<void> => {
    if (await isReady(url)) ready.add(url)
    else ready.delete(url)
  }
  const timer = setInterval(() => void Promise.all(gateways.map(look)), probeEveryMs)

  const open = new Set<Socket>()
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  // A client may end its side before it has the answer: that is passed on like all else, and is no end of the connection.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, async (client) => {
    keep(client)
    const gateway = await dial(inTurn())
    if (client.destroyed) return void gateway?.destroy()
    if (!gateway) return void client.resume().end(nobodyIsReady)
    keep(gateway)
    client.pipe(gateway)
    gateway.pipe(client)
    client.once('close', () => gateway.destroy())
    gateway.once('close', () => client.destroy())
    client.resume()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async (): Promise<void> => {
      clearInterval(timer)
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
