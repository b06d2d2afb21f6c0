import type { Millis } from '#kernel/time.ts'
import type { Job, JobHandler, JobResult, Queue, RetryPolicy } from './queue.ts'

/** What came of one look at a job: its result, or when to look again. */
export type Attempt = JobResult | { readonly status: 'again'; readonly after: Millis }

export interface Look {
  readonly queue: string
  readonly job: Job
  readonly handler: JobHandler
  /** Absent: the queue's own. */
  readonly retries?: RetryPolicy
  /** Looks at this job so far, this one included. */
  readonly looks: number
}

export interface LinesOptions {
  readonly attempt: (look: Look) => Promise<Attempt>
  /** Pauses between attempts; injected so that tests need not wait. */
  readonly pause?: (ms: Millis) => Promise<void>
  /** Most jobs that may wait in one queue; adding more fails at once (rule R13). */
  readonly maxWaiting?: number
}

interface Waiting {
  readonly job: Job
  readonly looks: number
  readonly result: PromiseWithResolvers<JobResult>
}

interface Line {
  readonly name: string
  readonly waiting: Waiting[]
  readonly byId: Map<string, Promise<JobResult>>
  worker: Pick<Look, 'handler' | 'retries'> | null
  running: Promise<void> | null
}

const realPause = (ms: Millis): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

/** Jobs of this process in lines, one line for each queue and one job of it at a time. It forgets at exit. */
export const makeLines = ({ attempt, pause = realPause, maxWaiting = 10_000 }: LinesOptions): Queue => {
  const lines = new Map<string, Line>()
  const stopping = new AbortController()

  const lineOf = (name: string): Line => {
    const line = lines.get(name) ?? { name, waiting: [], byId: new Map(), worker: null, running: null }
    lines.set(name, line)
    return line
  }

  const pauseUnlessStopped = (ms: Millis): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        stopping.signal.removeEventListener('abort', end)
        resolve()
      }
      stopping.signal.addEventListener('abort', end)
      if (stopping.signal.aborted) end()
      else void pause(ms).then(end)
    })

  const letGo = (line: Line): void => {
    for (const { result } of line.waiting.splice(0)) result.reject(new Error('the queue is stopping'))
  }

  /** A job that is to be looked at again steps aside until then, and lets its neighbours pass (F11). */
  const stepAside = async (line: Line, waiting: Waiting, after: Millis): Promise<void> => {
    await pauseUnlessStopped(after)
    line.waiting.push(waiting)
    // Not dead: there are attempts left, and whoever added it still has it.
    if (stopping.signal.aborted) letGo(line)
    else run(line)
  }

  const lookAt = async (
    line: Line,
    worker: NonNullable<Line['worker']>,
    { job, looks, result }: Waiting,
  ): Promise<void> => {
    const outcome = await attempt({ ...worker, queue: line.name, job, looks: looks + 1 })
    if (outcome.status === 'again') {
      void stepAside(line, { job, looks: looks + 1, result }, outcome.after)
      return
    }
    line.byId.delete(job.id)
    result.resolve(outcome)
  }

  const drain = async (line: Line): Promise<void> => {
    while (line.worker && !stopping.signal.aborted) {
      const next = line.waiting.shift()
      if (!next) return
      await lookAt(line, line.worker, next)
    }
  }

  const run = (line: Line): void => {
    line.running ??= drain(line).finally(() => {
      line.running = null
      if (line.waiting.length > 0 && line.worker && !stopping.signal.aborted) run(line)
    })
  }

  return {
    add: (name, job) => {
      const line = lineOf(name)
      const same = line.byId.get(job.id)
      if (same) return same
      if (stopping.signal.aborted) return Promise.reject(new Error('the queue is stopping'))
      if (line.waiting.length >= maxWaiting) return Promise.reject(new Error(`queue ${name} is full`))
      const result = Promise.withResolvers<JobResult>()
      result.promise.catch(() => undefined)
      line.waiting.push({ job, looks: 0, result })
      line.byId.set(job.id, result.promise)
      run(line)
      return result.promise
    },
    work: (name, handler, retries) => {
      const line = lineOf(name)
      const worker = { handler, retries }
      line.worker = worker
      run(line)
      return async () => {
        if (line.worker === worker) line.worker = null
        await line.running
      }
    },
    stop: async () => {
      stopping.abort()
      await Promise.allSettled([...lines.values()].map((line) => line.running))
      for (const line of lines.values()) letGo(line)
    },
  }
}
