import { systemClock } from '#kernel/time.ts'
import { type Config, ConfigError, readConfig } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'
import { importUnits, runImport } from './import/run.ts'

/** The subgraphs an import needs, in this process over the shop's database; the shop itself may run or not. */
const open = async (config: Config) => {
  const shop = await startShop({ ...config, units: importUnits }, { attach: true, log: makeLog('silent') })
  return { call: shop.callAs('import'), stop: shop.stop }
}

const main = async (): Promise<number> => {
  const config = readConfig(process.env)
  return runImport({
    args: process.argv.slice(2),
    open: () => open(config),
    shopCurrency: config.currency,
    clock: systemClock,
    out: process.stdout,
    err: process.stderr,
  })
}

/** A fault becomes one line: nobody who imports a file is helped by a stack trace. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message
  return `The import failed: ${error instanceof Error ? error.message : String(error)}`
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 2
}
