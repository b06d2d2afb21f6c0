import { faultFields, type Log } from './log.ts'

/** Tells watchers the newest number of what they watch, whoever changed it. */
export interface SharedPoll {
  /** Calls `tell` with the number of `id` at every round until the returned function is called. */
  watch(id: string, tell: (seq: number) => void): () => void
}

export interface SharedPollOptions {
  readonly everyMs: number
  /** The newest number of each id, in one indexed operation; what is left out has the number 0. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>
  readonly log: Log
}

/** Ids of one operation: large enough that 10,000 quiet subscribers cost 20 reads a round, small enough to be answered at once. */
const batch = 500

/**
 * Asks the store for everything that is watched in this process at once, so that a quiet subscriber costs a 500th of an
 * operation for each round and not one or several. Nobody watches: nothing is asked and no timer runs.
 */
export const makeSharedPoll = ({ everyMs, read, log }: SharedPollOptions): SharedPoll => {
  const watchers = new Map<string, Set<(seq: number) => void>>()
  let timer: NodeJS.Timeout | null = null
  let asking = false

  const askFor = async (ids: readonly string[]): Promise<void> => {
    const seqs = await read(ids)
    for (const id of ids) for (const tell of watchers.get(id) ?? []) tell(seqs.get(id) ?? 0)
  }

  const round = async (): Promise<void> => {
    timer = null
    asking = true
    const ids = [...watchers.keys()]
    try {
      for (let at = 0; at < ids.length; at += batch) await askFor(ids.slice(at, at + batch))
    } catch (error) {
      log.warn('a poll of feeds will ask again', faultFields(error))
    } finally {
      asking = false
    }
    schedule()
  }

  const schedule = (): void => {
    if (timer || asking || watchers.size === 0) return
    timer = setTimeout(() => void round(), everyMs)
    timer.unref()
  }

  const leave = (id: string, tell: (seq: number) => void): void => {
    const own = watchers.get(id)
    own?.delete(tell)
    if (own?.size === 0) watchers.delete(id)
    if (watchers.size > 0 || !timer) return
    clearTimeout(timer)
    timer = null
  }

  return {
    watch: (id, tell) => {
      const own = (seq: number) => tell(seq)
      watchers.set(id, (watchers.get(id) ?? new Set()).add(own))
      schedule()
      return () => leave(id, own)
    },
  }
}
