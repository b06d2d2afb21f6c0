/** `npm run test:chaos -- --scenario F2 [--seed N] [--rate R] ...`: the whole shop in trouble, while people buy; `--write` fills in docs/proof.md. */
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { barsOf, runChaos } from './chaos.ts'
import { circumstances, conclude, tell } from './program.ts'
import { isScenario, type Scenario, scenarios } from './scenarios.ts'
import { summary } from './summary.ts'

const usage = (): never => {
  const list = Object.entries(scenarios).map(([key, { says }]) => `  ${key.padEnd(8)} ${says}`)
  // A program of its own: see main.ts.
  list.push('  F7       Redis is missing in one way after the other, under a fleet that shares it')
  process.stderr.write(
    `--scenario NAME --seed N [--rate CHECKOUTS_PER_SECOND] [--times FAULTS] [--seconds OF_BAD_WEATHER]\n[--pause SECONDS_BETWEEN_FAULTS] [--freeze LONGEST_SECONDS] [--fleet] [--logs FOLDER] [--write]\n\n${list.join('\n')}\n`,
  )
  process.exit(2)
}

const read = () => {
  try {
    return parseArgs({
      options: {
        scenario: { type: 'string', default: 'all' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        rate: { type: 'string' },
        times: { type: 'string' },
        seconds: { type: 'string' },
        pause: { type: 'string' },
        freeze: { type: 'string' },
        logs: { type: 'string' },
        fleet: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
    }).values
  } catch {
    return usage()
  }
}

const { scenario: name, seed: seedText, logs, write, fleet: isFleet, ...texts } = read()
const seed = Number(seedText)
const given = Object.entries(texts).map(([key, text]) => [key, Number(text)] as const)
const known: Scenario = isScenario(name) ? scenarios[name] : usage()
if (!Number.isInteger(seed) || given.some(([, number]) => !(number > 0))) usage()
const scenario: Scenario = { ...known, ...Object.fromEntries(given) }

const options = given.map(([key, number]) => ` --${key} ${number}`).join('')
const about = circumstances(
  `--scenario ${name} --seed ${seed}${options}${isFleet ? ' --fleet' : ''}`,
  `${scenario.rate} checkouts a second`,
)
tell(`${name}, seed ${seed}: ${scenario.says}`)
if (logs) await mkdir(logs, { recursive: true })
const outcome = await runChaos({ seed, scenario, logs, isFleet, tell })
const bars = barsOf(scenario, outcome)
const section = `${about}\n\n${summary(outcome, bars)}`
await conclude({ name: isFleet ? `${name} on a fleet` : name, section, bars, write })
