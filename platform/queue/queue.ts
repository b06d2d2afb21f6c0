import type { Millis } from '#kernel/time.ts'

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

/**
 * Work that is done at least once, in the order it was added, one job of a queue at a time.
 * `add` resolves when the job is safe: a durable queue has stored it, the in-memory queue has finished it. The caller keeps its
 * own record (the outbox entry) until then, so that a crash loses nothing (invariant I16).
 */
export interface Queue {
  add(queue: string, job: Job): Promise<JobResult>
  /** Handles the jobs of a queue; returns how to leave. */
  work(queue: string, handler: JobHandler): () => Promise<void>
  stop(): Promise<void>
}
