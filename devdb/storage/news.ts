import type { History } from './history.ts'

/** Tells whoever waits that something was committed and is on disk: cursors that wait for new rows look again. */
export const makeNews = (history: History) => {
  const listeners = new Set<() => void>()
  history.onSettled(() => {
    for (const listener of listeners) listener()
  })
  return {
    /** Calls back after every commit; answers how to stop that. */
    onNews: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export type News = ReturnType<typeof makeNews>
