import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { makeCounters } from './commands/counters.ts'
import { makeCursors } from './commands/cursors.ts'
import { makeRegistry } from './commands/registry.ts'
import { makeCatalog } from './storage/catalog.ts'
import { expire } from './storage/expiry.ts'
import { LockedError, makeSqliteStore } from './storage/sqliteStore.ts'
import { makeEphemeralStore, type Store } from './storage/store.ts'
import { serveConnection } from './wire/connection.ts'

export type ServerOptions = {
  readonly host: string
  readonly port: number
  /** The folder of the data; undefined keeps everything in memory only. */
  readonly data: string | undefined
  readonly standalone: boolean
  readonly ttlIntervalMs: number
  /** Called when the disk refuses a commit: nothing may be acknowledged after that. */
  readonly onFatal: (error: unknown) => void
}

/** A start that failed for a reason the user can act on; the message is complete. */
export class StartError extends Error {}

const infoFile = 'devdb.json'

const holder = (folder: string): string => {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(folder, infoFile), 'utf8')) as { pid: number; url: string }
    return `process ${pid}, serving ${url}`
  } catch {
    return 'another process that is still starting'
  }
}

const openStore = ({ data, onFatal }: ServerOptions): Store => {
  if (data === undefined) return makeEphemeralStore()
  try {
    mkdirSync(data, { recursive: true })
    return makeSqliteStore(join(data, 'devdb.sqlite'), onFatal)
  } catch (error) {
    if (error instanceof LockedError) throw new StartError(`the data folder ${data} is held by ${holder(data)}`)
    throw new StartError(
      `cannot open the data folder ${data}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

const listenError = (error: NodeJS.ErrnoException, { host, port }: ServerOptions): Error => {
  if (error.code === 'EADDRINUSE') return new StartError(`port ${port} on ${host} is in use`)
  return new StartError(`cannot listen on ${host}:${port}: ${error.message}`)
}

const writeInfo = (folder: string, info: object): void => {
  const file = join(folder, infoFile)
  // Whoever attaches must never read half a file.
  writeFileSync(`${file}.new`, `${JSON.stringify(info)}\n`)
  renameSync(`${file}.new`, file)
}

/** Opens the data, listens, and answers how to reach and how to stop the server; throws StartError. */
export const startServer = async (options: ServerOptions) => {
  const { host, port, data, standalone, ttlIntervalMs } = options
  const store = openStore(options)
  const catalog = makeCatalog(store)
  const counters = makeCounters()
  const sockets = new Set<Socket>()
  let address = ''
  const registry = makeRegistry(
    {
      catalog,
      counters,
      cursors: makeCursors(),
      replicaSet: standalone ? undefined : 'rs0',
      address: () => address,
      startedAt: new Date(),
    },
    store,
  )

  const listener = createServer((socket) => {
    const id = counters.connected()
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      counters.disconnected()
    })
    serveConnection({ socket, id, registry, settled: store.settled })
  })

  const opened = Promise.withResolvers<void>()
  listener.once('error', (error) => opened.reject(listenError(error, options)))
  listener.listen(port, host, () => opened.resolve())
  await opened.promise.catch((error: unknown) => {
    store.close()
    throw error
  })

  const bound = (listener.address() as AddressInfo).port
  address = `${host.includes(':') ? `[${host}]` : host}:${bound}`
  const url = `mongodb://${address}/?${standalone ? 'directConnection=true' : 'replicaSet=rs0'}`
  if (data !== undefined) writeInfo(data, { pid: process.pid, port: bound, url })
  const sweep = setInterval(() => expire(catalog, Date.now()), ttlIntervalMs)

  const stop = async (): Promise<void> => {
    clearInterval(sweep)
    const closed = Promise.withResolvers<void>()
    listener.close(() => closed.resolve())
    // Replies on their way wait for this commit; then they are sent, and the connections ended.
    await store.settled()
    for (const socket of sockets) socket.destroySoon()
    await Promise.race([closed.promise, new Promise((resolve) => setTimeout(resolve, 1000).unref())])
    for (const socket of sockets) socket.destroy()
    store.close()
    if (data !== undefined) rmSync(join(data, infoFile), { force: true })
  }

  return { port: bound, url, stop }
}
