/** The mail server does not take our login, in one clear line without it: waiting would not help. */
export class MailServerRefused extends Error {
  override readonly name = 'MailServerRefused'
}
