import type { Millis } from '#kernel/time.ts'
import { reasonOf } from './reason.ts'

/** A piece of work. `id` is a business key: adding the same id while it waits or runs adds nothing. */
export interface Job {
  readonly id: string
  readonly payload: unknown
}

/** What became of a job: done, or given up after all attempts. */
export type JobResult = { readonly status: 'done' } | { readonly status: 'dead'; readonly reason: string }

export type JobHandler = (job: Job) => Promise<void>

export interface RetryPolicy {
  /** 5 for ordinary jobs, 12 where money moves (parameters table). */
  readonly attempts: number
  /** First pause; doubles each time with jitter, up to `maxPause`. */
  readonly pause: Millis
  readonly maxPause: Millis
}

export const ordinaryRetries: RetryPolicy = { attempts: 5, pause: 1_000, maxPause: 300_000 }
export const moneyRetries: RetryPolicy = { ...ordinaryRetries, attempts: 12 }

export interface Failure {
  /** Attempts so far, the failed one included. */
  readonly tries: number
  readonly retries: RetryPolicy
  /** 0 to 1, for jitter. */
  readonly random: () => number
}

/** What comes after an attempt that failed: the next one after a pause between half and whole, or the end with its reason. */
export const afterFailure = (error: unknown, { tries, retries, random }: Failure) => {
  if (tries >= retries.attempts) {
    return { status: 'dead', reason: reasonOf(error) } as const
  }
  const after = Math.min(retries.maxPause, retries.pause * 2 ** (tries - 1)) * (0.5 + random() / 2)
  return { status: 'again', after } as const
}

/**
 * Work that is done at least once, in the order it was added, one job of a queue at a time.
 * `add` resolves when the job is finished. The caller keeps its own record (the outbox entry) until then, so that neither a crash nor a
 * Redis that forgets loses anything (invariant I16, F7).
 */
export interface Queue {
  add(queue: string, job: Job): Promise<JobResult>
  /** Handles the jobs of a queue, each as often as `retries` says (absent: the queue's own); returns how to leave. */
  work(queue: string, handler: JobHandler, retries?: RetryPolicy): () => Promise<void>
  stop(): Promise<void>
}
