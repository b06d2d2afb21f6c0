/** `npm run audit:verify [-- --head <number:hash>]`: reads the whole audit log and reports what was deleted or edited. */
import { runAuditVerify } from './auditVerify/run.ts'
import { runCommand } from './runCommand.ts'

await runCommand('The check failed', ({ attach, ...given }) =>
  runAuditVerify({
    ...given,
    open: async () => {
      const shop = await attach(['users'])
      return { call: shop.callAs('audit'), stop: shop.stop }
    },
  }),
)
