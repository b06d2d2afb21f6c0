/** `npm run test:chaos -- --scenario F7 [--seed N] [--only killed,hung] ...`: a fleet whose Redis is missing in each way, while people shop. */
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { circumstances, conclude, tell } from '../program.ts'
import { runRedisChaos } from './measure.ts'
import { phases } from './phases.ts'
import { redisBars, redisSummary } from './summary.ts'

const help = `--scenario F7 --seed N [--only PHASE,...] [--rate CHECKOUTS_PER_SECOND] [--seconds OF_THE_LONGEST_PHASE] [--logs FOLDER] [--write]

Phases: ${phases.map(({ name }) => name).join('; ')}. --only takes the first words of their names.
`

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'F7' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    rate: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    logs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const [seed, rate, seconds] = [Number(values.seed), Number(values.rate), Number(values.seconds)]
const wanted = values.only.split(',')
const chosen = phases.filter(({ name }) => wanted.some((start) => name.startsWith(start)))
if (!Number.isInteger(seed) || !(rate > 0) || !(seconds > 0) || chosen.length === 0) {
  process.stderr.write(help)
  process.exit(2)
}

const about = circumstances(
  `--scenario F7 --seed ${seed}${values.only && ` --only ${values.only}`}`,
  `${rate} checkouts a second beside ${6 * rate} lists, six processes that share Redis`,
)
if (values.logs) await mkdir(values.logs, { recursive: true })
const outcome = await runRedisChaos({ seed, phases: chosen, rate, seconds, logs: values.logs ?? null, tell })
const section = `${about}\n\n${redisSummary(outcome)}`
await conclude({ name: 'F7', section, bars: redisBars(outcome), write: values.write })
