import { type Doc, fieldNames, fieldsOf, getField, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { nonNegativeInteger } from '../integers.ts'
import { compileRegex } from '../regex.ts'
import { isString, type Keyword, type Keywords, malformed, mistyped, type Rule, type Schema } from './rule.ts'

/** The names listed, each once; `wrongType` and `twice` word the errors. */
const namesOf = (
  list: readonly Value[],
  errors: { wrongType: (item: Value) => Error; twice: (name: string) => Error },
) => {
  const names = new Set<string>()
  for (const item of list) {
    if (!isString(item)) throw errors.wrongType(item)
    if (names.has(item)) throw errors.twice(item)
    names.add(item)
  }
  return [...names].sort()
}

const missingIn = (value: Value, names: readonly string[]): string[] =>
  isDoc(value) ? names.filter((name) => getField(value, name) === undefined) : []

const required: Keyword = (argument) => {
  if (!Array.isArray(argument)) throw mistyped('required', `an array, but found an element of type ${kindOf(argument)}`)
  if (argument.length === 0) throw malformed('required', 'cannot be an empty array')
  const names = namesOf(argument, {
    wrongType: (item) => mistyped('required', `an array of strings, but found an element of type: ${kindOf(item)}`),
    twice: () => malformed('required', 'array cannot contain duplicate values'),
  })
  return {
    holds: (value) => missingIn(value, names).length === 0,
    explain: (value) => ({
      operatorName: 'required',
      specifiedAs: { required: argument },
      missingProperties: missingIn(value, names),
    }),
  }
}

const properties: Keyword = (argument, { parse }) => {
  if (!isDoc(argument)) throw mistyped('properties', 'an object')
  const schemas = fieldsOf(argument).map(([name, schema]): [string, Schema] => {
    if (isDoc(schema)) return [name, parse(schema)]
    throw failure('TypeMismatch', `Nested schema for $jsonSchema property '${name}' must be an object`)
  })
  const broken = (value: Value) =>
    isDoc(value)
      ? schemas.flatMap(([name, schema]) => {
          const property = getField(value, name)
          return property === undefined || schema.holds(property) ? [] : [{ name, schema, property }]
        })
      : []
  return {
    holds: (value) => broken(value).length === 0,
    explain: (value) => ({
      operatorName: 'properties',
      propertiesNotSatisfied: broken(value).map(({ name, schema, property }) => ({
        propertyName: name,
        ...schema.annotations,
        details: schema.explain(property),
      })),
    }),
  }
}

type Pattern = { readonly source: string; readonly regex: RegExp; readonly schema: Schema }

const patternsOf = (argument: Value | undefined, parse: (schema: Doc) => Schema): Pattern[] => {
  if (argument === undefined) return []
  if (!isDoc(argument)) throw mistyped('patternProperties', 'an object')
  return fieldsOf(argument).map(([source, schema]) => {
    if (!isDoc(schema)) throw malformed('patternProperties', `has property '${source}' which is not an object`)
    return { source, regex: compileRegex(source, ''), schema: parse(schema) }
  })
}

const patternProperties: Keyword = (argument, { parse }) => {
  const patterns = patternsOf(argument, parse)
  const failing = (value: Value, { regex, schema }: Pattern): [string, Value] | undefined =>
    isDoc(value) ? fieldsOf(value).find(([name, item]) => regex.test(name) && !schema.holds(item)) : undefined
  return {
    holds: (value) => !patterns.some((pattern) => failing(value, pattern) !== undefined),
    explain: (value) => ({
      operatorName: 'patternProperties',
      details: patterns.flatMap((pattern): Doc[] => {
        const found = failing(value, pattern)
        if (found === undefined) return []
        const [propertyName, item] = found
        const { annotations, explain } = pattern.schema
        return [{ propertyName, ...annotations, regexMatched: pattern.source, details: explain(item) }]
      }),
    }),
  }
}

const noneMore = (argument: boolean, additional: (value: Value) => string[]): Rule => ({
  holds: (value) => argument || additional(value).length === 0,
  explain: (value) => ({
    operatorName: 'additionalProperties',
    specifiedAs: { additionalProperties: argument },
    additionalProperties: additional(value),
  }),
})

const eachMore = (schema: Schema, additional: (value: Value) => string[]): Rule => {
  const failing = (value: Value): string | undefined =>
    isDoc(value) ? additional(value).find((name) => !schema.holds(value[name] ?? null)) : undefined
  return {
    holds: (value) => failing(value) === undefined,
    explain: (value) => {
      const name = failing(value) ?? ''
      return {
        operatorName: 'additionalProperties',
        ...schema.annotations,
        reason: 'at least one additional property did not match the subschema',
        failingProperty: name,
        details: schema.explain((isDoc(value) ? value[name] : undefined) ?? null),
      }
    },
  }
}

const additionalProperties: Keyword = (argument, { schema, parse }) => {
  const named = isDoc(schema.properties ?? null) ? (schema.properties as Doc) : {}
  const patterns = patternsOf(schema.patternProperties, parse)
  const additional = (value: Value): string[] =>
    isDoc(value)
      ? fieldNames(value).filter(
          (name) => !Object.hasOwn(named, name) && !patterns.some(({ regex }) => regex.test(name)),
        )
      : []
  if (typeof argument === 'boolean') return noneMore(argument, additional)
  if (!isDoc(argument)) throw mistyped('additionalProperties', 'an object or a boolean')
  return eachMore(parse(argument), additional)
}

const count =
  (name: string, accepts: (length: number, limit: number) => boolean): Keyword =>
  (argument) => {
    const limit = nonNegativeInteger(name, argument)
    const countOf = (value: Value): number => (isDoc(value) ? Object.keys(value).length : 0)
    return {
      holds: (value) => !isDoc(value) || accepts(countOf(value), limit),
      explain: (value) => ({
        operatorName: name,
        specifiedAs: { [name]: argument },
        reason: 'specified number of properties was not satisfied',
        numberOfProperties: countOf(value),
      }),
    }
  }

type Dependency = { readonly holds: (value: Doc) => boolean; readonly explain: (value: Doc) => Doc }

const dependencyOf = (name: string, argument: Value, parse: (schema: Doc) => Schema): Dependency => {
  if (isDoc(argument)) {
    const schema = parse(argument)
    return { holds: schema.holds, explain: (value) => ({ details: schema.explain(value) }) }
  }
  const where = `array '${name}' in $jsonSchema keyword 'dependencies'`
  if (!Array.isArray(argument))
    throw failure(
      'TypeMismatch',
      `property '${name}' in $jsonSchema keyword 'dependencies' must be either an object or an array`,
    )
  if (argument.length === 0)
    throw failure('FailedToParse', `property '${name}' in $jsonSchema keyword 'dependencies' cannot be an empty array`)
  const names = namesOf(argument, {
    wrongType: (item) =>
      failure('TypeMismatch', `${where} can only contain strings, but found element of type: ${kindOf(item)}`),
    twice: (twice) => failure('FailedToParse', `${where} contains duplicate element: ${twice}`),
  })
  return {
    holds: (value) => missingIn(value, names).length === 0,
    explain: (value) => ({ missingProperties: missingIn(value, names) }),
  }
}

const dependencies: Keyword = (argument, { parse }) => {
  if (!isDoc(argument)) throw mistyped('dependencies', 'an object')
  const all = fieldsOf(argument).map(([name, item]) => ({ name, ...dependencyOf(name, item, parse) }))
  const failing = (value: Value) =>
    isDoc(value) ? all.filter(({ name, holds }) => getField(value, name) !== undefined && !holds(value)) : []
  return {
    holds: (value) => failing(value).length === 0,
    explain: (value) => ({
      operatorName: 'dependencies',
      failingDependencies: failing(value).map(({ name, explain }) => ({
        conditionalProperty: name,
        ...explain(value as Doc),
      })),
    }),
  }
}

export const objectKeywords: Keywords = {
  properties,
  additionalProperties,
  patternProperties,
  required,
  minProperties: count('minProperties', (length, limit) => length >= limit),
  maxProperties: count('maxProperties', (length, limit) => length <= limit),
  dependencies,
}
