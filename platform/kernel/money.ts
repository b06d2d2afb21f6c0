import { ShopError } from './errors.ts'

/** An amount in minor units (cents, yen, fils) of one currency: always an integer below 2^53 (rule R1). */
export interface Money {
  readonly minor: number
  readonly currency: string
}

/** Money on the wire: the decimal string a person reads, and the ISO 4217 code. */
export interface WireMoney {
  readonly amount: string
  readonly currencyCode: string
}

const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export const isCurrency = (code: string): boolean => known.has(code)

// The exponents of ISO 4217 that are not 2. Not taken from Intl: its digits are those in daily use (HUF 0, IQD 0), and they
// change with the ICU of the runtime, while a stored amount must mean the same for ever.
const exponents: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
])

/** How many decimal digits the currency has (ISO 4217 exponent): EUR 2, JPY 0, KWD 3. */
export const exponent = (currency: string): number => exponents.get(currency) ?? 2

const checked = (minor: number, currency: string): Money => {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} ${currency} is not a safe integer of minor units`)
  return { minor, currency }
}

export const money = (minor: number, currency: string): Money => checked(minor, currency)

export const zero = (currency: string): Money => ({ minor: 0, currency })

const sameCurrency = (a: Money, b: Money): void => {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`)
}

export const add = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  return checked(a.minor + b.minor, a.currency)
}

export const subtract = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  return checked(a.minor - b.minor, a.currency)
}

export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency))

export const multiply = (a: Money, times: number): Money => checked(a.minor * times, a.currency)

export const isSame = (a: Money, b: Money): boolean => a.currency === b.currency && a.minor === b.minor

/**
 * The share `part / whole` of an integer amount, rounded half away from zero: the one rounding rule of the shop (R1).
 * Exact for every safe integer, because it computes in BigInt.
 * @throws RangeError when `whole` is zero or the share is beyond 2^53.
 */
export const proportion = (minor: number, part: number, whole: number): number => {
  const numerator = BigInt(minor) * BigInt(part) * (whole < 0 ? -1n : 1n)
  const denominator = BigInt(Math.abs(whole))
  const sign = numerator < 0n ? -1n : 1n
  const share = Number(sign * ((sign * numerator * 2n + denominator) / (denominator * 2n)))
  if (!Number.isSafeInteger(share)) throw new RangeError(`${part}/${whole} of ${minor} is not a safe integer`)
  return share
}

/**
 * Splits an amount by weights with the largest-remainder method: the parts always add up to the whole (R1).
 * Equal remainders go to the earlier part. All weights zero: everything goes to the first part.
 * @throws RangeError when a weight is negative or not an integer, or when there is no part to give the amount to.
 */
export const allocate = (whole: Money, weights: readonly number[]): Money[] => {
  if (weights.length === 0 && whole.minor !== 0) throw new RangeError('an amount cannot be split into no parts')
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0))
    throw new RangeError('a weight must be a safe integer, not negative')
  const amount = BigInt(whole.minor)
  const total = weights.reduce((a, weight) => a + BigInt(weight), 0n)
  const divisor = total > 0n ? total : 1n
  const shares = weights.map((weight, index) => {
    const product = amount * (total > 0n ? BigInt(weight) : index === 0 ? 1n : 0n)
    const floor = product / divisor - (product % divisor < 0n ? 1n : 0n)
    return { index, floor, remainder: product - floor * divisor }
  })
  const left = Number(amount - shares.reduce((a, share) => a + share.floor, 0n))
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )
  const rounded = new Set(byRemainder.slice(0, left).map(({ index }) => index))
  return shares.map(({ index, floor }) => checked(Number(floor) + (rounded.has(index) ? 1 : 0), whole.currency))
}

/** `1234 EUR` -> `"12.34"`, `1234 JPY` -> `"1234"`. */
export const toDecimal = ({ minor, currency }: Money): string => {
  const digits = exponent(currency)
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const sign = minor < 0 ? '-' : ''
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

export const toWire = (amount: Money): WireMoney => ({ amount: toDecimal(amount), currencyCode: amount.currency })

/** `null` when the text is not a decimal number, has more digits than the currency, or is beyond 2^53 minor units. */
export const fromDecimal = (text: string, currency: string): Money | null => {
  const match = /^(-?)(\d{1,16})(?:\.(\d{1,8}))?$/.exec(text)
  if (!match) return null
  const [, sign = '', whole = '0', fraction = ''] = match
  const digits = exponent(currency)
  if (fraction.slice(digits).replaceAll('0', '') !== '') return null
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? { minor: sign === '' || minor === 0 ? minor : -minor, currency } : null
}

/**
 * Money from a sibling, which is trusted to be exact.
 * @throws RangeError for anything else: that is a fault, not a refusal
 */
export const fromWire = ({ amount, currencyCode }: WireMoney): Money => {
  const parsed = fromDecimal(amount, currencyCode)
  if (parsed) return parsed
  throw new RangeError(`"${amount}" ${currencyCode} is not an amount of money`)
}

/**
 * Money from a client's `MoneyInput`.
 * @throws ShopError BAD_USER_INPUT naming `field` for an unknown currency or an amount that is not exact in it.
 */
export const parseMoney = (input: WireMoney, field: readonly string[]): Money => {
  if (!isCurrency(input.currencyCode)) {
    throw new ShopError('BAD_USER_INPUT', `"${input.currencyCode}" is not an ISO 4217 currency code.`, [
      ...field,
      'currencyCode',
    ])
  }
  const parsed = fromDecimal(input.amount, input.currencyCode)
  if (parsed) return parsed
  const digits = exponent(input.currencyCode)
  throw new ShopError(
    'BAD_USER_INPUT',
    `"${input.amount}" is not an amount of ${input.currencyCode} with at most ${digits} decimal digits.`,
    [...field, 'amount'],
  )
}
