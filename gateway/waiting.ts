import { setTimeout as pause } from 'node:timers/promises'
import { seconds } from '#kernel/time.ts'
import type { Log } from '#platform/log.ts'

export interface WaitingDeps {
  /** Settles when the gateway is ready, for which users has to have answered; rejects when it is not. */
  readonly ask: () => Promise<void>
  /** Where users should be. */
  readonly at: string
  readonly log: Log
  readonly everyMs?: number
}

/**
 * A gateway opens before users answers, without whom it recognises nobody: it is alive and not ready. Says in one line for whom it waits,
 * and in another when that is over; nothing when users was there. The returned function ends it.
 */
export const tellWaiting = ({ ask, at, log, everyMs = seconds(1) }: WaitingDeps): (() => Promise<void>) => {
  const end = new AbortController()
  const watch = async (): Promise<void> => {
    for (let told = false; !end.signal.aborted; told = true) {
      const answers = await ask().then(
        () => true,
        () => false,
      )
      if (end.signal.aborted) return
      if (answers) return told ? log.info('users answers: the gateway is ready.') : undefined
      if (!told) log.warn(`Waiting for users at ${at} (USERS_URL): the gateway is open, and not ready until then.`)
      await pause(everyMs, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const watching = watch()
  return () => {
    end.abort()
    return watching
  }
}
