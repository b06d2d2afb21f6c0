/** `npm run audit:verify [-- --head <number:hash>]`: reads the whole audit log and reports what was deleted or edited. */
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'
import { runAuditVerify } from './auditVerify/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('The check failed', ({ config, ...given }) =>
  runAuditVerify({
    ...given,
    // The subgraph that keeps the log, in this process over the shop's database; the shop itself may run or not.
    open: async () => {
      const shop = await startShop({ ...config, units: ['users'] }, { attach: true, log: makeLog('silent') })
      return { call: shop.callAs('audit'), stop: shop.stop }
    },
  }),
)
