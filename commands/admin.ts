/** `npm run admin -- --email <address>`: makes an account that exists an administrator, the first one above all. */
import { runAdmin } from './admin/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('It failed', ({ attach, ...given }) =>
  runAdmin({
    ...given,
    open: async () => {
      const shop = await attach(['users'])
      return { call: shop.callAs('admin'), stop: shop.stop }
    },
  }),
)
