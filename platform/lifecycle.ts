import { faultFields, type Log } from './log.ts'

/** Something that runs: started in order, stopped in reverse order. */
export interface Part {
  readonly name: string
  /** Milliseconds it may take to stop, when the usual ones are not enough. */
  readonly stopWithin?: number
  stop(): Promise<void> | void
}

/** The longest most parts may take to stop: all of them together stay below the 25 s of the parameters table. */
const stopDeadlineMs = 5_000

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

/** Collects what was started; `stop` ends it in reverse order, each within a deadline, whatever the others do. */
export const makeLifecycle = (log: Log, deadlineMs = stopDeadlineMs) => {
  const parts: Part[] = []
  let stopped = false
  const stopPart = async (part: Part): Promise<void> => {
    const durationMs = part.stopWithin ?? deadlineMs
    try {
      const outcome = await withDeadline(part.stop(), durationMs)
      if (outcome === 'late') log.error('a part did not stop in time', { unit: part.name, durationMs })
    } catch (error) {
      log.error('a part failed to stop', { unit: part.name, ...faultFields(error) })
    }
  }
  return {
    /**
     * Starts a part and remembers it; on failure everything started before is stopped again.
     * @throws whatever `make` throws, and Error when `stop` was called first: a part that came too late is stopped at once.
     */
    start: async <T extends Part>(make: () => Promise<T> | T): Promise<T> => {
      try {
        if (stopped) throw stoppedFirst()
        const part = await make()
        if (stopped) {
          await stopPart(part)
          throw stoppedFirst()
        }
        parts.push(part)
        return part
      } catch (error) {
        for (const part of parts.splice(0).reverse()) await stopPart(part)
        throw error
      }
    },
    stop: async (): Promise<void> => {
      stopped = true
      for (const part of parts.splice(0).reverse()) await stopPart(part)
    },
  }
}

export type Lifecycle = ReturnType<typeof makeLifecycle>
