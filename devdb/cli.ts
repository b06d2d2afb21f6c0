import { parseArgs } from 'node:util'

export type CliOptions = {
  readonly host: string
  readonly port: number
  /** The unix socket to listen on instead of host and port. */
  readonly socket: string | undefined
  readonly data: string | undefined
  readonly standalone: boolean
  readonly testCommands: boolean
  readonly parentWatch: boolean
  readonly ttlIntervalMs: number
}

/** Where the data lies when nothing else is said: the folder for local data that version control leaves out. */
export const defaultFolder = '.data/devdb'

const help = `devdb: an embedded database that speaks MongoDB's wire protocol

usage: npm run devdb -- [options]      or: node devdb/main.ts [options]

where it listens
  --port N              TCP port, 27017 when absent; 0 takes a free one
  --host ADDRESS        127.0.0.1 when absent; an IPv6 address works too. There is no authentication:
                        on any other address than the own machine's, everybody who reaches it may read and write
  --socket PATH         a unix socket instead of TCP, for its owner only; the path must end in .sock

where the data is
  --data DIR            the folder of the data, made when absent (${defaultFolder} when nothing is said)
  --ephemeral           nothing on disk: the data is gone when it stops

what it presents itself as
  --replset             the one-node replica set rs0, with transactions and change streams (the default)
  --standalone          a standalone server, without both

instead of serving (also while another devdb serves the folder, where it says so)
  backup --data DIR --to FILE       a consistent copy, also while serving
  restore --data DIR --from FILE    a backup into a folder without data, after checking it
  check --data DIR                  reads everything and compares checksums; --data may name a backup file

for programs and tests
  --parent-watch        stop when the standard input ends
  --test-commands       allow configureFailPoint (always allowed with --ephemeral)
  --ttl-interval-ms N   how often documents past their TTL are removed, 60000 when absent
  --help                this text

When ready it prints one line of JSON to the standard output: {"ready":true,"url":"mongodb://...","port":N}
Exit codes: 0 stopped or done; 1 folder held by another process, address in use, failed disk; 2 bad arguments;
3 damage found.
`

const known = {
  port: { type: 'string' },
  host: { type: 'string' },
  socket: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean' },
  replset: { type: 'boolean' },
  standalone: { type: 'boolean' },
  'parent-watch': { type: 'boolean' },
  'test-commands': { type: 'boolean' },
  'ttl-interval-ms': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Name = keyof typeof known

const wholeNumber = (text: string, least: number, most: number): number | undefined => {
  if (!/^\d+$/.test(text)) return undefined
  const number = Number(text)
  return number >= least && number <= most ? number : undefined
}

type Arguments = {
  readonly problems: string[]
  readonly text: (name: Name) => string | undefined
  readonly flag: (name: Name) => boolean
}

const readArguments = (args: readonly string[]): Arguments => {
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true })
  const problems: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`unexpected argument '${token.value}'`)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(known, token.name) ? known[token.name as Name] : undefined
    if (option === undefined) problems.push(`unknown option '${token.rawName}'`)
    else if (option.type === 'boolean' && token.value !== undefined) problems.push(`${token.rawName} takes no value`)
    else if (option.type === 'string' && (token.value ?? '') === '') problems.push(`${token.rawName} needs a value`)
  }
  return {
    problems,
    text: (name) => {
      const value = values[name]
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    flag: (name) => values[name] === true,
  }
}

const exclusive: readonly (readonly [Name, Name])[] = [
  ['data', 'ephemeral'],
  ['replset', 'standalone'],
  ['socket', 'port'],
  ['socket', 'host'],
]

// The address of a unix socket is 108 bytes in the kernel, the end included.
const maxSocketPath = 107

const socketProblem = (socket: string | undefined): string | undefined => {
  if (socket === undefined) return undefined
  // Drivers tell a socket from a host name by this ending.
  if (!socket.endsWith('.sock')) return `--socket must end in .sock, not '${socket}'`
  if (Buffer.byteLength(socket) > maxSocketPath) return `--socket is longer than ${maxSocketPath} bytes`
  return undefined
}

/** Reads the command line; on trouble every problem at once, and nothing started. */
export const readCli = (
  args: readonly string[],
): { options: CliOptions } | { problems: readonly string[] } | { help: string } => {
  const { problems, text, flag } = readArguments(args)
  if (flag('help')) return { help }
  const given = (name: Name): boolean => flag(name) || text(name) !== undefined
  for (const [one, other] of exclusive)
    if (given(one) && given(other)) problems.push(`--${one} and --${other} exclude each other`)
  const [portText, ttlText, socket] = [text('port') ?? '27017', text('ttl-interval-ms') ?? '60000', text('socket')]
  const port = wholeNumber(portText, 0, 65_535)
  if (port === undefined) problems.push(`--port must be a number from 0 to 65535, not '${portText}'`)
  const ttlIntervalMs = wholeNumber(ttlText, 1, 2_147_483_647)
  if (ttlIntervalMs === undefined) problems.push(`--ttl-interval-ms must be a positive whole number, not '${ttlText}'`)
  const wrongSocket = socketProblem(socket)
  if (wrongSocket !== undefined) problems.push(wrongSocket)
  if (problems.length > 0 || port === undefined || ttlIntervalMs === undefined)
    return { problems: [...problems, 'see --help'] }
  return {
    options: {
      host: text('host') ?? '127.0.0.1',
      port,
      socket,
      data: flag('ephemeral') ? undefined : (text('data') ?? defaultFolder),
      standalone: flag('standalone'),
      testCommands: flag('test-commands') || flag('ephemeral'),
      ttlIntervalMs,
      parentWatch: flag('parent-watch'),
    },
  }
}
