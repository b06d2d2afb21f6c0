/** `npm run import -- FILE --seller ID`: products from a CSV file, see README "Importing a catalogue". */
import { systemClock } from '#kernel/time.ts'
import { importUnits, runImport } from './import/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('The import failed', ({ config, attach, ...given }) =>
  runImport({
    ...given,
    open: async () => {
      const shop = await attach(importUnits)
      return { call: shop.callAs('import'), stop: shop.stop }
    },
    shopCurrency: config.currency,
    clock: systemClock,
  }),
)
