/** `npm run keys:rotate`: the next key signs access tokens, without a failed request; `-- --leaked` ends all tokens at once. */

import { seconds, systemClock } from '#kernel/time.ts'
import { ConfigError, readConfig } from '#platform/config.ts'
import { type KeyRing, ringFile, rotateFile } from '#platform/keyRing.ts'
import { KeyError } from '#platform/keys.ts'

const usage = 'npm run keys:rotate [-- --leaked]'

const report = (file: string, { keys }: KeyRing): string =>
  `${file}: ${keys.length} keys are published; one signs, one signs next, ${keys.length - 2} retire with their last token.\n`

const main = async (args: readonly string[]): Promise<void> => {
  const leaked = args.length === 1 && args[0] === '--leaked'
  if (args.length > 0 && !leaked) throw new KeyError(`Usage: ${usage}`)
  const config = readConfig(process.env, ['gateway'])
  if (config.signingKeyPem)
    throw new KeyError('The keys come from SIGNING_KEY_PEM: change it there, or use SIGNING_KEYS_FILE instead.')
  const file = ringFile(config)
  const madeFor = config.production ? 'production' : 'development'
  const tokenLifeMs = seconds(config.accessTokenSeconds)
  const ring = await rotateFile({ file, madeFor, now: systemClock.now(), tokenLifeMs, leaked })
  process.stdout.write(report(file, ring))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof KeyError || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
