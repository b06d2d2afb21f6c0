/** `npm run test:chaos -- --seed N --minutes M [--rate R] [--kills K]`: the whole shop under kills, freezes and a bad payment provider. */
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import { summary } from './summary.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '5' },
    rate: { type: 'string', default: '20' },
    freeze: { type: 'string', default: '40' },
    pause: { type: 'string', default: '4' },
  },
})
const numbers = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]))
const { seed = Number.NaN, minutes = 0, rate = 0, freeze = 0, pause = 0 } = numbers
if (!Number.isInteger(seed) || !(minutes > 0 && rate > 0 && freeze >= 0.5 && pause > 0)) {
  process.stderr.write(
    '--seed N --minutes M --rate CHECKOUTS_PER_SECOND --freeze LONGEST_SECONDS --pause SECONDS_BETWEEN_FAULTS\n',
  )
  process.exit(2)
}

// Whoever stops this program stops what it has started: its processes are ended at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const began = performance.now()
const tell = (line: string): void => {
  process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`)
}
tell(`seed ${seed}`)
const outcome = await runChaos({
  seed,
  ms: minutes * 60_000,
  rate,
  longestFreezeMs: freeze * 1_000,
  pauseMs: pause * 1_000,
  tell,
})
process.stdout.write(`${summary(outcome)}\n`)
process.exit(outcome.violations.length === 0 ? 0 : 1)
