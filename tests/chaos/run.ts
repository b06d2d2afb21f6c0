/** `npm run test:chaos -- --scenario F2 [--seed N] [--rate R] ...`: the whole shop in trouble, while people buy; `--write` fills in docs/proof.md. */
import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { barsOf, runChaos } from './chaos.ts'
import { writeSection } from './proof.ts'
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

// Whoever stops this program stops what it has started: its processes are ended at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const began = performance.now()
const tell = (line: string): void => {
  process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`)
}

/** Commit, machine and load, without which figures say nothing. */
const circumstances = (): string => {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const load = loadavg().map((average) => average.toFixed(1))
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const options = given.map(([key, number]) => ` --${key} ${number}`).join('')
  const command = `npm run test:chaos -- --scenario ${name} --seed ${seed}${options}${isFleet ? ' --fleet' : ''}`
  return `\`${command}\`, ${scenario.rate} checkouts a second, ${date} UTC, commit ${commit}, ${cpus().length} cores, Node ${process.version}, load average before the start ${load.join(', ')}:`
}

const about = circumstances()
tell(`${name}, seed ${seed}: ${scenario.says}`)
if (logs) await mkdir(logs, { recursive: true })
const outcome = await runChaos({ seed, scenario, logs, isFleet, tell })
const bars = barsOf(scenario, outcome)
const section = `${about}\n\n${summary(outcome, bars)}`
process.stdout.write(`${section}\n`)
if (write) await writeSection(isFleet ? `${name} on a fleet` : name, section)
process.exit(bars.every(({ holds }) => holds) ? 0 : 1)
