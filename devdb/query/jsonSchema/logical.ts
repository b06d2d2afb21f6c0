import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import {
  type Context,
  type Keyword,
  type Keywords,
  leaf,
  malformed,
  mistyped,
  type Schema,
  unorderedKey,
} from './rule.ts'

const schemasOf = (name: string, argument: Value, { parse }: Context): Schema[] => {
  if (!Array.isArray(argument)) throw mistyped(name, 'an array')
  if (argument.length === 0) throw failure('BadValue', `$jsonSchema keyword '${name}' must be a non-empty array`)
  return argument.map((item) => {
    if (isDoc(item)) return parse(item)
    throw mistyped(name, `an array of objects, but found an element of type ${kindOf(item)}`)
  })
}

/** Which of the schemas a value breaks, and how. */
const notSatisfied = (schemas: readonly Schema[], value: Value): Doc[] =>
  schemas.flatMap((schema, index) =>
    schema.holds(value) ? [] : [{ index, ...schema.annotations, details: schema.explain(value) }],
  )

const combined =
  (name: string, accepts: (matching: number, all: number) => boolean): Keyword =>
  (argument, context) => {
    const schemas = schemasOf(name, argument, context)
    return {
      holds: (value) => accepts(schemas.filter(({ holds }) => holds(value)).length, schemas.length),
      explain: (value) => ({ operatorName: name, schemasNotSatisfied: notSatisfied(schemas, value) }),
    }
  }

const oneOf: Keyword = (argument, context) => {
  const schemas = schemasOf('oneOf', argument, context)
  const matching = (value: Value): number[] => schemas.flatMap(({ holds }, index) => (holds(value) ? [index] : []))
  return {
    holds: (value) => matching(value).length === 1,
    explain: (value): Doc => {
      const indexes = matching(value)
      if (indexes.length === 0) return { operatorName: 'oneOf', schemasNotSatisfied: notSatisfied(schemas, value) }
      return { operatorName: 'oneOf', reason: 'more than one subschema matched', matchingSchemaIndexes: indexes }
    },
  }
}

const not: Keyword = (argument, { parse }) => {
  if (!isDoc(argument)) throw mistyped('not', `an object, but found an element of type ${kindOf(argument)}`)
  const schema = parse(argument)
  return {
    holds: (value) => !schema.holds(value),
    explain: () => ({ operatorName: 'not', reason: 'child expression matched' }),
  }
}

const among: Keyword = (argument) => {
  if (!Array.isArray(argument)) throw mistyped('enum', `an array, but found an element of type ${kindOf(argument)}`)
  if (argument.length === 0) throw malformed('enum', 'cannot be an empty array')
  const keys = new Set(argument.map(unorderedKey))
  if (keys.size !== argument.length) throw malformed('enum', 'array cannot contain duplicate values.')
  return leaf({
    name: 'enum',
    argument,
    reason: 'value was not found in enum',
    holds: (value) => keys.has(unorderedKey(value)),
  })
}

export const logicalKeywords: Keywords = {
  allOf: combined('allOf', (matching, all) => matching === all),
  anyOf: combined('anyOf', (matching) => matching > 0),
  oneOf,
  not,
  enum: among,
}
