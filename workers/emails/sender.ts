import { isShopError } from '#kernel/errors.ts'
import { type Clock, days, type Millis, seconds } from '#kernel/time.ts'
import { causedBy } from '#platform/cause.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { Lease } from '#platform/leases/leases.ts'
import type { Log } from '#platform/log.ts'
import { afterFailure, ordinaryRetries, type RetryPolicy } from '#platform/queue/queue.ts'
import { reasonOf } from '#platform/queue/reason.ts'
import { traced } from '#platform/tracing.ts'
import { MailRefused, type MailTransport, TryLater } from './mail.ts'
import type { MailModel, MailRow } from './model.ts'
import { lanes } from './smtp.ts'
import type { Writer } from './writing.ts'

/** Mails looked at in one round. */
const batch = 100

/** While the other side is away a mail waits as long as mail servers do, and never for more than half a minute at once (F10: 60 s). */
const patience = days(3)
const whileAway: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, pause: 1_000, maxPause: seconds(30) }

export interface SenderDeps {
  readonly mails: Pick<MailModel, 'due' | 'settle' | 'delay' | 'bury'>
  readonly write: Writer
  readonly transport: MailTransport
  readonly clock: Clock
  readonly log: Log
  /** 0 to 1, for jitter. */
  readonly random?: () => number
}

/**
 * Sends the mails that are due, under a lease. Between the server's yes and our note of it a crash sends the mail again: with the same
 * Message-ID, by which mailboxes and servers know it (SMTP offers no more than at least once).
 */
export const makeSender = ({ mails, write, transport, clock, log, random = Math.random }: SenderDeps) => {
  const isPassing = (error: unknown, at: Millis): boolean =>
    (error instanceof TryLater || (isShopError(error) && error.code === 'UNAVAILABLE')) && clock.now() - at < patience

  const giveUp = async ({ _id, about }: MailRow, fence: number, reason: string): Promise<void> => {
    log.error('a mail was given up', { event: about.kind, eventId: _id, reason })
    await mails.bury(_id, fence, reason)
  }

  const failed = async (row: MailRow, fence: number, error: unknown): Promise<void> => {
    const reason = reasonOf(error)
    log.info('a mail was not sent', { event: row.about.kind, eventId: row._id, attempt: row.attempts + 1, reason })
    if (error instanceof MailRefused) return giveUp(row, fence, reason)
    const attempts = row.attempts + 1
    const retries = isPassing(error, row.at) ? whileAway : ordinaryRetries
    const next = afterFailure(error, { tries: attempts, retries, random })
    if (next.status === 'dead') return giveUp(row, fence, reason)
    await mails.delay(row._id, fence, { attempts, dueAt: clock.now() + Math.ceil(next.after), reason })
  }

  const send = async (row: MailRow, fence: number): Promise<void> => {
    const mail = await write(row)
    if (!mail) {
      await mails.settle(row._id, fence, 'DROPPED', clock.now())
      return
    }
    await crashPoint('mails.written')
    await transport.send(mail)
    await crashPoint('mails.delivered')
    await mails.settle(row._id, fence, 'SENT', clock.now())
  }

  const trySending = async (row: MailRow, fence: number): Promise<'done' | 'away'> => {
    try {
      await traced('send mail', { kind: 'client', attributes: { 'emporion.mail': row.about.kind } }, () =>
        send(row, fence),
      )
      return 'done'
    } catch (error) {
      await failed(row, fence, error)
      return error instanceof TryLater && error.isAway ? 'away' : 'done'
    }
  }

  /** In the trace of the request that it goes back to, with its id in each line of the log. */
  const asItsRequest = <T>(row: MailRow, work: () => Promise<T>): Promise<T> =>
    causedBy(row.cause ?? { requestId: row._id }, work)

  return {
    /** One round. Ends early when the server is away, or the lease: what is left is due in the next one. */
    sendDue: async (lease: Lease): Promise<void> => {
      const due = await mails.due(clock.now(), batch)
      let isAway = false
      const lane = async (): Promise<void> => {
        for (let row = due.shift(); row && !isAway && lease.isHeld(); row = due.shift()) {
          const { fence } = lease
          const sent = await asItsRequest(row, () => trySending(row, fence))
          isAway ||= sent === 'away'
        }
      }
      await Promise.all(Array.from({ length: lanes }, lane))
    },
  }
}
