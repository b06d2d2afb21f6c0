import type { MailRequested } from '../../subgraphs/users/events.ts'

export type MailKind = MailRequested['payload']['kind']

interface Text {
  readonly subject: string
  readonly lines: (token: string) => readonly string[]
}

const texts: Readonly<Record<MailKind, Text>> = {
  SIGN_UP: {
    subject: 'Your account',
    lines: (token) => [
      'somebody, we hope you, wants an account with this address. To make it, give this token to `verifyEmail` within 24 hours:',
      '',
      token,
      '',
      'Was it not you? Then do nothing: without the token there is no account.',
    ],
  },
  SIGN_UP_KNOWN: {
    subject: 'You have an account already',
    lines: () => [
      'somebody, we hope you, tried to sign up with this address, which has an account. Sign in with your password, or ask for a new',
      'one with `requestPasswordReset`.',
      '',
      'Was it not you? Then do nothing: nothing has changed, and whoever it was has not learned that you have an account.',
    ],
  },
  VERIFY_EMAIL: {
    subject: 'Is this your e-mail address?',
    lines: (token) => [
      'somebody, we hope you, has made an account with this address. To show that you read it, give this token to `verifyEmail`',
      'within 24 hours:',
      '',
      token,
      '',
      'Was it not you? Then do nothing: without the token the address stays unproved.',
    ],
  },
  PASSWORD_RESET: {
    subject: 'A new password',
    lines: (token) => [
      'somebody, we hope you, has asked for a new password for this account. Give this token to `resetPassword` within 10 minutes:',
      '',
      token,
      '',
      'Was it not you? Then do nothing: your password stays as it is.',
    ],
  },
  PASSWORD_CHANGED: {
    subject: 'Your password was changed',
    lines: () => [
      'the password of your account was changed, and the sessions on your other devices have ended.',
      '',
      'Was it not you? Then ask for a new password at once: whoever changed it is signed out by that.',
    ],
  },
  SESSION_STOLEN: {
    subject: 'We have ended one of your sessions',
    lines: () => [
      'a token of one of your sessions was used twice, which happens when somebody has a copy of it. We have ended this session;',
      'sign in again on that device.',
      '',
      'If you did not expect this, change your password: that ends all other sessions.',
    ],
  },
}

/** Subject and text of a mail, in English. */
export const renderMail = (
  kind: MailKind,
  { name, token }: { readonly name: string; readonly token: string | null },
): { readonly subject: string; readonly text: string } => ({
  subject: texts[kind].subject,
  text: [`Hello ${name},`, '', ...texts[kind].lines(token ?? ''), '', 'Emporion', ''].join('\n'),
})
