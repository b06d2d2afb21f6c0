/** `npm run admin -- --email <address>`: makes an account that exists an administrator, the first one above all. */
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'
import { runAdmin } from './admin/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('It failed', ({ config, ...given }) =>
  runAdmin({
    ...given,
    // The accounts, in this process over the shop's database; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: ['users'] }, { attach: true, log: makeLog('silent') })
      return { call: shop.callAs('admin'), stop: shop.stop }
    },
  }),
)
