/** `npm run bench [-- --only list,checkout --seconds 5 --concurrency 1,16,64 --url http://... --profile]`, see README.md. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeClient } from './client.ts'
import { type Driven, drive } from './drive.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { drawPlot } from './plot/svg.ts'
import { type Usages, usagesOf } from './processes.ts'
import { profileClock, reportProfiles } from './profile/report.ts'
import { describeRun, type Results, type Row, rowsOf } from './results.ts'
import { scenarios } from './scenarios/all.ts'
import type { Scenario, Stage } from './scenarios/scenario.ts'
import { stockUp } from './scenarios/stock.ts'
import { type BenchedShop, runningShop, startShop } from './shop.ts'
import { renderMachine, renderTable } from './table.ts'

const warmUpMs = 1_000
const runInUsers = 16
const folder = join(import.meta.dirname, 'results')

/** One line that is written over again; nothing where nobody watches. */
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

interface Run {
  readonly stage: Stage
  readonly shop: BenchedShop
}

const runLevel = async (
  scenario: Scenario,
  { concurrency, windowMs, label }: { concurrency: number; windowMs: number; label: string },
  { stage, shop }: Run,
): Promise<Driven<Usages>> => {
  const { name, series, prepare, makeWorker } = scenario
  progress(`${label} ${name}: getting ready`)
  await prepare?.(stage, (warmUpMs + windowMs) / 1_000)
  const driven = await drive({
    concurrency,
    warmUpMs,
    windowMs,
    mainSeries: series[0] ?? name,
    makeWorker: (index) => makeWorker(stage, index),
    now: () => performance.now(),
    probe: () => usagesOf({ ...shop.pids, driver: process.pid }),
    onProgress: (passed, samples) =>
      progress(`${label} ${name}, ${concurrency} users: ${passed.toFixed(1)} s, ${samples} samples`),
  })
  const obituary = shop.obituary()
  if (obituary !== null) throw new Error(`The shop is gone, during ${name} ${obituary}`)
  return driven
}

/** Compilers and caches get going before anything is measured, else the first level would look worst whatever its users. */
const runShopIn = async (chosen: readonly Scenario[], seconds: number, run: Run): Promise<void> => {
  if (seconds === 0) return
  const level = { concurrency: runInUsers, windowMs: seconds * 1_000 - warmUpMs, label: 'running in' }
  for (const scenario of chosen) await runLevel(scenario, level, run)
}

const measureAll = async (chosen: readonly Scenario[], options: Options, run: Run): Promise<Row[]> => {
  const rows: Row[] = []
  for (const scenario of chosen) {
    for (const concurrency of options.concurrency) {
      const level = { concurrency, windowMs: options.seconds * 1_000, label: 'measuring' }
      rows.push(...rowsOf(scenario, concurrency, await runLevel(scenario, level, run)))
    }
  }
  progress('')
  return rows
}

const save = async (results: Results): Promise<string> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, results.date.slice(0, 19).replaceAll(':', '-'))
  await writeFile(`${path}.json`, `${JSON.stringify(results, null, 2)}\n`)
  await writeFile(`${path}.svg`, drawPlot(results))
  return path
}

interface Measured {
  readonly rows: readonly Row[]
  /** When measuring began, on the clock of profiles. */
  readonly since: number
}

const measureShop = async (shop: BenchedShop, options: Options): Promise<Measured> => {
  const { ask, close } = makeClient(shop.url, Math.max(runInUsers, ...options.concurrency))
  try {
    progress('topping up the stock')
    const run = { stage: { ask, products: await stockUp(ask) }, shop }
    const chosen = scenarios.filter(({ name }) => options.only.includes(name))
    await runShopIn(chosen, options.runIn, run)
    const since = profileClock()
    return { since, rows: await measureAll(chosen, options, run) }
  } finally {
    await close()
  }
}

const main = async (): Promise<void> => {
  const options = readOptions(
    process.argv.slice(2),
    scenarios.map(({ name }) => name),
  )
  const run = describeRun(new Date())
  console.log(renderMachine(run.machine))
  const profileFolder = options.profile ? join(folder, 'tmp', `profile-${process.pid}`) : null
  // Leaving through `exit`, which takes the shop along.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  progress('starting the shop')
  const shop = options.url ? runningShop(options.url) : await startShop({ profileFolder })
  const report = async ({ rows, since }: Measured): Promise<void> => {
    console.log(renderTable(rows))
    const { seconds, runIn } = options
    console.log(`\nSaved as ${await save({ ...run, seconds, runIn, rows })}.json and .svg`)
    await shop.stop()
    if (profileFolder) console.log(await reportProfiles(profileFolder, shop.pids, since))
  }
  try {
    await report(await measureShop(shop, options))
  } finally {
    await shop.stop()
  }
}

/** Mistakes of whoever runs this get their sentence, faults a stack. */
const explain = (error: unknown): unknown => {
  if (error instanceof UsageError) return error.message
  return (error as { code?: string }).code === 'ECONNREFUSED' ? 'No shop answers at this address.' : error
}

main().catch((error: unknown) => {
  progress('')
  console.error(explain(error))
  process.exit(1)
})
