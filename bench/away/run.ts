/** `npm run bench:away [-- --rounds 3 --seconds 10]`: what others notice when one subgraph is down or 5 s slow (F9), see ../README.md. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { planFleet, portsOf } from '../../commands/fleet/plan.ts'
import { launch, type Running } from '../../commands/fleet/program.ts'
import { seedIfEmpty } from '../../commands/seed/firstStart.ts'
import { readConfig } from '../../platform/config.ts'
import { startEmbedded } from '../../platform/embedded.ts'
import { makeLog } from '../../platform/log.ts'
import { startShop } from '../../shop.ts'
import { startProxy, type Weather } from '../../tests/proxy.ts'
import { allHold, barsOf, renderBars } from '../bars.ts'
import { p99 } from '../overload/law.ts'
import { type Answered, makeCrowd, type Turn } from '../overload/openLoop.ts'
import { usageOf } from '../processes.ts'
import { describeRun } from '../results.ts'
import { renderMachine } from '../table.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
    port: { type: 'string', default: '31400' },
  },
})
const [rounds, seconds, firstPort] = [values.rounds, values.seconds, values.port].map(Number) as [
  number,
  number,
  number,
]

/** Far below what two cores carry: what is looked for is who waits for whom, not who gets the cores. */
const perSecond = 100
/** After a subgraph is back: breakers are open for 10 s, and what they kept away has to be seen to come again. */
const restMs = 12_000

const others = '{ products(first: 5) { nodes { title variants { id availability { left } } } } }'
const account = '{ cart { lines { quantity } } }'
const priced = '{ products(first: 5) { nodes { title variants { id price { amount { amount } } } } } }'

const manners = ['fair', 'gone', 'slow'] as const satisfies readonly Weather[]
type Manner = (typeof manners)[number]

/** Of ten requests two need the subgraph that is away. */
const turns =
  (token: string) =>
  (n: number): Turn => {
    if (n % 5 === 0) return { kind: 'checkout', query: priced }
    return n % 5 === 1 ? { kind: 'account', query: account, token } : { kind: 'browse', query: others }
  }

const guestOf = async (url: string): Promise<string> => {
  const query = 'mutation { continueAsGuest { session { accessToken } } }'
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as { data: { continueAsGuest: { session: { accessToken: string } } } }
  return data.continueAsGuest.session.accessToken
}

const dataDir = await mkdtemp(join(tmpdir(), 'emporion-away-'))
console.log(renderMachine(describeRun(new Date()).machine))
const shape = { gateways: 1, each: 1, workers: 1, together: false }
const plan = planFleet(
  shape,
  Array.from({ length: portsOf(shape) }, (_, n) => firstPort + n),
)
const pricing = plan.subgraphs.find(({ units }) => units.includes('pricing'))
const [gateway] = plan.gateways
if (!pricing || !gateway) throw new Error('the plan lacks a unit')
const line = await startProxy(Number(new URL(pricing.probeUrl).port))
const database = await startEmbedded({ folder: join(dataDir, 'database') })
const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  LOG_LEVEL: 'silent',
  DATA_DIR: dataDir,
  MONGODB_URL: database.url,
  ATTEMPTS_PER_ADDRESS: '1000000',
  COST_BUCKET: '1000000000',
  // Nobody pays here.
  PROVIDER_URL: 'http://127.0.0.1:9',
  PROVIDER_SECRET: 'nobody pays here, and nobody is told of it',
  ACCESS_TOKEN_SECONDS: '3600',
  ...plan.env,
  PRICING_URL: line.url,
}
const running: Running[] = []
let failed = true
try {
  const seeder = await startShop(readConfig({ ...env, ...plan.env }, ['users', 'products', 'pricing']), {
    attach: true,
    log: makeLog('silent'),
  })
  await seedIfEmpty(seeder.callAs('seed'))
  await seeder.stop()
  const logFile = join(dataDir, 'log')
  for (const member of [...plan.subgraphs, gateway]) running.push(await launch(member, { env, logFile }))
  const pid = running.at(-1)?.child.pid ?? -1
  const next = turns(await guestOf(gateway.probeUrl))
  const crowd = makeCrowd(gateway.probeUrl)
  await crowd.run(perSecond, 10, next)
  const seen = new Map<Manner, Answered[]>(manners.map((manner) => [manner, []]))
  const memory: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const manner of manners) {
      line.become(manner)
      seen.get(manner)?.push(...(await crowd.run(perSecond, seconds, next)))
      memory.push(usageOf(pid)?.rssMb ?? 0)
      line.become('fair')
      if (manner !== 'fair') await pause(restMs)
    }
  }
  await crowd.close()

  const timesOf = (manner: Manner) =>
    (seen.get(manner) ?? []).filter(({ kind }) => kind !== 'checkout').map(({ ms }) => ms)
  const notGood = (manner: Manner, needing: boolean) =>
    (seen.get(manner) ?? []).filter(({ kind, outcome }) => (kind === 'checkout') === needing && outcome !== 'good')
      .length
  const usual = p99(timesOf('fair'))
  const [first = 0, last = 0] = [memory[2], memory.at(-1)]
  const bars = barsOf([
    ['p99 of others, all well', `${usual.toFixed(1)} ms of ${timesOf('fair').length}`, '', null],
    ...(['gone', 'slow'] as const).map((manner) => {
      const own = p99(timesOf(manner))
      const growth = ((own / usual - 1) * 100).toFixed(0)
      return [
        `p99 of others, pricing ${manner === 'gone' ? 'gone' : '5 s slow'}`,
        `${own.toFixed(1)} ms (${growth} %)`,
        '+20 %',
        own <= usual * 1.2,
      ] as const
    }),
    ...(['gone', 'slow'] as const).map((manner) => {
      const lost = notGood(manner, false)
      return [`others that failed, pricing ${manner}`, `${lost}`, '0', lost === 0] as const
    }),
    ['pages with prices that failed: gone, slow', `${notGood('gone', true)}, ${notGood('slow', true)}`, '', null],
    [
      'memory of the gateway after the first round, at the end',
      `${first.toFixed(0)} MB, ${last.toFixed(0)} MB`,
      '+10 %',
      last <= first * 1.1,
    ],
  ])
  console.log(`\n${renderBars(bars, 'F9')}`)
  failed = !allHold(bars)
} finally {
  for (const one of running.toReversed()) await one.stop()
  await line.stop()
  await database.stop()
  await rm(dataDir, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
