import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import type { Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type Names, typeName } from './operands.ts'

/** The arguments of `$firstN`, `$lastN`, `$minN` and `$maxN`. */
export const limitedNames: Names = {
  required: ['n', 'input'],
  notObject: (name, spec) => location(5787900, `specification must be an object; found ${name}: ${show(spec)}`),
  unknown: (name, argument) => location(5787901, `Unknown argument for '${name}': ${argument}`),
  missing: (_name, argument) => location(argument === 'n' ? 5787906 : 5787907, `Missing value for '${argument}'`),
}

/** How many values an `n` asks for; it must be a positive integer. */
export const countOf = (n: Value | undefined): number => {
  const count = integerOf(n)
  if (count === undefined) {
    throw location(5787902, `Value for 'n' must be of integral type, but found ${show(n)} (${typeName(n)})`)
  }
  if (count <= 0) throw location(5787908, `'n' must be greater than 0, found ${count}`)
  return count
}
