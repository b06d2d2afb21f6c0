import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** A line to a server on this machine on which everything that comes back is late by so many milliseconds, and some questions get lost. */
export const startSlowLine = async (target: number, delayMs: number) => {
  let delay = delayMs
  let lost: RegExp | null = null
  let swallowed = 0
  const sockets = new Set<Socket>()
  const keep = (socket: Socket, peer: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => peer.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      peer.destroy()
    })
  }
  const line = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    keep(near, far)
    keep(far, near)
    near.on('data', (bytes) => {
      if (lost?.test(String(bytes))) swallowed += 1
      else far.write(bytes)
    })
    /** What came first goes first, also when the line gets quicker meanwhile. */
    let before: Promise<unknown> = Promise.resolve()
    let underWay = 0
    far.on('data', (bytes) => {
      if (delay === 0 && underWay === 0) return void near.write(bytes)
      underWay += 1
      before = Promise.all([before, setTimeout(delay)]).then(() => {
        underWay -= 1
        near.write(bytes)
      })
    })
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  return {
    port: (line.address() as AddressInfo).port,
    delayBy: (ms: number): void => {
      delay = ms
    },
    /** What matches never arrives. */
    swallow: (what: RegExp): void => {
      lost = what
    },
    swallowed: (): number => swallowed,
    /** Breaks every connection. */
    cut: (): void => {
      for (const socket of sockets) socket.destroy()
    },
    mend: (): void => {
      delay = 0
      lost = null
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      line.close()
      await once(line, 'close')
    },
  }
}

export type SlowLine = Awaited<ReturnType<typeof startSlowLine>>
