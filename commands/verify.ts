/** `npm run verify -- [--file FILE | --file - | --url URL] [--provider URL]`: checks a snapshot against the invariants I1-I23. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readConfig } from '#platform/config.ts'
import type { Snapshot } from './dumpState/snapshot.ts'
import { takeSnapshot } from './dumpState/take.ts'
import { isClean, report, verify } from './verify/verify.ts'

const usage = `npm run verify -- [--file FILE] [--url URL] [--provider URL]

  --file FILE      a snapshot of \`npm run --silent dump-state\`; "-" reads the standard input
  without a file   takes a snapshot now; --url and --provider as for dump-state

Exit code: 0 all hold, 1 some are broken, 2 nothing could be checked. A shop at work breaks some for a moment: let it rest before.
`

const options = { file: { type: 'string' }, url: { type: 'string' }, provider: { type: 'string' } } as const

const standardInput = 0

try {
  const { file, ...place } = parseArgs({ options }).values
  const snapshot =
    file === undefined
      ? await takeSnapshot(readConfig(process.env), place)
      : (JSON.parse(readFileSync(file === '-' ? standardInput : file, 'utf8')) as Snapshot)
  const verdicts = verify(snapshot)
  const { orders, payments, psp, skus } = snapshot
  process.stdout.write(`${report(verdicts)}\n\n`)
  process.stdout.write(
    `${skus.length} variants, ${orders.length} orders, ${payments.length} payments, ${psp.movements.length} movements at the provider\n`,
  )
  process.exitCode = isClean(verdicts) ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  process.exitCode = 2
}
