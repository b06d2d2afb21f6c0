/** A series of preferred numbers (ISO 3, IEC 60063, powers of two): buckets may be rounded outwards to them. */
export type Series = {
  /** The smallest member above the value; 0 stays 0. */
  readonly roundUp: (value: number) => number
  /** The greatest member below the value; 0 stays 0. */
  readonly roundDown: (value: number) => number
}

const r80 = [
  1, 1.03, 1.06, 1.09, 1.12, 1.15, 1.18, 1.22, 1.25, 1.28, 1.32, 1.36, 1.4, 1.45, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8,
  1.85, 1.9, 1.95, 2, 2.06, 2.12, 2.18, 2.24, 2.3, 2.36, 2.43, 2.5, 2.58, 2.65, 2.72, 2.8, 2.9, 3, 3.07, 3.15, 3.25,
  3.35, 3.45, 3.55, 3.65, 3.75, 3.87, 4, 4.12, 4.25, 4.37, 4.5, 4.62, 4.75, 4.87, 5, 5.15, 5.3, 5.45, 5.6, 5.8, 6, 6.15,
  6.3, 6.5, 6.7, 6.9, 7.1, 7.3, 7.5, 7.75, 8, 8.25, 8.5, 8.75, 9, 9.25, 9.5, 9.75,
]

const e24 = [
  1, 1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2, 2.2, 2.4, 2.7, 3, 3.3, 3.6, 3.9, 4.3, 4.7, 5.1, 5.6, 6.2, 6.8, 7.5, 8.2, 9.1,
]

// One member of E192 is not what the formula gives: IEC 60063 has 9.20 for 9.19.
const e192 = Array.from({ length: 192 }, (_, index) =>
  index === 185 ? 9.2 : Math.round(10 ** (index / 192) * 100) / 100,
)

const everyNth = (numbers: readonly number[], step: number): number[] =>
  numbers.filter((_, index) => index % step === 0)

const decades: Readonly<Record<string, readonly number[]>> = {
  R5: everyNth(r80, 16),
  R10: everyNth(r80, 8),
  R20: everyNth(r80, 4),
  R40: everyNth(r80, 2),
  R80: r80,
  '1-2-5': [1, 2, 5],
  E6: everyNth(e24, 4),
  E12: everyNth(e24, 2),
  E24: e24,
  E48: everyNth(e192, 4),
  E96: everyNth(e192, 2),
  E192: e192,
}

const decimalSeries = (numbers: readonly number[]): Series => {
  const members = (value: number): number[] => {
    const power = Math.floor(Math.log10(value))
    // Written as text so that 1.2 in the third decade is 1200 and not 1199.9999999999998.
    return [power - 1, power, power + 1].flatMap((exponent) => numbers.map((number) => Number(`${number}e${exponent}`)))
  }
  return {
    roundUp: (value) => (value === 0 ? 0 : (members(value).find((member) => member > value) ?? value)),
    roundDown: (value) => (value === 0 ? 0 : (members(value).findLast((member) => member < value) ?? value)),
  }
}

const powersOfTwo: Series = {
  roundUp: (value) => (value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) + 1)),
  roundDown: (value) => (value === 0 ? 0 : 2 ** (Math.ceil(Math.log2(value)) - 1)),
}

/** The series of a name; undefined when there is none. */
export const seriesOf = (name: string): Series | undefined => {
  if (name === 'POWERSOF2') return powersOfTwo
  const numbers = Object.hasOwn(decades, name) ? decades[name] : undefined
  return numbers === undefined ? undefined : decimalSeries(numbers)
}
