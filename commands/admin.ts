/** `npm run admin -- --email <address>`: makes an account that exists an administrator, the first one above all. */
import { ConfigError, readConfig } from '#platform/config.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { makeLog } from '#platform/log.ts'
import { DatabaseUnreachable } from '#platform/mongo.ts'
import { startShop } from '../shop.ts'
import { runAdmin } from './admin/run.ts'

const mistakes = [ConfigError, DatabaseUnreachable, EmbeddedRefused]

try {
  const config = readConfig(process.env)
  process.exitCode = await runAdmin({
    args: process.argv.slice(2),
    // The accounts, in this process over the shop's database; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: ['users'] }, { attach: true, log: makeLog('silent') })
      return { call: shop.callAs('admin'), stop: shop.stop }
    },
    out: process.stdout,
    err: process.stderr,
  })
} catch (error) {
  const mistake = mistakes.some((kind) => error instanceof kind)
  process.stderr.write(`${mistake ? (error as Error).message : `It failed: ${String(error)}`}\n`)
  process.exitCode = 2
}
