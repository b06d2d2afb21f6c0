/** A mail as it is handed to a transport, in two equal forms. */
export interface Mail {
  /** The fact that asked for it: the same id is the same mail, and becomes its Message-ID. */
  readonly id: string
  readonly to: string
  readonly toName: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly at: Date
}

/** The mail will never be taken, for example because nobody has this address (550): trying again would only annoy. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** The mail may be taken later: the server is away, busy, too slow, or closed the line, and may even have taken it. */
export class TryLater extends Error {
  override readonly name = 'TryLater'
  /** Nobody takes any mail at present: the others need not be tried either. */
  readonly isAway: boolean

  constructor(message: string, isAway: boolean) {
    super(message)
    this.isAway = isAway
  }
}

/** Whoever brings mails to their readers. A mail that goes twice, because its outcome was lost, has the same Message-ID both times. */
export interface MailTransport {
  /** @throws MailRefused, TryLater */
  send(mail: Mail): Promise<void>
  /** Whether mails would be taken, asked at the start. @throws MailServerRefused for good, TryLater when nobody answers now. */
  check(): Promise<void>
  stop(): void
}
