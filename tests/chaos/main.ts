/** `npm run test:chaos -- --scenario NAME --seed N ...`: F7 is about a Redis that is shared, and has a program of its own. */
import { parseArgs } from 'node:util'

const { scenario } = parseArgs({ options: { scenario: { type: 'string' } }, strict: false }).values

await import(scenario === 'F7' ? './redis/run.ts' : './run.ts')
