import type { MailKind, MailRequested } from '../events.ts'

/** The fact that a mail to the owner of an account is due, with the token that it carries, if any. */
export const mailRequested = (accountId: string, kind: MailKind, tokenId: string | null = null): MailRequested => ({
  type: 'MailRequested',
  payload: { accountId, kind, tokenId },
})
