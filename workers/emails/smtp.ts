import { createTransport } from 'nodemailer'
import { type Millis, seconds } from '#kernel/time.ts'
import { withTimeout } from '#platform/caller.ts'
import { MailServerRefused } from '#platform/mailServerRefused.ts'
import { type Mail, MailRefused, type MailTransport, TryLater } from './mail.ts'
import { toMessage } from './message.ts'

/** Parameters table: timeouts, SMTP. For each step of the conversation. */
const stepMs = seconds(10)

/** For the whole of it: a server that answers a letter at a time never misses a step. */
const wholeMs = seconds(30)

/** For the first look, which the start waits for: servers take a second or two before they refuse a login. */
const checkMs = seconds(5)

/** Mails under way at once, each over a connection of its own. */
export const lanes = 5

export interface SmtpOptions {
  readonly url: string
  readonly from: string
  /** Shorter ones are for tests. */
  readonly stepMs?: Millis
  readonly wholeMs?: Millis
}

interface SmtpError {
  readonly code?: string
  readonly responseCode?: number
  readonly command?: string
}

/** Errors before any mail was offered: they are about the server, and about every mail. */
const beforeAnyMail = new Set(['ECONNECTION', 'EDNS', 'ETLS', 'EAUTH', 'ESOCKET', 'EPROTOCOL'])

/** Replies for good to sender, reader or message. 530, 535 and 538 ask for a password: our mistake, and not the reader's. */
const isForGood = ({ code, responseCode = 0 }: SmtpError): boolean =>
  (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500 && ![530, 535, 538].includes(responseCode)

/** A login that will not do tomorrow either. A server that could not look it up now says so with a 4 (RFC 4954: 454). */
const isLoginRefused = ({ code, responseCode = 500 }: SmtpError): boolean => code === 'EAUTH' && responseCode >= 500

const asOurs = (error: unknown): Error => {
  const found = error as SmtpError
  const text = error instanceof Error ? error.message : String(error)
  if (isForGood(found)) return new MailRefused(text)
  return new TryLater(text, beforeAnyMail.has(found.code ?? '') || found.command === 'CONN')
}

const readUrl = (url: string) => {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  }
}

/** Brings mails to an SMTP server. Never sends again by itself: whether a mail that got no answer was taken, nobody knows (R3). */
export const makeSmtp = ({ url, from, ...limits }: SmtpOptions): MailTransport => {
  const stepTimeout = limits.stepMs ?? stepMs
  const connect = () =>
    createTransport({
      ...readUrl(url),
      pool: true,
      maxConnections: lanes,
      maxRequeues: 0,
      connectionTimeout: stepTimeout,
      greetingTimeout: stepTimeout,
      socketTimeout: stepTimeout,
      dnsTimeout: stepTimeout,
    })
  let transport = connect()

  const startAnew = (): void => {
    transport.close()
    transport = connect()
  }

  /** @throws TryLater, whatever the server is doing, when it takes longer. */
  const within = async (ms: Millis, work: () => Promise<unknown>): Promise<void> => {
    const late = (): Error => {
      startAnew()
      return new TryLater('the mail server is too slow', false)
    }
    await withTimeout(ms, late, work)
  }

  return {
    send: async (mail: Mail): Promise<void> => {
      try {
        await within(limits.wholeMs ?? wholeMs, () => transport.sendMail(toMessage(from, mail)))
      } catch (error) {
        throw error instanceof TryLater ? error : asOurs(error)
      }
    },
    check: async (): Promise<void> => {
      try {
        await within(Math.min(checkMs, limits.wholeMs ?? checkMs), () => transport.verify())
      } catch (error) {
        if (error instanceof TryLater) throw error
        const { message } = error as Error
        if (!isLoginRefused(error as SmtpError)) throw new TryLater(message, true)
        const { host } = new URL(url)
        throw new MailServerRefused(`The mail server at ${host} does not take our login: ${message}. Check SMTP_URL.`)
      }
    },
    stop: () => transport.close(),
  }
}
