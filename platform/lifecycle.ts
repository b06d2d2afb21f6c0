import { faultFields, type Log } from './log.ts'

/** Something that runs: started in order, stopped in reverse order. */
export interface Part {
  readonly name: string
  /** Milliseconds it may take to stop, when the usual ones are not enough. */
  readonly stopWithin?: number
  stop(): Promise<void> | void
}

export interface Deadlines {
  /** The longest a part may take to stop. */
  readonly partMs?: number
  /** The longest all of them together may take (parameters table: Shutdown). */
  readonly totalMs?: number
}

const withDeadline = async (work: Promise<void> | void, ms: number): Promise<'done' | 'late'> => {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, ms, 'late')
  try {
    return await Promise.race([Promise.resolve(work).then(() => 'done' as const), late])
  } finally {
    clearTimeout(timer)
  }
}

const stoppedFirst = (): Error => new Error('stopped before the start was complete')

/**
 * Collects what was started; `stop` ends it in reverse order, each within a deadline, whatever the others do. A part that hangs takes its
 * time from what is left for all; a hundredth of the whole is kept for each part behind it, so that the last one, the database, is asked
 * to stop as well.
 */
export const makeLifecycle = (log: Log, { partMs = 5_000, totalMs = 25_000 }: Deadlines = {}) => {
  const parts: Part[] = []
  let stopped = false
  /** Why the start fails: parts that are starting beside it fail too when what they stand on is stopped, and would say only that. */
  let cause: { readonly error: unknown } | null = null
  const stopPart = async (part: Part, deadlineMs: number): Promise<void> => {
    try {
      const outcome = await withDeadline(part.stop(), deadlineMs)
      if (outcome === 'late') log.error('a part did not stop in time', { unit: part.name, durationMs: deadlineMs })
    } catch (error) {
      log.error('a part failed to stop', { unit: part.name, ...faultFields(error) })
    }
  }
  const stopAll = async (): Promise<void> => {
    const began = performance.now()
    const kept = totalMs / 100
    const stopping = parts.splice(0).reverse()
    for (const [index, part] of stopping.entries()) {
      const behind = stopping.length - 1 - index
      const left = totalMs - (performance.now() - began) - behind * kept
      await stopPart(part, Math.floor(Math.min(part.stopWithin ?? partMs, Math.max(kept, left))))
    }
  }
  return {
    /**
     * Starts a part and remembers it; on failure everything started before is stopped again.
     * @throws whatever the first `make` that failed threw, and Error when `stop` was called first: a part that came too late is stopped at
     *   once.
     */
    start: async <T extends Part>(make: () => Promise<T> | T): Promise<T> => {
      try {
        if (stopped) throw stoppedFirst()
        const part = await make()
        if (stopped) {
          await stopPart(part, partMs)
          throw stoppedFirst()
        }
        parts.push(part)
        return part
      } catch (error) {
        cause ??= { error }
        await stopAll()
        throw cause.error
      }
    },
    stop: async (): Promise<void> => {
      stopped = true
      await stopAll()
    },
  }
}

export type Lifecycle = ReturnType<typeof makeLifecycle>
