/** `npm run outbox -- [replay [--queue NAME] [--event ID]]`: what waits for the workers and what was given up; tries that again. */
import { systemClock } from '#kernel/time.ts'
import { subgraphNames } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'
import { runOutbox } from './outbox/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('It failed', ({ config, ...given }) =>
  runOutbox({
    ...given,
    clock: systemClock,
    // The outboxes, in this process over the shop's databases; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: [...subgraphNames] }, { attach: true, log: makeLog('silent') })
      return { queues: shop.queues(), stop: shop.stop }
    },
  }),
)
