import { type Millis, seconds } from '#kernel/time.ts'

/** How long a process may be silent until another one takes over its jobs; it shows itself every second (`platform/leases/`). */
export const leaseMs = seconds(5)

export interface Entry {
  readonly everyMs: Millis
  readonly does: string
}

/**
 * All that happens by the clock, each in one of the `workers` processes at a time: the name of a job (which is also that of its lease), how
 * often, and what it does. The work itself is in the `jobs.ts` of its subgraph, and is idempotent. What only has to vanish (carts,
 * sessions, sign-ups, reset requests, webhooks, idempotency keys) needs no job: TTL indexes of the database see to it.
 */
export const timetable = {
  'mails.send': { everyMs: 500, does: 'sends the mails that facts have asked for' },
  'workers.writeBoard': {
    everyMs: seconds(5),
    does: 'writes down what waits and what was given up, for administrators',
  },
  // Parameters table: reservation.
  'products.releaseExpiredHolds': { everyMs: seconds(5), does: 'gives stock back whose hold has ended' },
  'products.followLocations': {
    everyMs: seconds(60),
    does: 'brings stock after its location, where a change broke off',
  },
  'orders.continueUnfinished': {
    everyMs: seconds(3),
    does: 'goes on with orders that stand still after a crash or a silence',
  },
  'payments.settleOpenCalls': { everyMs: seconds(1), does: 'asks the provider what became of calls without an answer' },
  'payments.hearParkedWebhooks': {
    everyMs: seconds(2),
    does: 'applies webhooks that came too early or were left by a crash',
  },
  // Twice within the time in which a lost webhook must be made up for (F6).
  'payments.compareBooks': {
    everyMs: seconds(15),
    does: 'compares our books with those of the provider, and mends ours',
  },
} as const satisfies Readonly<Record<string, Entry>>

export type JobName = keyof typeof timetable

export const isJobName = (name: string): name is JobName => Object.hasOwn(timetable, name)
