import { type Collation, withEqualityKeys } from '../bson/collation.ts'
import { encodeKey } from '../bson/keys.ts'
import { compare } from '../bson/order.ts'
import { kindOf, type Value } from '../bson/values.ts'

/** MongoDB's order of all values and of missing, which stands between MinKey and null; strings by the collation. */
export const compareValues = (a: Value | undefined, b: Value | undefined, collation?: Collation): number => {
  if (a !== undefined && b !== undefined) return compare(a, b, collation)
  if (a === b) return 0
  const missingFirst = kindOf(a ?? b ?? null) !== 'minKey'
  return (a === undefined) === missingFirst ? -1 : 1
}

/** Values that are equal, and only those, have one key. */
export const keyOf = (value: Value, collation?: Collation): string => encodeKey(withEqualityKeys(value, collation))
