import { type Collation, withEqualityKeys } from '../bson/collation.ts'
import { encodeKey } from '../bson/keys.ts'
import { compare } from '../bson/order.ts'
import type { Value } from '../bson/values.ts'

/** Equal values, and only those, have one key; under a collation strings are equal as it says. */
export const equalityKeyOf = (value: Value, collation: Collation | undefined): string =>
  encodeKey(withEqualityKeys(value, collation))

/** The order of values under a collation. */
export const compareUnder =
  (collation: Collation | undefined) =>
  (a: Value, b: Value): number =>
    compare(a, b, collation)
