import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { nonNegativeInteger } from '../integers.ts'
import { type Keyword, type Keywords, leaf, mistyped, type Rule, type Schema, unorderedKey } from './rule.ts'

const count =
  (name: string, accepts: (length: number, limit: number) => boolean): Keyword =>
  (argument) => {
    const limit = nonNegativeInteger(name, argument)
    return leaf({
      name,
      argument,
      reason: 'array did not match specified length',
      holds: (value) => !Array.isArray(value) || accepts(value.length, limit),
      more: (value) => ({ numberOfItems: Array.isArray(value) ? value.length : 0 }),
    })
  }

const duplicateIn = (value: Value): Value | undefined => {
  if (!Array.isArray(value)) return undefined
  const seen = new Set<string>()
  return value.find((item) => seen.size === seen.add(unorderedKey(item)).size)
}

const uniqueItems: Keyword = (argument) => {
  if (typeof argument !== 'boolean') throw mistyped('uniqueItems', 'a boolean')
  return leaf({
    name: 'uniqueItems',
    argument,
    reason: 'found a duplicate item',
    holds: (value) => !argument || duplicateIn(value) === undefined,
    more: (value) => ({ duplicatedValue: duplicateIn(value) ?? null }),
  })
}

/** One schema for all items from `start` on; the first that breaks it is reported. */
const allItems = (name: string, schema: Schema, start: number): Rule => {
  const failing = (value: Value): number =>
    Array.isArray(value) ? value.findIndex((item, index) => index >= start && !schema.holds(item)) : -1
  const reason = `At least one ${name === 'items' ? 'item' : 'additional item'} did not match the sub-schema`
  return {
    holds: (value) => failing(value) < 0,
    explain: (value) => {
      const itemIndex = failing(value)
      const item = Array.isArray(value) ? (value[itemIndex] ?? null) : null
      return { operatorName: name, ...schema.annotations, reason, itemIndex, details: schema.explain(item) }
    },
  }
}

const itemByItem = (schemas: readonly Schema[]): Rule => {
  const itemOf = (value: Value, index: number): Value | undefined => (Array.isArray(value) ? value[index] : undefined)
  const breaks = (value: Value, schema: Schema, index: number): boolean => {
    const item = itemOf(value, index)
    return item !== undefined && !schema.holds(item)
  }
  return {
    holds: (value) => !schemas.some((schema, index) => breaks(value, schema, index)),
    explain: (value) => ({
      operatorName: 'items',
      details: schemas.flatMap((schema, itemIndex): Doc[] =>
        breaks(value, schema, itemIndex)
          ? [{ itemIndex, ...schema.annotations, details: schema.explain(itemOf(value, itemIndex) ?? null) }]
          : [],
      ),
    }),
  }
}

const items: Keyword = (argument, { parse }) => {
  if (isDoc(argument)) return allItems('items', parse(argument), 0)
  if (!Array.isArray(argument)) throw mistyped('items', `an array or an object, not ${kindOf(argument)}`)
  return itemByItem(
    argument.map((item) => {
      if (isDoc(item)) return parse(item)
      throw failure(
        'TypeMismatch',
        `$jsonSchema keyword 'items' requires that each element of the array is an object, but found a ${kindOf(item)}`,
      )
    }),
  )
}

const none: Rule = { holds: () => true, explain: () => [] }

/** Counts only behind `items` given as a list. */
const additionalItems: Keyword = (argument, { schema, parse }) => {
  const start = Array.isArray(schema.items) ? schema.items.length : Number.POSITIVE_INFINITY
  if (isDoc(argument)) {
    const each = parse(argument)
    return start === Number.POSITIVE_INFINITY ? none : allItems('additionalItems', each, start)
  }
  if (typeof argument !== 'boolean')
    throw mistyped('additionalItems', `either an object or a boolean, but got a ${kindOf(argument)}`)
  return {
    holds: (value) => argument || !Array.isArray(value) || value.length <= start,
    explain: (value) => ({
      operatorName: 'additionalItems',
      specifiedAs: { additionalItems: argument },
      reason: 'found additional items',
      additionalItems: Array.isArray(value) ? value.slice(start) : [],
    }),
  }
}

export const arrayKeywords: Keywords = {
  minItems: count('minItems', (length, limit) => length >= limit),
  maxItems: count('maxItems', (length, limit) => length <= limit),
  uniqueItems,
  items,
  additionalItems,
}
