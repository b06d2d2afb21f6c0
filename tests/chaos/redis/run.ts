/** `npm run test:chaos -- --scenario F7 [--seed N] [--only killed,hung] ...`: a fleet whose Redis is missing in each way, while people shop. */
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { circumstances, conclude, tell } from '../program.ts'
import { runRedisChaos } from './measure.ts'
import { phases } from './phases.ts'
import { redisKinds, silenceMs } from './servers.ts'
import { redisBars, redisSummary } from './summary.ts'

const help = `--scenario F7 --seed N [--redis server|sentinel|cluster] [--only PHASE,...] [--rate CHECKOUTS_PER_SECOND] [--seconds OF_THE_LONGEST_PHASE] [--logs FOLDER] [--write]

Phases: ${phases.map(({ name }) => name).join('; ')}. --only takes the first words of their names.
Behind Sentinel and in a Cluster a master is killed and hung, whose place another takes after ${silenceMs / 1_000} s and an election.
`

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'F7' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    redis: { type: 'string', default: 'server' },
    only: { type: 'string', default: '' },
    rate: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    logs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const [seed, rate, seconds] = [Number(values.seed), Number(values.rate), Number(values.seconds)]
const wanted = values.only.split(',')
const redis = redisKinds.find((kind) => kind === values.redis)
const possible = phases.filter(({ anywhere }) => anywhere || redis === 'server')
const chosen = possible.filter(({ name }) => wanted.some((start) => name.startsWith(start)))
if (!redis || !Number.isInteger(seed) || !(rate > 0) || !(seconds > 0) || chosen.length === 0) {
  process.stderr.write(help)
  process.exit(2)
}

const said = {
  server: 'Redis',
  sentinel: `the master that a Sentinel names; another takes its place after ${silenceMs / 1_000} s and an election`,
  cluster: `a Cluster of three masters with a replica each; one dies, and its replica takes its place after ${silenceMs / 1_000} s and an election`,
}
const options = [`--seed ${seed}`, redis !== 'server' && `--redis ${redis}`, values.only && `--only ${values.only}`]
const about = circumstances(
  ['--scenario F7', ...options.filter(Boolean), ...(seconds === 60 ? [] : [`--seconds ${seconds}`])].join(' '),
  `${rate} checkouts a second beside ${6 * rate} lists, six processes that share ${said[redis]}`,
)
if (values.logs) await mkdir(values.logs, { recursive: true })
const outcome = await runRedisChaos({ redis, seed, phases: chosen, rate, seconds, logs: values.logs ?? null, tell })
const section = `${about}\n\n${redisSummary(outcome)}`
await conclude({
  name: redis === 'server' ? 'F7' : `F7 ${redis}`,
  section,
  bars: redisBars(outcome),
  write: values.write,
})
