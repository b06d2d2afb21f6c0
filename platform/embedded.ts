import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** The embedded database, running as a child process: on the second core, and a crash of the shop cannot tear a write. */
export interface EmbeddedDatabase {
  readonly name: string
  readonly url: string
  readonly pid: number | undefined
  /** Told when it has ended although nobody had stopped it; never settled otherwise. */
  readonly lost: Promise<EmbeddedLost>
  stop(): Promise<void>
}

/** The embedded database could not start, in its own sentence. */
export class EmbeddedRefused extends Error {
  override readonly name = 'EmbeddedRefused'
}

/** The embedded database has ended by itself: without it nothing can be kept. */
export class EmbeddedLost extends Error {
  override readonly name = 'EmbeddedLost'
}

export interface EmbeddedOptions {
  /** Folder of the data; null keeps everything in memory only. */
  readonly folder: string | null
  readonly standalone?: boolean
}

/** Where the embedded database keeps its files. */
export const embeddedFolder = (dataDir: string): string => join(dataDir, 'database')

const program = join(import.meta.dirname, '../devdb/main.ts')

// Measured with 20,000 documents under load: about 190 MB of memory instead of 330, at a few percent more CPU time.
const modest = ['--max-semi-space-size=4']

/** The longest path of a unix socket that every system takes, in bytes. */
const longestSocketPath = 100

/**
 * A unix socket in the folder, for its owner only: a command costs about a fifth less CPU time than over TCP, and nobody else on the
 * machine reaches a database that asks for no password. TCP where there are no such sockets, or the path is too long.
 */
const placeFor = (folder: string | null): string[] => {
  const socket = folder === null ? null : resolve(folder, 'devdb.sock')
  const serves = socket !== null && process.platform !== 'win32' && Buffer.byteLength(socket) <= longestSocketPath
  return serves ? ['--socket', socket] : ['--port', '0', '--host', '127.0.0.1']
}

const startTimeoutMs = 15_000

const firstLine = (stream: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += String(chunk)
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    stream.once('end', () => reject(new Error('ended without a line')))
  })

/**
 * Starts the embedded database and waits until it answers.
 * @throws EmbeddedRefused with the database's own sentence, for example that another process holds the folder.
 */
export const startEmbedded = async ({ folder, standalone = false }: EmbeddedOptions): Promise<EmbeddedDatabase> => {
  const where = folder === null ? ['--ephemeral'] : ['--data', folder]
  const args = [
    ...modest,
    program,
    ...placeFor(folder),
    ...where,
    '--parent-watch',
    ...(standalone ? ['--standalone'] : []),
  ]
  // A process group of its own: Ctrl-C in a terminal stops the shop first, and the shop then stops its database.
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  // 'close' and not 'exit': only then has all of its complaint been read.
  const exited = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ? `by signal ${signal}` : `with code ${code}`)),
  )
  const lost = Promise.withResolvers<EmbeddedLost>()
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + String(chunk)).slice(-2_000)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
  try {
    const ready = JSON.parse(await firstLine(child.stdout)) as { url: string }
    let wanted = false
    void exited.then((how) => {
      if (wanted) return
      const sentence = `The embedded database (process ${child.pid}) has ended ${how}; what it had acknowledged is kept.`
      lost.resolve(new EmbeddedLost([sentence, complaints.trim()].filter((text) => text !== '').join('\n')))
    })
    return {
      name: 'embedded database',
      url: ready.url,
      pid: child.pid,
      lost: lost.promise,
      stop: async () => {
        wanted = true
        child.kill('SIGTERM')
        await exited
      },
    }
  } catch {
    await exited
    throw new EmbeddedRefused(complaints.trim() || 'The embedded database did not start.')
  } finally {
    clearTimeout(timer)
  }
}

/** The address of an embedded database that serves this folder now, or null. */
export const findEmbedded = async (folder: string): Promise<string | null> => {
  try {
    const { pid, url } = JSON.parse(await readFile(join(folder, 'devdb.json'), 'utf8')) as { pid: number; url: string }
    process.kill(pid, 0)
    return url
  } catch {
    return null
  }
}
