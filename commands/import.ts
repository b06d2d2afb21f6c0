/** `npm run import -- FILE --seller ID`: products from a CSV file, see README "Importing a catalogue". */
import { systemClock } from '#kernel/time.ts'
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'
import { importUnits, runImport } from './import/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('The import failed', ({ config, ...given }) =>
  runImport({
    ...given,
    // The subgraphs an import needs, in this process over the shop's database; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: importUnits }, { attach: true, log: makeLog('silent') })
      return { call: shop.callAs('import'), stop: shop.stop }
    },
    shopCurrency: config.currency,
    clock: systemClock,
  }),
)
