/** Waits until it is the caller's turn, first come first served. */
export type Pace = () => Promise<void>

/**
 * Bounds the steps of one turn of the event loop, whoever takes them: after so many the others wait for the next turn, and timers, requests
 * and answers of databases come in between. Who waits costs a promise; how many wait is bounded by who asks (the sockets of a process).
 */
export const makePace = (perTurn: number): Pace => {
  const line: (() => void)[] = []
  let left = perTurn
  let isTurning = false

  const turn = (): void => {
    isTurning = false
    const next = line.splice(0, perTurn)
    left = perTurn - next.length
    if (next.length > 0) schedule()
    for (const go of next) go()
  }
  const schedule = (): void => {
    if (isTurning) return
    isTurning = true
    setImmediate(turn)
  }

  return () => {
    schedule()
    if (left > 0) {
      left -= 1
      return Promise.resolve()
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    line.push(resolve)
    return promise
  }
}
