import { lstatSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Where to listen: a unix socket, or else host and port (0 takes a free port). */
export type Place = { readonly host: string; readonly port: number; readonly socket?: string | undefined }

/** A start that failed for a reason the user can act on; the message is complete. */
export class StartError extends Error {}

/** Connections at once; a further one is closed as it comes. */
export const maxConnections = 2000

const listenError = (error: NodeJS.ErrnoException, { host, port, socket }: Place): Error => {
  if (socket !== undefined) return new StartError(`cannot listen on the socket ${socket}: ${error.message}`)
  if (error.code === 'EADDRINUSE') return new StartError(`port ${port} on ${host} is in use`)
  return new StartError(`cannot listen on ${host}:${port}: ${error.message}`)
}

const isServed = (path: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = connect(path)
  probe.once('connect', () => resolve(true))
  probe.once('error', () => resolve(false))
  return promise.finally(() => probe.destroy())
}

/** A process that was killed leaves its socket behind: that one is removed, a live one and any other file never. */
const removeStale = async (path: string): Promise<void> => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw new StartError(`${path} is there already and is no socket`)
  if (await isServed(path)) throw new StartError(`the socket ${path} is served by another process`)
  rmSync(path, { force: true })
}

/** Listens with the umask under which a unix socket is made for its owner only, and never was anything else. */
const listenPrivately = (listen: () => void): void => {
  const before = process.umask(0o177)
  try {
    listen()
  } finally {
    process.umask(before)
  }
}

/** Listens; answers the address as clients reach it (host:port, or the path of the socket). Throws StartError. */
export const listen = async (place: Place, onConnection: (socket: Socket) => void) => {
  const { host, port, socket } = place
  if (socket !== undefined) await removeStale(socket)
  const listener = createServer(onConnection)
  listener.maxConnections = maxConnections
  const opened = Promise.withResolvers<void>()
  listener.once('error', (error) => opened.reject(listenError(error, place)))
  if (socket === undefined) listener.listen(port, host, () => opened.resolve())
  else listenPrivately(() => listener.listen(socket, () => opened.resolve()))
  await opened.promise
  const bound = socket === undefined ? (listener.address() as AddressInfo).port : 0
  const address = socket ?? `${host.includes(':') ? `[${host}]` : host}:${bound}`
  return { listener, port: bound, address }
}
