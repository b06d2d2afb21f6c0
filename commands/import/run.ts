import { isShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { DatabaseUnreachable } from '#platform/databaseUnreachable.ts'
import { type ImportArguments, readArguments, usage } from './arguments.ts'
import { makeCatalogueSink } from './catalogueSink.ts'
import { FileProblem, type ImportItem } from './draft.ts'
import { importItems } from './importItems.ts'
import { type Format, findInput, guessFormat, type InputFile } from './inputFile.ts'
import { onlineRetailCurrency, readOnlineRetail } from './onlineRetail.ts'
import { makeProgress, type ProgressOutput } from './progress.ts'
import { makeReport, openReportFile, type Report } from './report.ts'
import { readShopifyCsv } from './shopifyCsv.ts'

/** The shop as an import needs it. */
export interface ImportShop {
  readonly call: SubgraphCaller
  stop(): Promise<void>
}

/** The subgraphs that `open` has to reach: one knows the seller, the others take catalogue and prices. */
export const importUnits = ['users', 'products', 'pricing'] as const

export interface RunOptions {
  readonly args: readonly string[]
  /** Opens the shop; only called when arguments and file are in order. */
  readonly open: () => Promise<ImportShop>
  /** Currency when neither the arguments nor the format say one. */
  readonly shopCurrency: string
  readonly clock: Clock
  readonly out: ProgressOutput
  readonly err: ProgressOutput
}

export type ExitCode = 0 | 1 | 2

interface Job {
  readonly args: ImportArguments
  readonly file: InputFile
  readonly format: Format
  readonly currency: string
}

/** What went well, or the lines that tell what did not. */
type Attempt<T> = { readonly done: T } | { readonly problems: readonly string[] }

/** Runs a check whose failure is for the person at the keyboard; faults pass. */
const attempt = async <T>(check: () => Promise<T>): Promise<Attempt<T>> => {
  try {
    return { done: await check() }
  } catch (error) {
    if (error instanceof FileProblem) return { problems: error.messages }
    if (isShopError(error) || error instanceof DatabaseUnreachable) return { problems: [error.message] }
    throw error
  }
}

const currencyOf = (args: ImportArguments, format: Format, shopCurrency: string): string => {
  if (format !== 'online-retail') return args.currency ?? shopCurrency
  if (args.currency === null || args.currency === onlineRetailCurrency) return onlineRetailCurrency
  throw new FileProblem(`--currency ${args.currency}: the prices of Online Retail are in ${onlineRetailCurrency}.`)
}

const findJob = async (args: ImportArguments, shopCurrency: string): Promise<Job> => {
  const file = await findInput(args.file)
  const format = args.format ?? (await guessFormat(file))
  return { args, file, format, currency: currencyOf(args, format, shopCurrency) }
}

const sellerQuery = /* GraphQL */ `
  query SellerOfImport($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Seller { shopName } }
  }
`

/** @throws FileProblem when nobody with this id sells here */
const assertSeller = async (call: SubgraphCaller, id: string): Promise<void> => {
  const representations = [{ __typename: 'Seller', id }]
  const { _entities } = await call<{ _entities: readonly unknown[] }>('users', {
    query: sellerQuery,
    variables: { representations },
  })
  if (!_entities[0]) throw new FileProblem(`--seller ${id}: there is no account with this id that sells.`)
}

const readItems = ({ file, format, currency }: Job, onBytes: (count: number) => void): AsyncIterable<ImportItem> =>
  format === 'shopify' ? readShopifyCsv(() => file.open(onBytes), currency) : readOnlineRetail(() => file.open(onBytes))

/** A Shopify file is read twice. */
const bytesToRead = ({ file, format }: Job): number => file.size * (format === 'shopify' ? 2 : 1)

const summary = (report: Report, totals: { pricesChanged: number; drafts: number }, dryRun: boolean): string => {
  const { CREATED, UPDATED, UNCHANGED, REFUSED } = report.counts
  if (dryRun) return `${totals.drafts} products are in order, ${REFUSED} refused. Dry run: nothing was written.`
  return `${CREATED} created, ${UPDATED} updated, ${UNCHANGED} unchanged, ${REFUSED} refused; ${totals.pricesChanged} prices changed.`
}

const runJob = async (job: Job, call: SubgraphCaller | null, { clock, out, err }: RunOptions): Promise<ExitCode> => {
  const { args, currency } = job
  const reportFile = args.report === null ? { done: null } : await attempt(() => openReportFile(args.report ?? ''))
  if ('problems' in reportFile) return tell(reportFile.problems, { err })
  const report = makeReport(reportFile.done)
  const progress = makeProgress(err, clock, bytesToRead(job))
  const started = clock.now()
  const note = (): string => {
    const { CREATED, UPDATED, UNCHANGED, REFUSED } = report.counts
    return `${CREATED + UPDATED + UNCHANGED} products written, ${REFUSED} refused`
  }
  const onBytes = (count: number): void => {
    progress.read(count)
    progress.show(note())
  }
  try {
    const sink = call && makeCatalogueSink(call, args.sellerId)
    const totals = await importItems({
      items: readItems(job, onBytes),
      currency,
      sink,
      report,
      onProgress: () => progress.show(note()),
    })
    progress.end()
    for (const line of report.refusedLines()) err.write(`${line}\n`)
    out.write(`${summary(report, totals, args.dryRun)} (${((clock.now() - started) / 1_000).toFixed(1)} s)\n`)
    return report.counts.REFUSED > 0 ? 1 : 0
  } catch (error) {
    progress.end()
    if (error instanceof FileProblem) return tell(error.messages, { err })
    if (!isShopError(error)) throw error
    err.write(`The import stopped after ${note()}: ${error.message} Start it again to continue.\n`)
    return 1
  } finally {
    await report.close()
  }
}

const tell = (problems: readonly string[], { err }: Pick<RunOptions, 'err'>): ExitCode => {
  for (const problem of problems) err.write(`${problem}\n`)
  return 2
}

const isJob = (job: Attempt<Job> | null): job is { readonly done: Job } => job !== null && 'done' in job

/** Opens the shop and looks for the seller, also when other things are wrong: then everything is told in one go. */
const runInShop = async (
  sellerId: string,
  job: Attempt<Job> | null,
  problems: readonly string[],
  options: RunOptions,
): Promise<ExitCode> => {
  const opened = await attempt(options.open)
  if ('problems' in opened) return tell([...problems, ...opened.problems], options)
  const shop = opened.done
  try {
    const seller = await attempt(() => assertSeller(shop.call, sellerId))
    const all = 'problems' in seller ? [...problems, ...seller.problems] : problems
    return all.length === 0 && isJob(job) ? await runJob(job.done, shop.call, options) : tell(all, options)
  } finally {
    await shop.stop()
  }
}

/**
 * The import command: checks arguments and file, streams the file into the shop, reports.
 * @returns the exit code: 0 all imported, 1 some refused or stopped half-way, 2 nothing could be started
 */
export const runImport = async (options: RunOptions): Promise<ExitCode> => {
  const read = readArguments(options.args)
  const { file, sellerId, dryRun } = read.arguments
  if (read.help) {
    options.out.write(`${usage}\n`)
    return 0
  }
  const job = file === '' ? null : await attempt(() => findJob(read.arguments, options.shopCurrency))
  const problems = [...read.problems, ...(job && 'problems' in job ? job.problems : [])]
  if (!dryRun && sellerId !== '') return runInShop(sellerId, job, problems, options)
  return problems.length === 0 && isJob(job) ? runJob(job.done, null, options) : tell(problems, options)
}
