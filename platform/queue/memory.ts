import type { Millis } from '#kernel/time.ts'
import { type Attempt, type LinesOptions, type Look, makeLines } from './lines.ts'
import { afterFailure, ordinaryRetries, type Queue, type RetryPolicy } from './queue.ts'

export interface MemoryQueueOptions extends Pick<LinesOptions, 'maxWaiting'> {
  /** Pauses between attempts; injected so that tests need not wait. */
  readonly pause?: (ms: Millis) => Promise<void>
  /** 0 to 1, for jitter. */
  readonly random?: () => number
  readonly retries?: RetryPolicy
}

/** A queue inside one process. It forgets at exit: whoever adds keeps the job until `add` has resolved. */
export const makeMemoryQueue = (options: MemoryQueueOptions = {}): Queue => {
  const { random = Math.random, retries: own = ordinaryRetries } = options
  const attempt = async ({ job, handler, retries = own, looks }: Look): Promise<Attempt> => {
    try {
      await handler(job)
      return { status: 'done' }
    } catch (error) {
      return afterFailure(error, { tries: looks, retries, random })
    }
  }
  return makeLines({ ...options, attempt })
}
