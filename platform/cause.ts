import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * What work is done for: the request of a client that caused it, however many calls, events and mails lie between. It goes along by
 * itself with all that is awaited; signed calls and outbox entries carry it to other processes.
 */
export interface Cause {
  readonly requestId: string
  /** The W3C trace context of the step that does this work; absent when nobody traces. */
  readonly traceparent?: string
}

const current = new AsyncLocalStorage<Cause>()

/** Does the work for a cause: log lines, calls and events that come of it name its request. */
export const causedBy = <T>(cause: Cause, work: () => T): T => current.run(cause, work)

/** What the present work is done for; undefined where nobody asked for it. */
export const presentCause = (): Cause | undefined => current.getStore()

/**
 * Does later work in the name of the present request, whoever starts it then: a hint of another request, or a timer. Its trace is over by then.
 */
export const lastingCause = (): (<T>(work: () => T) => T) => {
  const cause = presentCause()
  return cause ? (work) => causedBy({ requestId: cause.requestId }, work) : (work) => work()
}
