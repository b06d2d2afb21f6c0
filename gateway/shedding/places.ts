import type { Class } from './classes.ts'
import { fits, nextPlaces, noneOfAny, type SheddingNumbers } from './law.ts'

/** Gives the place back; more than once does nothing more. */
export type Leave = () => void

interface Waiting {
  readonly take: (leave: Leave | null) => void
}

/**
 * Places for the operations under way. Whoever finds none is sent away at once, which costs next to nothing; a checkout waits in a line,
 * first come first served, and is sent away only when the line is full or its client leaves.
 */
export const makePlaces = (numbers: SheddingNumbers) => {
  let places = numbers.places
  let inside = 0
  const line = new Set<Waiting>()
  const shed = noneOfAny()

  const admit = (): Leave => {
    inside += 1
    let left = false
    return () => {
      if (left) return
      left = true
      inside -= 1
      letIn()
    }
  }

  const letIn = (): void => {
    for (const waiting of line) {
      if (!fits('checkout', inside, { places, numbers })) return
      line.delete(waiting)
      waiting.take(admit())
    }
  }

  const wait = (signal: AbortSignal | undefined): Promise<Leave | null> => {
    const { promise, resolve } = Promise.withResolvers<Leave | null>()
    const waiting: Waiting = { take: resolve }
    const giveUp = (): void => {
      if (line.delete(waiting)) resolve(null)
    }
    line.add(waiting)
    signal?.addEventListener('abort', giveUp, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  return {
    /** A place, to be left when the operation is over; null for one that is sent away. */
    enter: async (wanted: Class, signal?: AbortSignal): Promise<Leave | null> => {
      if (fits(wanted, inside, { places, numbers }) && (wanted !== 'checkout' || line.size === 0)) return admit()
      const entered = wanted === 'checkout' && line.size < numbers.line && !signal?.aborted ? await wait(signal) : null
      if (!entered) shed[wanted] += 1
      return entered
    },
    /** Told how late the process was lately: see `latenessOf`. */
    hear: (lateness: number): void => {
      places = nextPlaces(places, lateness, numbers)
      letIn()
    },
    /** For metrics: how full it is, and how many have been sent away since the start. */
    state: () => ({ places, inside, waiting: line.size, shed: { ...shed } }),
  }
}

export type Places = ReturnType<typeof makePlaces>
