import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readCli } from './cli.ts'
import { isVerb, readTask, type Verb } from './maintenance/arguments.ts'

// node:sqlite is announced as experimental in some releases; only that warning is kept quiet.
const { emitWarning } = process
process.emitWarning = ((warning: string | Error, ...rest: never[]): void => {
  if (String(warning).includes('SQLite is an experimental feature')) return
  Reflect.apply(emitWarning, process, [warning, ...rest])
}) as typeof process.emitWarning

const fail = (code: number, lines: readonly string[]): never => {
  process.stderr.write(lines.map((line) => `devdb: ${line}\n`).join(''))
  process.exit(code)
}

const worthCollecting = 150 * 1024 * 1024

/** Reading much data leaves as much memory behind that is not needed any more, and nobody waits for an answer yet. */
const collectGarbage = (): void => {
  if (process.memoryUsage.rss() < worthCollecting) return
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  collect({ type: 'major', flavor: 'last-resort' })
}

const maintainData = async (verb: Verb, args: readonly string[]): Promise<void> => {
  const task = readTask(verb, args)
  if ('problems' in task) return fail(2, task.problems)
  const { maintain } = await import('./maintenance/maintenance.ts')
  const { code, lines } = await maintain(task)
  if (code !== 0) fail(code, lines)
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

const [verb, ...rest] = process.argv.slice(2)
const cli = readCli(process.argv.slice(2))
if (isVerb(verb)) await maintainData(verb, rest)
else if ('help' in cli) process.stdout.write(cli.help)
else if ('problems' in cli) fail(2, cli.problems)
else {
  const { parentWatch, ...options } = cli.options
  // Loaded late: importing node:sqlite is what warns.
  const [{ startServer }, { StartError }] = await Promise.all([import('./server.ts'), import('./listener.ts')])
  const server = await startServer(options).catch((error: unknown) => {
    if (error instanceof StartError) return fail(1, [error.message])
    throw error
  })

  collectGarbage()

  const stopped = { yet: false }
  const stop = (): void => {
    if (stopped.yet) return
    stopped.yet = true
    server.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (parentWatch) process.stdin.resume().on('close', stop).on('end', stop)
  process.stdout.write(`${JSON.stringify({ ready: true, url: server.url, port: server.port })}\n`)
  // Programs read the line above; whoever sits at a terminal gets a sentence.
  if (process.stderr.isTTY) {
    const place = options.data === undefined ? 'in memory only' : `in ${options.data}`
    process.stderr.write(`devdb: ready at ${server.url}, data ${place}; Ctrl-C stops it\n`)
  }
}
