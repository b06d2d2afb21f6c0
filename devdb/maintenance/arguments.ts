import { parseArgs } from 'node:util'

export const verbs = ['backup', 'restore', 'check'] as const

export type Verb = (typeof verbs)[number]

export type Task =
  | { readonly verb: 'backup'; readonly data: string; readonly to: string }
  | { readonly verb: 'restore'; readonly data: string; readonly from: string }
  | { readonly verb: 'check'; readonly data: string }

export const isVerb = (word: string | undefined): word is Verb => verbs.some((verb) => verb === word)

const options = { backup: ['data', 'to'], restore: ['data', 'from'], check: ['data'] } as const

const meanings = {
  data: '--data DIR, the folder of the data (for check also a backup file)',
  to: '--to FILE, the backup to write',
  from: '--from FILE, the backup to read',
} as const

/** Reads the arguments behind a verb; every problem at once. */
export const readTask = (verb: Verb, args: readonly string[]): Task | { readonly problems: readonly string[] } => {
  const allowed: readonly string[] = options[verb]
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' }, to: { type: 'string' }, from: { type: 'string' } },
    strict: false,
    tokens: true,
  })
  const unexpected = tokens.flatMap((token) => {
    if (token.kind === 'positional') return [`unexpected argument '${token.value}'`]
    return token.kind === 'option' && !allowed.includes(token.name) ? [`unknown option '${token.rawName}'`] : []
  })
  const text = (name: 'data' | 'to' | 'from'): string => {
    const value = values[name]
    return typeof value === 'string' ? value : ''
  }
  const missing = options[verb].filter((name) => text(name) === '').map((name) => `${verb} needs ${meanings[name]}`)
  if (unexpected.length + missing.length > 0) return { problems: [...unexpected, ...missing] }
  const data = text('data')
  if (verb === 'backup') return { verb, data, to: text('to') }
  return verb === 'restore' ? { verb, data, from: text('from') } : { verb, data }
}
