import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What a subgraph behind a line is like: quick; each answer comes so much later; nobody listens. */
export type Manner = 'well' | 'slow' | 'down'

/** A line to a server on this machine, which can get slow or end. */
export const startLine = async (targetPort: number, slowByMs: number) => {
  let manner: Manner = 'well'
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.on('error', () => peer.destroy())
      socket.on('close', () => {
        open.delete(socket)
        peer.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (bytes) => {
      if (manner === 'slow') setTimeout(() => near.write(bytes), slowByMs)
      else near.write(bytes)
    })
  })
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    for (const socket of open) socket.destroy()
    server.close()
  }
  return {
    port,
    become: async (next: Manner): Promise<void> => {
      manner = next
      if (next === 'down') cut()
      else if (!server.listening) await listen(port)
    },
    stop: cut,
  }
}
