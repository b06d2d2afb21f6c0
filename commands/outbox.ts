/** `npm run outbox -- [replay [--queue NAME] [--event ID]]`: what waits for the workers and what was given up; tries that again. */

import { systemClock } from '#kernel/time.ts'
import { ConfigError, readConfig, subgraphNames } from '#platform/config.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { makeLog } from '#platform/log.ts'
import { DatabaseUnreachable } from '#platform/mongo.ts'
import { startShop } from '../shop.ts'
import { runOutbox } from './outbox/run.ts'

const mistakes = [ConfigError, DatabaseUnreachable, EmbeddedRefused]

try {
  const config = readConfig(process.env)
  process.exitCode = await runOutbox({
    args: process.argv.slice(2),
    clock: systemClock,
    // The outboxes, in this process over the shop's databases; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: [...subgraphNames] }, { attach: true, log: makeLog('silent') })
      return { queues: shop.queues(), stop: shop.stop }
    },
    out: process.stdout,
    err: process.stderr,
  })
} catch (error) {
  const mistake = mistakes.some((kind) => error instanceof kind)
  process.stderr.write(`${mistake ? (error as Error).message : `It failed: ${String(error)}`}\n`)
  process.exitCode = 2
}
