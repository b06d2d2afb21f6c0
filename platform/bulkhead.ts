/** More calls wait than may wait. */
export class BulkheadFull extends Error {
  override readonly name = 'BulkheadFull'
}

export interface BulkheadOptions {
  /** Calls at once. */
  readonly inFlight: number
  /** Calls that wait for their turn, first come first served; the next one is refused at once. */
  readonly waiting: number
}

export interface Bulkhead {
  /**
   * Runs the work when there is room. Who is taken back while waiting leaves the line.
   * @throws BulkheadFull, the reason of the signal, or what the work throws.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** Bounds what one dependency can hold on to: when it is slow, its callers are refused, and calls to others find room. */
export const makeBulkhead = ({ inFlight, waiting }: BulkheadOptions): Bulkhead => {
  let running = 0
  const line = new Set<() => void>()

  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    if (line.size >= waiting) throw new BulkheadFull('too many calls wait')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => {
      line.delete(resolve)
      reject(signal?.reason)
    }
    line.add(resolve)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  /** Hands the place over to whoever waits longest, so that nobody can slip in between. */
  const release = (): void => {
    const [next] = line
    if (!next) {
      running -= 1
      return
    }
    line.delete(next)
    next()
  }

  return {
    run: async (work, signal) => {
      signal?.throwIfAborted()
      if (running < inFlight) running += 1
      else await turn(signal)
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}
