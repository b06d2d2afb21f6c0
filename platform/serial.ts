/**
 * Runs work one after another for the same key, at once for different keys. Inside one process this turns conflicts between
 * writers of one aggregate into a short wait; between processes the version check decides.
 */
export const makeSerial = (maxWaiting = 10_000) => {
  const tails = new Map<string, Promise<unknown>>()
  let waiting = 0
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    if (waiting >= maxWaiting) throw new Error('too many writers are waiting')
    waiting += 1
    const before = tails.get(key)
    const own = before ? before.then(work, work) : (async () => work())()
    tails.set(key, own)
    try {
      return await own
    } finally {
      waiting -= 1
      if (tails.get(key) === own) tails.delete(key)
    }
  }
}
