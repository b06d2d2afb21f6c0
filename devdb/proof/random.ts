/** A source of repeatable chance: the same seed gives the same choices on every machine (mulberry32). */
export const makeRandom = (seed: number) => {
  let state = seed >>> 0

  /** A number in [0, 1). */
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  const between = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1))

  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[between(0, choices.length - 1)] ?? choices[0]

  return {
    between,
    pick,
    bytes: (length: number): Buffer => Buffer.from(Array.from({ length }, () => between(0, 255))),
  }
}

export type Random = ReturnType<typeof makeRandom>
