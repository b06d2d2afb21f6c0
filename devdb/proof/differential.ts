import { parseArgs } from 'node:util'
import { type Difference, findDifference } from './compare.ts'

const usage = 'usage: node devdb/proof/differential.ts --url URL --against URL [--seed N] [--runs N]'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    against: { type: 'string' },
    seed: { type: 'string' },
    runs: { type: 'string', default: '1000' },
  },
})

const report = ({ seed, steps, command, first, second }: Difference): string =>
  [
    `The servers differ (seed ${seed}). Steps on an empty database:`,
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
    `Command: ${JSON.stringify(command)}`,
    `--url answers ${first}`,
    `--against answers ${second}`,
  ].join('\n')

/** 0 when the servers agree, 1 when they differ, 2 on bad arguments. */
const run = async (): Promise<number> => {
  const { url, against, seed, runs } = values
  const numbers = [seed ?? '0', runs].map(Number)
  if (url === undefined || against === undefined || !numbers.every(Number.isSafeInteger)) {
    console.error(usage)
    return 2
  }
  const options = { runs: Number(runs), ...(seed !== undefined && { seed: Number(seed) }) }
  const difference = await findDifference([url, against], options)
  console.log(difference === undefined ? `no difference in ${runs} runs` : report(difference))
  return difference === undefined ? 0 : 1
}

process.exitCode = await run()
