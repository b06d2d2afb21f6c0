import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/**
 * What happens to what goes through: it passes; it is cut; nobody listens; it is swallowed; it waits until it is fair; it arrives, and the
 * reply gets lost, or comes late.
 */
export type Weather = 'fair' | 'down' | 'gone' | 'hanging' | 'frozen' | 'losing replies' | 'slow'

/** A line to a server on this machine, with weather. */
export const startProxy = async (targetPort: number, slowByMs = 5_000) => {
  const open = new Set<Socket>()
  const hung = new Set<Socket>()
  const line = { weather: 'fair' as Weather, forwarded: '', swallowed: '' }
  let held: (() => void)[] = []
  const keep = (socket: Socket): Socket => {
    open.add(socket)
    socket.on('error', () => undefined)
    return socket.once('close', () => {
      open.delete(socket)
      hung.delete(socket)
    })
  }
  const server = createServer((client) => {
    keep(client)
    if (line.weather === 'down') return void client.resetAndDestroy()
    const target = keep(connect(targetPort, '127.0.0.1'))
    client.on('data', (chunk) => {
      if (line.weather === 'frozen') {
        held.push(() => target.destroyed || target.write(chunk))
        return
      }
      if (line.weather === 'hanging') {
        line.swallowed += String(chunk)
        hung.add(client)
        return
      }
      line.forwarded += String(chunk)
      target.write(chunk)
    })
    target.on('data', (chunk) => {
      if (line.weather === 'losing replies') client.resetAndDestroy()
      else if (line.weather === 'slow') setTimeout(() => client.write(chunk), slowByMs)
      else client.write(chunk)
    })
    client.once('close', () => target.destroy())
    target.once('close', () => client.destroy())
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    /** Changes the weather; connections that rest feel it as well. */
    become: (weather: Weather): void => {
      line.weather = weather
      if (weather === 'down' || weather === 'gone') cut()
      if (weather === 'gone' && server.listening) server.close()
      else if (weather !== 'gone' && !server.listening) void listen(port)
      const late = weather === 'fair' ? held : []
      held = []
      for (const deliver of late) deliver()
    },
    /** Breaks every connection, whatever the weather. */
    cut,
    /** Everything that has gone through to the server since this was asked last. */
    forwarded: (): string => {
      const text = line.forwarded
      line.forwarded = ''
      return text
    },
    /** What came while it was hanging, since this was asked last. */
    swallowed: (): string => {
      const text = line.swallowed
      line.swallowed = ''
      return text
    },
    /** Connections whose clients wait for what was swallowed. */
    waiting: (): number => hung.size,
    stop: async (): Promise<void> => {
      cut()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
