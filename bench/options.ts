import { parseArgs } from 'node:util'

export interface Options {
  readonly only: readonly string[]
  readonly seconds: number
  /** Seconds of every scenario before anything is measured. */
  readonly runIn: number
  readonly concurrency: readonly number[]
  /** A running shop; null: a shop of our own. */
  readonly url: string | null
  readonly profile: boolean
}

/** What somebody typed cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const flags = {
  only: { type: 'string' },
  seconds: { type: 'string', default: '5' },
  'run-in': { type: 'string', default: '8' },
  concurrency: { type: 'string', default: '1,16,64' },
  url: { type: 'string' },
  profile: { type: 'boolean', default: false },
} as const

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const readNumber = (flag: string, text: string, max: number, min = 1): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new UsageError(`--${flag} takes whole numbers from ${min} to ${max}, not "${text}".`)
}

const readOnly = (text: string | undefined, known: readonly string[]): readonly string[] => {
  if (text === undefined) return known
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new UsageError(`There is no scenario ${unknown.join(', ')}; there are ${known.join(', ')}.`)
  return known.filter((name) => wanted.includes(name))
}

const readUrl = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`--url takes the address of a shop such as http://localhost:4000, not "${text}".`)
  return url.origin
}

/** @throws UsageError with one sentence. */
export const readOptions = (args: readonly string[], scenarioNames: readonly string[]): Options => {
  const { only, seconds, 'run-in': runIn, concurrency, url, profile } = parse(args)
  const levels = concurrency.split(',').map((level) => readNumber('concurrency', level, 1_000))
  const options = {
    only: readOnly(only, scenarioNames),
    seconds: readNumber('seconds', seconds, 3_600),
    runIn: readNumber('run-in', runIn, 3_600, 0),
    concurrency: [...new Set(levels)].toSorted((a, b) => a - b),
    url: readUrl(url),
    profile,
  }
  if (options.url && profile) throw new UsageError('--profile needs a shop of its own, so it does not go with --url.')
  return options
}
