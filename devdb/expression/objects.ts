import { type Doc, getField, isDoc, setField, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Expression } from './expression.ts'
import {
  constantOf,
  constantValue,
  folded,
  isNullish,
  type Names,
  namedSpecs,
  type Operator,
  type Operators,
  type Parser,
  typeName,
} from './operands.ts'

const getNames: Names = {
  required: ['field', 'input'],
  notObject: (name, spec) => location(3041701, `${name} expects an object or string, found: ${typeName(spec)}`),
  unknown: (name, argument) => location(3041701, `${name} found an unknown argument: ${argument}`),
  missing: (name, argument) =>
    location(argument === 'field' ? 3041702 : 3041703, `${name} requires '${argument}' to be specified`),
}

/** Whether the name of a field is written out; one an expression computes is not, even if it comes to a constant. */
const isWritten = (spec: Value): boolean => {
  if (!isDoc(spec)) return !Array.isArray(spec)
  const [operator] = Object.keys(spec)
  return operator === '$literal' || operator === '$const'
}

/** The name in `field`: a constant string, which may contain dots and begin with a dollar when it stands in `$literal`. */
const fieldName = (spec: Value, parser: Parser, name: string): Expression => {
  const field = parser.parse(spec)
  if (!field.constant) return field
  const value = constantValue(field)
  if (typeof value === 'string') return field
  throw location(
    isWritten(spec) ? 5654602 : 5654601,
    `${name} requires 'field' to evaluate to a constant, non-nullish string`,
  )
}

const getFieldOperator: Operator = (spec, parser, name) => {
  const short = !isDoc(spec) || Object.keys(spec).some((key) => key.startsWith('$'))
  const given: Doc = short ? { field: spec, input: '$$CURRENT' } : namedSpecs(spec, name, getNames)
  const field = fieldName(given.field ?? null, parser, name)
  const input = parser.parse(given.input ?? null)
  return folded([field, input], (env) => {
    const key = field.evaluate(env)
    if (typeof key !== 'string') {
      throw location(3041704, `${name} requires 'field' to evaluate to type String, but got ${typeName(key)}`)
    }
    const object = input.evaluate(env)
    if (object === null) return null
    return isDoc(object) ? getField(object, key) : undefined
  })
}

const setNames = (names: readonly string[], codes: ReadonlyMap<string, number>): Names => ({
  required: names,
  notObject: (name, spec) => location(4161100, `${name} requires an object as an argument, found: ${typeName(spec)}`),
  unknown: (name, argument) => location(4161101, `${name} found an unknown argument: ${argument}`),
  missing: (name, argument) =>
    location(codes.get(argument) ?? 4161102, `${name} requires '${argument}' to be specified`),
})

const setFieldNames = setNames(
  ['field', 'value', 'input'],
  new Map([
    ['field', 4161102],
    ['value', 4161103],
    ['input', 4161109],
  ]),
)

const unsetFieldNames = setNames(
  ['field', 'input'],
  new Map([
    ['field', 4161102],
    ['input', 4161109],
  ]),
)

const constantName = (spec: Value, parser: Parser, name: string): string => {
  if (typeof spec === 'string' && spec.startsWith('$')) {
    throw location(4161108, `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`)
  }
  const field = parser.parse(spec)
  if (!field.constant || !isWritten(spec)) {
    throw location(4161106, `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`)
  }
  const value = constantValue(field)
  if (typeof value === 'string') return value
  throw location(4161107, `${name} requires 'field' to evaluate to type String, but got ${typeName(value)}`)
}

const withField = (object: Doc, name: string, value: Value | undefined): Doc => {
  const result: Doc = { ...object }
  if (value === undefined) delete result[name]
  else setField(result, name, value)
  return result
}

const assigning =
  (names: Names): Operator =>
  (spec, parser, name) => {
    const given = namedSpecs(spec, name, names)
    const field = constantName(given.field ?? null, parser, name)
    const input = parser.parse(given.input ?? null)
    const value = given.value === undefined ? constantOf(undefined) : parser.parse(given.value)
    return folded([input, value], (env) => {
      const object = input.evaluate(env)
      if (isNullish(object)) return null
      if (!isDoc(object)) throw location(4161105, `${name} requires 'input' to evaluate to type Object`)
      return withField(object, field, value.evaluate(env))
    })
  }

export const objectOperators: Operators = {
  $getField: getFieldOperator,
  $setField: assigning(setFieldNames),
  $unsetField: assigning(unsetFieldNames),
}
