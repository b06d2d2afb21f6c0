import type { MailKind } from '../../../subgraphs/users/events.ts'
import { type Block, type Letter, paragraph } from '../layout.ts'

interface Text {
  readonly subject: string
  readonly before: string
  readonly after: string
  /** Whether the token stands between both. */
  readonly hasToken?: true
}

const texts: Readonly<Record<MailKind, Text>> = {
  SIGN_UP: {
    subject: 'Your account',
    before:
      'somebody, we hope you, wants an account with this address. To make it, give this token to verifyEmail within 24 hours:',
    hasToken: true,
    after: 'Was it not you? Then do nothing: without the token there is no account.',
  },
  SIGN_UP_KNOWN: {
    subject: 'You have an account already',
    before:
      'somebody, we hope you, tried to sign up with this address, which has an account. Sign in with your password, or ask for a new one with requestPasswordReset.',
    after:
      'Was it not you? Then do nothing: nothing has changed, and whoever it was has not learned that you have an account.',
  },
  VERIFY_EMAIL: {
    subject: 'Is this your e-mail address?',
    before:
      'somebody, we hope you, has made an account with this address. To show that you read it, give this token to verifyEmail within 24 hours:',
    hasToken: true,
    after: 'Was it not you? Then do nothing: without the token the address stays unproved.',
  },
  PASSWORD_RESET: {
    subject: 'A new password',
    before:
      'somebody, we hope you, has asked for a new password for this account. Give this token to resetPassword within 10 minutes:',
    hasToken: true,
    after: 'Was it not you? Then do nothing: your password stays as it is.',
  },
  PASSWORD_CHANGED: {
    subject: 'Your password was changed',
    before: 'the password of your account was changed, and the sessions on your other devices have ended.',
    after: 'Was it not you? Then ask for a new password at once: whoever changed it is signed out by that.',
  },
  SESSION_STOLEN: {
    subject: 'We have ended one of your sessions',
    before:
      'a token of one of your sessions was used twice, which happens when somebody has a copy of it. We have ended this session; sign in again on that device.',
    after: 'If you did not expect this, change your password: that ends all other sessions.',
  },
}

export interface Holder {
  readonly name: string
  readonly token: string | null
}

/** What is written to whoever has an account, or wants one. */
export const accountLetter = (kind: MailKind, { name, token }: Holder): Letter => {
  const { subject, before, after, hasToken } = texts[kind]
  const shown: Block[] = hasToken && token !== null ? [{ kind: 'token', text: token }] : []
  return { subject, name, blocks: [paragraph(before), ...shown, paragraph(after)] }
}
