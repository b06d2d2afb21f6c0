import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { makeCounters } from './commands/counters.ts'
import { makeCursors } from './commands/reading/cursors.ts'
import { makeRegistry } from './commands/registry.ts'
import { defaultSettings } from './commands/server/parameters.ts'
import { listen, StartError } from './listener.ts'
import { makeCatalog } from './storage/catalog.ts'
import { expire } from './storage/expiry.ts'
import { makeHistory } from './storage/history.ts'
import { makeNews } from './storage/news.ts'
import { makeOplog } from './storage/oplog.ts'
import { DamagedError, LockedError } from './storage/sqlite/file.ts'
import { openSqliteStore } from './storage/sqlite/store.ts'
import { makeEphemeralStore, type Store } from './storage/store.ts'
import { serveConnection } from './wire/connection.ts'

export type ServerOptions = {
  readonly host: string
  readonly port: number
  /** The unix socket to listen on instead of host and port. */
  readonly socket?: string | undefined
  /** The folder of the data; undefined keeps everything in memory only. */
  readonly data: string | undefined
  readonly standalone: boolean
  /** Failpoints may be set. */
  readonly testCommands?: boolean
  readonly ttlIntervalMs: number
  /** The largest size of the data file, in pages of 4 kB: a full disk, for tests. */
  readonly maxPages?: number
}

const infoFile = 'devdb.json'

const holder = (folder: string): string => {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(folder, infoFile), 'utf8')) as { pid: number; url: string }
    return `process ${pid}, serving ${url}`
  } catch {
    return 'another process that is still starting'
  }
}

const openStore = async ({ data, maxPages }: ServerOptions, onRefused: (reason: string) => void): Promise<Store> => {
  if (data === undefined) return makeEphemeralStore()
  try {
    mkdirSync(data, { recursive: true })
    return await openSqliteStore({ path: join(data, 'devdb.sqlite'), onRefused, maxPages })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof LockedError) throw new StartError(`the data folder ${data} is held by ${holder(data)}`)
    if (error instanceof DamagedError)
      throw new StartError(`the data in ${data} is damaged: ${reason}. Restore a backup, see devdb/README.md.`)
    throw new StartError(`cannot open the data folder ${data}: ${reason}`)
  }
}

const writeInfo = (folder: string, info: object): void => {
  const file = join(folder, infoFile)
  // Whoever attaches must never read half a file.
  writeFileSync(`${file}.new`, `${JSON.stringify(info)}\n`)
  renameSync(`${file}.new`, file)
}

const peerOf = (socket: Socket | undefined): string => {
  if (socket?.remoteAddress === undefined) return 'anonymous unix socket:0'
  const host = socket.remoteFamily === 'IPv6' ? `[${socket.remoteAddress}]` : socket.remoteAddress
  return `${host}:${socket.remotePort}`
}

/** Opens the data, listens, and answers how to reach and how to stop the server; throws StartError. */
export const startServer = async (options: ServerOptions) => {
  const { data, standalone, ttlIntervalMs } = options
  const refused = (reason: string): void => {
    const units = history.revertUnsettled()
    process.stderr.write(`devdb: the disk refused ${units} writes, they are taken back: ${reason}\n`)
  }
  const store = await openStore(options, refused)
  const history = makeHistory(store)
  const catalog = makeCatalog(store, history)
  const counters = makeCounters()
  const sockets = new Map<number, Socket>()
  const settings = defaultSettings()
  const cursors = makeCursors({ idleLimitMs: () => settings.cursorTimeoutMillis })
  let address = ''
  const registry = makeRegistry(
    {
      catalog,
      counters,
      cursors,
      news: makeNews(history),
      oplog: standalone ? undefined : makeOplog({ store, history }),
      replicaSet: standalone ? undefined : 'rs0',
      address: () => address,
      startedAt: new Date(),
      startup: { ...options, testCommands: options.testCommands ?? false, argv: process.argv },
      settings,
      copyTo: store.copyTo,
      peer: (id) => peerOf(sockets.get(id)),
    },
    store,
  )

  const serve = (socket: Socket): void => {
    const id = counters.connected()
    sockets.set(id, socket)
    socket.on('close', () => {
      counters.received(socket.bytesRead)
      counters.sent(socket.bytesWritten)
      sockets.delete(id)
      counters.disconnected()
    })
    serveConnection({ socket, id, registry, settled: store.settled })
  }
  const { listener, port, ...bound } = await listen(options, serve).catch((error: unknown) => {
    store.close()
    throw error
  })
  address = bound.address
  const host = options.socket === undefined ? address : encodeURIComponent(address)
  // Drivers write the members of a set in small letters, which a path need not be in.
  const discovered = !standalone && options.socket === undefined
  const url = `mongodb://${host}/?${discovered ? 'replicaSet=rs0' : 'directConnection=true'}`
  if (data !== undefined) writeInfo(data, { pid: process.pid, port, url })
  const sweep = setInterval(() => {
    if (settings.ttlMonitorEnabled) expire(catalog, Date.now())
    cursors.expire()
  }, ttlIntervalMs)

  const stop = async (): Promise<void> => {
    clearInterval(sweep)
    const closed = Promise.withResolvers<void>()
    listener.close(() => closed.resolve())
    // Replies on their way wait for this commit; then they are sent, and the connections ended.
    await store.settled()?.catch(() => undefined)
    for (const socket of sockets.values()) socket.destroySoon()
    await Promise.race([closed.promise, new Promise((resolve) => setTimeout(resolve, 1000).unref())])
    for (const socket of sockets.values()) socket.destroy()
    await store.close()
    if (data !== undefined) rmSync(join(data, infoFile), { force: true })
  }

  return { port, url, stop }
}
