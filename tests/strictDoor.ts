import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

const probeEveryMs = 100
/** A probe is waited for for 2 s, counted in looks: when this process stands still, so does the unit in it, and that is one look. */
const longestProbe = 20

/** Whether the unit there says that it is ready. */
const isReady = async (origin: string): Promise<boolean> => {
  const over = new AbortController()
  const patience = async (): Promise<void> => {
    for (let looks = 0; looks < longestProbe; looks++) await pause(probeEveryMs, undefined, { signal: over.signal })
    over.abort()
  }
  patience().catch(() => undefined)
  try {
    return (await fetch(`${origin}/health/ready`, { signal: over.signal })).ok
  } catch {
    return false
  } finally {
    over.abort()
  }
}

const headOf = ({ method, url, rawHeaders }: IncomingMessage): string => {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return `${[`${method} ${url} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}

/**
 * A load balancer as strict as one can be: every request and every socket goes through as long as the unit behind said that it is ready when
 * it was probed last, and is told 503 otherwise. Whoever is taken out of service there for what another part lacks, takes its whole unit along.
 */
export const startStrictDoor = async (target: string) => {
  const { origin, hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const probing = new AbortController()
  let ready = await isReady(origin)
  const probe = async (): Promise<void> => {
    for (; !probing.signal.aborted; ready = await isReady(origin))
      await pause(probeEveryMs, undefined, { signal: probing.signal }).catch(() => undefined)
  }
  const server = createServer((client, answer) => {
    if (!ready) return void answer.writeHead(503, { 'retry-after': '1' }).end('{}')
    const { method, headers } = client
    const forward = request(origin + client.url, { method, headers })
    forward.once('response', (found) => {
      answer.writeHead(found.statusCode!, found.headers)
      pipeline(found, answer, () => undefined)
    })
    answer.once('close', () => forward.destroy())
    pipeline(client, forward, (error) => error && answer.destroy())
  })
  server.on('connection', (socket) => open.add(socket.once('close', () => open.delete(socket))))
  server.on('upgrade', (client, socket: Socket, first) => {
    if (!ready) return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
    const behind = connect(Number(port), hostname)
    behind.write(headOf(client))
    behind.write(first)
    pipeline(socket, behind, socket, () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const probes = probe()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async (): Promise<void> => {
      probing.abort()
      await probes
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
