/** Counts what each key holds, up to a bound. The map is as large as the number of things held, so it is bounded by them. */
export const makeCounter = (most: number) => {
  const held = new Map<string, number>()
  const isFull = (key: string): boolean => (held.get(key) ?? 0) >= most
  return {
    isFull,
    /** False when the key has its fill; nothing is counted then. */
    take: (key: string): boolean => {
      if (isFull(key)) return false
      held.set(key, (held.get(key) ?? 0) + 1)
      return true
    },
    give: (key: string): void => {
      const count = (held.get(key) ?? 0) - 1
      if (count > 0) held.set(key, count)
      else held.delete(key)
    },
  }
}

export type Counter = ReturnType<typeof makeCounter>
