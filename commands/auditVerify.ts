/** `npm run audit:verify [-- --head <number:hash>]`: reads the whole audit log and reports what was deleted or edited. */
import { type Config, ConfigError, readConfig } from '#platform/config.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { makeLog } from '#platform/log.ts'
import { DatabaseUnreachable } from '#platform/mongo.ts'
import { startShop } from '../shop.ts'
import { runAuditVerify } from './auditVerify/run.ts'

/** The subgraph that keeps the log, in this process over the shop's database; the shop itself may run or not. */
const open = async (config: Config) => {
  const shop = await startShop({ ...config, units: ['users'] }, { attach: true, log: makeLog('silent') })
  return { call: shop.callAs('audit'), stop: shop.stop }
}

const mistakes = [ConfigError, DatabaseUnreachable, EmbeddedRefused]

try {
  const config = readConfig(process.env)
  process.exitCode = await runAuditVerify({
    args: process.argv.slice(2),
    open: () => open(config),
    out: process.stdout,
    err: process.stderr,
  })
} catch (error) {
  const mistake = mistakes.some((kind) => error instanceof kind)
  process.stderr.write(`${mistake ? (error as Error).message : `The check failed: ${String(error)}`}\n`)
  process.exitCode = 2
}
