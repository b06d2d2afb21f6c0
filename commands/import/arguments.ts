import { parseArgs } from 'node:util'
import { isId } from '#kernel/id.ts'
import { isCurrency } from '#kernel/money.ts'
import { type Format, formats } from './inputFile.ts'

export const usage = `Imports a catalogue: products are matched by handle and SKU, so importing a file again changes nothing.

  npm run import -- <file.csv | file.csv.gz> --seller <id> [options]

  --seller <id>       account that sells the products (usr_...)
  --format <name>     shopify or online-retail; told from the header when absent
  --currency <code>   currency of the prices, for example EUR; the shop's when absent (online-retail: GBP)
  --report <file>     write what became of each row to this CSV file
  --dry-run           only read and check the file; write nothing

Exit code 0: all imported; 1: some rows were refused; 2: nothing could be started.`

export interface ImportArguments {
  readonly file: string
  readonly sellerId: string
  readonly format: Format | null
  readonly currency: string | null
  readonly report: string | null
  readonly dryRun: boolean
}

const known = {
  seller: { type: 'string' },
  format: { type: 'string' },
  currency: { type: 'string' },
  report: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const strayProblems = (tokens: ReturnType<typeof parse>['tokens']): string[] =>
  tokens.flatMap((token) => {
    if (token.kind !== 'option') return []
    if (!Object.hasOwn(known, token.name)) return [`There is no option ${token.rawName}.`]
    const takesText = known[token.name as keyof typeof known].type === 'string'
    if (takesText && (token.value ?? '') === '') return [`${token.rawName} needs a value.`]
    return !takesText && token.value !== undefined ? [`${token.rawName} takes no value.`] : []
  })

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: known, strict: false, tokens: true, allowPositionals: true })

/** The arguments with every problem found in them; what could not be read is empty or null. */
export interface ReadArguments {
  readonly arguments: ImportArguments
  readonly problems: readonly string[]
  readonly help: boolean
}

const fileProblems = (files: readonly string[]): string[] => {
  if (files.length === 0) return ['Name the file to import.']
  const more = files.slice(1).map((it) => `"${it}"`)
  return more.length > 0 ? [`One file at a time: what is ${more.join(', ')}?`] : []
}

const sellerProblems = (seller: string | boolean | undefined): string[] => {
  if (seller === undefined) return ['Name the selling account with --seller <id>.']
  const isWrong = typeof seller === 'string' && seller !== '' && !isId('usr', seller)
  return isWrong ? [`--seller "${seller}" is not the id of an account (usr_...).`] : []
}

/** Reads the command line; problems are collected, so that all of them can be told at once. */
export const readArguments = (args: readonly string[]): ReadArguments => {
  const { values, positionals, tokens } = parse(args)
  const text = (name: keyof typeof known): string | null => {
    const given = values[name]
    return typeof given === 'string' && given !== '' ? given : null
  }
  const problems = [...strayProblems(tokens), ...fileProblems(positionals), ...sellerProblems(values.seller)]
  const seller = text('seller')
  const format = text('format')
  const currency = text('currency')
  if (format !== null && !formats.some((name) => name === format))
    problems.push(`--format "${format}" is not one of ${formats.join(', ')}.`)
  if (currency !== null && !isCurrency(currency))
    problems.push(`--currency "${currency}" is not an ISO 4217 code such as EUR.`)
  return {
    arguments: {
      file: positionals[0] ?? '',
      sellerId: seller !== null && isId('usr', seller) ? seller : '',
      format: formats.find((name) => name === format) ?? null,
      currency: currency !== null && isCurrency(currency) ? currency : null,
      report: text('report'),
      dryRun: values['dry-run'] === true,
    },
    problems,
    help: values.help === true,
  }
}
