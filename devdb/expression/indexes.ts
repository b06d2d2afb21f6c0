import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isInt32, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { typeName } from './operands.ts'

/** The int32 in a number of any type; undefined when it is none. */
export const int32Of = (value: Value | undefined): number | undefined => {
  const integer = integerOf(value)
  return integer !== undefined && isInt32(integer + 0) ? integer + 0 : undefined
}

/** Where a search begins or ends: an integer not below zero. */
export const searchIndex = (value: Value | undefined, name: string, which: 'starting' | 'ending'): number => {
  const index = int32Of(value)
  if (index === undefined) {
    throw location(
      40096,
      `${name} requires an integral ${which} index, found a value of type: ${typeName(value)}, with value: "${show(value)}"`,
    )
  }
  if (index < 0) throw location(40097, `${name} requires a nonnegative ${which} index, found: ${index}`)
  return index
}
