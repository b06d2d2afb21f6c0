import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Below those that systems give to outgoing connections, one of which would take a port before whoever it is for. */
const [lowest, highest] = [12_000, 32_000]

/** A server on a port that nobody else has. */
const occupy = async (): Promise<{ port: number; server: Server }> => {
  for (;;) {
    const port = randomInt(lowest, highest)
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return { port, server }
    } catch {
      // Somebody has it: another one.
    }
  }
}

/** Ports that were free a moment ago. */
export const freePorts = async (count: number): Promise<number[]> => {
  const occupied = await Promise.all(Array.from({ length: count }, occupy))
  await Promise.all(occupied.map(({ server }) => new Promise((resolve) => server.close(resolve))))
  return occupied.map(({ port }) => port)
}
