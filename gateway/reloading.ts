import { unwatchFile, watchFile } from 'node:fs'
import { seconds } from '#kernel/time.ts'
import { faultFields, type Log } from '#platform/log.ts'

export interface ReloadingDeps {
  readonly files: readonly string[]
  /** Reads what is in the files, and uses all of it or, when it throws, nothing. False: nothing is new. */
  readonly renew: () => Promise<boolean>
  readonly log: Log
}

/** How often the files are looked at, which costs a few microseconds. */
const lookEvery = seconds(1)

/**
 * Uses what is in files again after each change of one of them, one change after the other. Polled, because a mounted config map changes
 * behind symbolic links, which notifications of the file system do not follow. What cannot be used is logged, and all stays as it was.
 */
export const keepReloaded = ({ files, renew, log }: ReloadingDeps) => {
  let tail = Promise.resolve()
  let stopped = false

  const attempt = async (): Promise<void> => {
    if (stopped) return
    try {
      if (await renew()) log.warn('the graph was replaced')
    } catch (error) {
      log.error('the new graph cannot be used; the one before it stays', faultFields(error))
    }
  }

  /** Never rejects. */
  const reload = (): Promise<void> => {
    tail = tail.then(attempt)
    return tail
  }

  const changed = (): void => void reload()
  for (const file of files) watchFile(file, { interval: lookEvery, persistent: false }, changed)
  return {
    reload,
    stop: async (): Promise<void> => {
      stopped = true
      for (const file of files) unwatchFile(file, changed)
      await tail
    },
  }
}
