/** A mail as it is handed to a transport. Plain text: nothing in it is ever taken for markup. */
export interface Mail {
  /** The fact that asked for it: the same id is the same mail. */
  readonly id: string
  readonly to: string
  readonly toName: string
  readonly subject: string
  readonly text: string
  readonly at: Date
}

/** Whoever brings mails to their readers. Sending the same id again sends nothing more (I18). */
export interface MailTransport {
  send(mail: Mail): Promise<void>
}
