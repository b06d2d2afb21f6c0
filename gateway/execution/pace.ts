/**
 * Bounds the steps of long work in one turn of the event loop: who awaits it before each step leaves the others their turn after so many,
 * however many works are under way. Timers, requests and answers of databases are served in between.
 */
export const makePace = (perTurn: number) => {
  let left = perTurn
  let nextTurn: Promise<void> | null = null

  const begin = (): Promise<void> => {
    nextTurn ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      left = perTurn
      nextTurn = null
    })
    return nextTurn
  }

  /** Resolves when it is the caller's turn. */
  return async (): Promise<void> => {
    while (left === 0) await begin()
    left -= 1
  }
}
