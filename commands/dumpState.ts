/** `npm run dump-state -- [--url URL] [--provider URL]`: everything that the shop and its provider have on record, as JSON. */
import { parseArgs } from 'node:util'
import { readConfig } from '#platform/config.ts'
import { takeSnapshot } from './dumpState/take.ts'

const usage = `npm run --silent dump-state -- [--url URL] [--provider URL]

  --url URL        mongodb://...: the databases there; http://...: the shop there, over the database that the settings name
                   (MONGODB_URL, else the embedded one under DATA_DIR). Without it: that database.
  --provider URL   the payment provider, to read its own books; without it PROVIDER_URL, else the file under DATA_DIR
`

try {
  const { values } = parseArgs({ options: { url: { type: 'string' }, provider: { type: 'string' } } })
  process.stdout.write(`${JSON.stringify(await takeSnapshot(readConfig(process.env), values))}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  process.exitCode = 2
}
