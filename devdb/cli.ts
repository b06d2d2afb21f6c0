import { parseArgs } from 'node:util'

export type CliOptions = {
  readonly host: string
  readonly port: number
  readonly data: string | undefined
  readonly standalone: boolean
  readonly parentWatch: boolean
  readonly ttlIntervalMs: number
}

const usage =
  'usage: node devdb/main.ts --port N --host ADDRESS (--data DIR | --ephemeral) [--standalone] [--parent-watch] [--ttl-interval-ms N]'

const known = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean' },
  standalone: { type: 'boolean' },
  'parent-watch': { type: 'boolean' },
  'ttl-interval-ms': { type: 'string' },
} as const

const wholeNumber = (text: string | undefined, least: number, most: number): number | undefined => {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  const number = Number(text)
  return number >= least && number <= most ? number : undefined
}

/** Reads the command line; on trouble every problem at once, and nothing started. */
export const readCli = (args: readonly string[]): { options: CliOptions } | { problems: string[] } => {
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true })
  const problems: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`unexpected argument '${token.value}'`)
    else if (token.kind === 'option' && !Object.hasOwn(known, token.name))
      problems.push(`unknown option '${token.rawName}'`)
  }
  const text = (name: keyof typeof known): string | undefined => {
    const value = values[name]
    if (value === true) problems.push(`--${name} needs a value`)
    return typeof value === 'string' ? value : undefined
  }
  const [portText, host, data, ttlText] = [
    text('port') ?? '0',
    text('host') ?? '127.0.0.1',
    text('data'),
    text('ttl-interval-ms') ?? '60000',
  ]
  const port = wholeNumber(portText, 0, 65_535)
  if (port === undefined) problems.push(`--port must be a number from 0 to 65535, not '${portText}'`)
  const ttlIntervalMs = wholeNumber(ttlText, 1, 2_147_483_647)
  if (ttlIntervalMs === undefined) problems.push(`--ttl-interval-ms must be a positive whole number, not '${ttlText}'`)
  const ephemeral = values.ephemeral === true
  if (data !== undefined && ephemeral) problems.push('--data and --ephemeral exclude each other')
  if (values.data === undefined && !ephemeral) problems.push('one of --data DIR and --ephemeral is needed')
  if (problems.length > 0 || port === undefined || ttlIntervalMs === undefined)
    return { problems: [...problems, usage] }
  const standalone = values.standalone === true
  return { options: { host, port, data, standalone, ttlIntervalMs, parentWatch: values['parent-watch'] === true } }
}
