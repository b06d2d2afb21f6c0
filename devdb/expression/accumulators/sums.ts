import { Decimal128, Long } from 'bson'
import { divideDecimals } from '../../bson/decimal.ts'
import {
  arithmetic,
  asDecimal,
  type Exact,
  exactOf,
  makeDouble,
  type Numeric,
  subtractExact,
  toDecimal,
  toNumber,
} from '../../bson/numbers.ts'
import { isInt32, type Kind, kindOf, type Value } from '../../bson/values.ts'

/** A sum of doubles that carries its rounding error along, so that the order of the summands hardly matters. */
const makeCompensated = () => {
  let sum = 0
  let error = 0
  let plain = 0
  return {
    add: (value: number): void => {
      plain += value
      const next = sum + value
      const virtual = next - sum
      error += sum - (next - virtual) + (value - virtual)
      sum = next + error
      error -= sum - next
    },
    parts: (): readonly [number, number] => (Number.isNaN(sum) ? [plain, 0] : [sum, error]),
  }
}

const longOf = (sum: number, error: number): Long | undefined => {
  if (!Number.isFinite(sum)) return undefined
  const exact = BigInt(Math.trunc(sum)) + BigInt(Math.trunc(error))
  return BigInt.asIntN(64, exact) === exact ? Long.fromBigInt(exact) : undefined
}

const trimmed = ({ coefficient, exponent }: Exact): Exact => {
  let [digits, power] = [coefficient, exponent]
  while (power < 0 && digits % 10n === 0n) [digits, power] = [digits / 10n, power + 1]
  return { coefficient: digits, exponent: power }
}

const decimalOf = (sum: number, error: number): Decimal128 => {
  if (!Number.isFinite(sum)) return Decimal128.fromString(String(sum))
  const { coefficient, exponent } = exactOf(makeDouble(error))
  return toDecimal(trimmed(subtractExact(exactOf(makeDouble(sum)), { coefficient: -coefficient, exponent })))
}

/**
 * Sums numbers of all types as `$sum` and `$avg` do: the widest type met is the type of the sum, an int that does not fit
 * becomes a long, a long that does not fit a double; doubles are summed with compensation and decimals apart from them.
 */
export const makeSum = () => {
  const others = makeCompensated()
  let decimals: Numeric | undefined
  let count = 0
  let widest: Kind = 'int'
  const addLong = (value: Long): void => {
    others.add(value.getHighBits() * 4294967296)
    others.add(value.getLowBitsUnsigned())
  }
  const wider = (kind: Kind): void => {
    if (kind === 'decimal' || widest === 'int' || (kind === 'double' && widest === 'long')) widest = kind
  }
  const decimalTotal = (): Decimal128 =>
    asDecimal(arithmetic('+', decimalOf(...others.parts()), decimals ?? 0) as Numeric)
  return {
    add: (value: Numeric): void => {
      const kind = kindOf(value)
      count++
      if (kind !== widest) wider(kind)
      if (kind === 'decimal') decimals = decimals === undefined ? value : (arithmetic('+', decimals, value) as Numeric)
      else if (kind === 'long') addLong(value as Long)
      else others.add(toNumber(value))
    },
    sum: (): Value => {
      if (widest === 'decimal') return decimalTotal()
      const [sum, error] = others.parts()
      const exact = widest === 'double' ? undefined : longOf(sum, error)
      if (exact === undefined) return makeDouble(sum)
      return widest === 'int' && isInt32(exact.toNumber()) ? exact.toNumber() : exact
    },
    average: (): Value => {
      if (count === 0) return null
      if (widest === 'decimal') return divideDecimals(decimalTotal(), Decimal128.fromString(String(count)))
      return makeDouble(others.parts()[0] / count)
    },
  }
}

/** Mean and deviations in one pass (Welford); null where there are too few numbers. */
export const makeDeviation = () => {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add: (value: number): void => {
      count++
      const delta = value - mean
      mean += delta / count
      squares += delta * (value - mean)
    },
    population: (): Value => (count < 1 ? null : makeDouble(Math.sqrt(squares / count))),
    sample: (): Value => (count < 2 ? null : makeDouble(Math.sqrt(squares / (count - 1)))),
  }
}
