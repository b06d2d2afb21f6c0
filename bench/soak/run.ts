/** `npm run bench:soak -- [--minutes 30] [--rate N]`: a mixed load at 60 % of what the shop can, for a long time (L7), see ../README.md. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { seriesOf } from '../../tests/series.ts'
import { allHold, renderBars } from '../bars.ts'
import { makeClient } from '../client.ts'
import { usageOf } from '../processes.ts'
import { describeRun } from '../results.ts'
import { stockUp } from '../scenarios/stock.ts'
import { type BenchedShop, startShop } from '../shop.ts'
import { renderMachine } from '../table.ts'
import { findKnee, runLoad } from './load.ts'
import { judge, type Look } from './verdict.ts'

const lookEverySeconds = 5
const kneeUsers = 16
const kneeSeconds = 30
/** Share of the knee (L7). */
const share = 0.6
/** What is seen before is the shop settling: caches and heaps that fill. */
const settledAfter = (minutes: number): number => Math.min(5, minutes / 2)

const usage = `npm run bench:soak -- [--minutes 30] [--rate N]

  --minutes M   how long
  --rate N      turns per second; without it 60 % of what ${kneeUsers} users without rest get in ${kneeSeconds} s
`

const readOptions = () => {
  const options = { minutes: { type: 'string', default: '30' }, rate: { type: 'string' } } as const
  const { minutes, rate } = parseArgs({ options }).values
  const given = { minutes: Number(minutes), rate: rate === undefined ? null : Number(rate) }
  if (!(given.minutes > 0) || (given.rate !== null && !(given.rate > 0))) throw new Error(usage)
  return given
}

const bytesOfMb = 2 ** 20

/** What the process tells of itself. */
const ownFigures = async (metricsUrl: string): Promise<Pick<Look, 'heapMb' | 'timers'>> => {
  const text = await (await fetch(metricsUrl)).text()
  return {
    heapMb: seriesOf(text, 'nodejs_heap_size_used_bytes') / bytesOfMb,
    timers: seriesOf(text, 'nodejs_active_resources{type="Timeout"}'),
  }
}

const lookAt = async ({ pids, metricsUrl }: BenchedShop, minute: number): Promise<Look | null> => {
  const [shop, database] = [usageOf(pids.shop ?? 0), usageOf(pids.database ?? 0)]
  if (!shop || !database || !metricsUrl) return null
  const descriptors = readdirSync(`/proc/${pids.shop}/fd`).length
  return { minute, shopMb: shop.rssMb, databaseMb: database.rssMb, descriptors, ...(await ownFigures(metricsUrl)) }
}

/** How many rows break an invariant, by the program that everybody may run. */
const countViolations = (dataDir: string): number => {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir }
  const { status, stdout } = spawnSync(process.execPath, ['commands/verify.ts'], { env, encoding: 'utf8' })
  if (status === 2) throw new Error('the state of the shop could not be verified')
  const rows = stdout.split('\n').filter((line) => /^ {12}\S/.test(line)).length
  return status === 0 ? 0 : Math.max(1, rows)
}

const soak = async (shop: BenchedShop, dataDir: string): Promise<boolean> => {
  const { minutes, rate } = readOptions()
  const { ask, close } = makeClient(shop.url, 64)
  const stage = { ask, products: await stockUp(ask) }
  const knee = rate === null ? await findKnee(stage, kneeUsers, kneeSeconds) : null
  const perSecond = rate ?? Math.max(1, (knee ?? 0) * share)
  console.log(
    `${perSecond.toFixed(1)} turns a second${knee === null ? '' : `, 60 % of ${knee.toFixed(1)}`}, for ${minutes} min`,
  )
  const looks: Look[] = []
  let next = 0
  const loaded = await runLoad(stage, {
    perSecond,
    minutes,
    onSecond: (seconds) => {
      if (seconds < next) return
      next = seconds + lookEverySeconds
      void lookAt(shop, seconds / 60).then((look) => look && looks.push(look))
    },
  })
  await close()
  const obituary = shop.obituary()
  if (obituary !== null) throw new Error(`The shop is gone: ${obituary}`)
  // What is on its way arrives before the books are read.
  await setTimeout(5_000)
  const bars = judge({ ...loaded, looks, violations: countViolations(dataDir) }, settledAfter(minutes))
  console.log(renderBars(bars))
  if (loaded.firstFailure) console.log(`\nThe first failure: ${loaded.firstFailure}`)
  return allHold(bars)
}

const dataDir = await mkdtemp(join(tmpdir(), 'emporion-soak-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
readOptions()
console.log(renderMachine(describeRun(new Date()).machine))
const shop = await startShop({ profileFolder: null, env: { DATA_DIR: dataDir, METRICS_PORT: '0' } })
try {
  process.exitCode = (await soak(shop, dataDir)) ? 0 : 1
} finally {
  await shop.stop()
  await rm(dataDir, { recursive: true, force: true })
}
