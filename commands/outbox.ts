/** `npm run outbox -- [replay [--queue NAME] [--event ID]]`: what waits for the workers and what was given up; tries that again. */
import { systemClock } from '#kernel/time.ts'
import { subgraphNames } from '#platform/config.ts'
import { runOutbox } from './outbox/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('It failed', ({ attach, ...given }) =>
  runOutbox({
    ...given,
    clock: systemClock,
    open: async () => {
      const shop = await attach([...subgraphNames])
      return { queues: shop.queues(), stop: shop.stop }
    },
  }),
)
