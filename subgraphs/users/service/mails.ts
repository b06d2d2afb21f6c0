import { ShopError } from '#kernel/errors.ts'
import type { MailKind, MailRequested } from '../events.ts'

/** The fact that a mail to the owner of an account is due, with the token that it carries, if any. */
export const mailRequested = (accountId: string, kind: MailKind, tokenId: string | null = null): MailRequested => ({
  type: 'MailRequested',
  payload: { accountId, kind, tokenId },
})

/** One text for all reasons: who guesses tokens learns nothing from it. */
export const invalidToken = (): ShopError =>
  new ShopError('TOKEN_INVALID', 'The token is unknown, expired or was used before; ask for a new mail.', [
    'input',
    'token',
  ])
