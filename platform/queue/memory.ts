import type { Job, JobHandler, JobResult, Queue, RetryPolicy } from './queue.ts'
import { ordinaryRetries } from './queue.ts'

interface Waiting {
  readonly job: Job
  /** Attempts so far. */
  readonly tries: number
  readonly result: PromiseWithResolvers<JobResult>
}

interface Line {
  readonly waiting: Waiting[]
  readonly byId: Map<string, Promise<JobResult>>
  handler: JobHandler | null
  running: Promise<void> | null
}

export interface MemoryQueueOptions {
  /** Pauses between attempts; injected so that tests need not wait. */
  readonly pause?: (ms: number) => Promise<void>
  /** 0 to 1, for jitter. */
  readonly random?: () => number
  readonly retries?: RetryPolicy
  /** Most jobs that may wait in one queue; adding more fails at once (rule R13). */
  readonly maxWaiting?: number
}

const realPause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

/** A queue inside one process. It forgets at exit: whoever adds keeps the job until `add` has resolved. */
export const makeMemoryQueue = (options: MemoryQueueOptions = {}): Queue => {
  const { pause = realPause, random = Math.random, retries = ordinaryRetries, maxWaiting = 10_000 } = options
  const lines = new Map<string, Line>()
  const stopping = new AbortController()

  const lineOf = (name: string): Line => {
    const line = lines.get(name) ?? { waiting: [], byId: new Map(), handler: null, running: null }
    lines.set(name, line)
    return line
  }

  const pauseUnlessStopped = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        stopping.signal.removeEventListener('abort', end)
        resolve()
      }
      stopping.signal.addEventListener('abort', end)
      if (stopping.signal.aborted) end()
      else void pause(ms).then(end)
    })

  const finish = (line: Line, { job, result }: Waiting, outcome: JobResult): void => {
    line.byId.delete(job.id)
    result.resolve(outcome)
  }

  /** A job that failed steps aside until its next attempt, and lets its neighbours pass (F11). */
  const stepAside = async (line: Line, waiting: Waiting): Promise<void> => {
    await pauseUnlessStopped(
      Math.min(retries.maxPause, retries.pause * 2 ** (waiting.tries - 1)) * (0.5 + random() / 2),
    )
    line.waiting.push(waiting)
    // Not dead: there are attempts left, and whoever added it still has it.
    if (stopping.signal.aborted) letGo(line)
    else run(line)
  }

  const attempt = async (line: Line, handler: JobHandler, waiting: Waiting): Promise<void> => {
    const tries = waiting.tries + 1
    try {
      await handler(waiting.job)
      finish(line, waiting, { status: 'done' })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (tries >= retries.attempts) finish(line, waiting, { status: 'dead', reason })
      else void stepAside(line, { ...waiting, tries })
    }
  }

  const letGo = (line: Line): void => {
    for (const { result } of line.waiting.splice(0)) result.reject(new Error('the queue is stopping'))
  }

  const drain = async (line: Line): Promise<void> => {
    while (line.handler && !stopping.signal.aborted) {
      const next = line.waiting.shift()
      if (!next) return
      await attempt(line, line.handler, next)
    }
  }

  const run = (line: Line): void => {
    line.running ??= drain(line).finally(() => {
      line.running = null
      if (line.waiting.length > 0 && line.handler && !stopping.signal.aborted) run(line)
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
      line.waiting.push({ job, result, tries: 0 })
      line.byId.set(job.id, result.promise)
      run(line)
      return result.promise
    },
    work: (name, handler) => {
      const line = lineOf(name)
      line.handler = handler
      run(line)
      return async () => {
        if (line.handler === handler) line.handler = null
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
