import { quantizeExact } from '../../bson/decimal.ts'
import { exactOf, fitsInt64, integerOf, type Numeric } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { isNumeric, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { type Names, typeName } from '../operands.ts'

/** The arguments of `$firstN`, `$lastN`, `$minN` and `$maxN`. */
export const limitedNames: Names = {
  required: ['n', 'input'],
  notObject: (name, spec) => location(5787900, `specification must be an object; found ${name}: ${show(spec)}`),
  unknown: (name, argument) => location(5787901, `Unknown argument for '${name}': ${argument}`),
  missing: (_name, argument) => location(argument === 'n' ? 5787906 : 5787907, `Missing value for '${argument}'`),
}

const isInt64 = (n: Numeric, whole: number): boolean =>
  Number.isSafeInteger(whole) || fitsInt64(quantizeExact(exactOf(n), 0, 'zero').coefficient)

/** How many values an `n` asks for; it must be a positive integer. */
export const countOf = (n: Value | undefined): number => {
  if (n === undefined || !isNumeric(n)) {
    throw location(5787902, `Value for 'n' must be of integral type, but found ${show(n)} (${typeName(n)})`)
  }
  const count = integerOf(n)
  if (count === undefined || !isInt64(n, count)) {
    throw location(5787903, `Value for 'n' must be of integral type, but found ${show(n)}`)
  }
  if (count <= 0) throw location(5787908, `'n' must be greater than 0, found ${count}`)
  return count
}
