import { showDoc } from '../bson/show.ts'
import { type Doc, fieldNames, fieldsOf, getField, isDoc, setField, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import { checkFieldName, parseReference } from './fieldPath.ts'
import { constantOf, folded, type Parser } from './operands.ts'
import { operators } from './operators.ts'

/** What an expression is evaluated on: the document, and the variables bound around it on top of the scope's. */
export type Env = {
  readonly root: Value | undefined
  readonly variables: ReadonlyMap<string, Value | undefined>
}

/** A parsed expression; `evaluate` answers undefined for a missing value. A `constant` one does not look at its Env. */
export type Expression = {
  readonly evaluate: (env: Env) => Value | undefined
  readonly constant: boolean
}

const noVariables: ReadonlyMap<string, Value | undefined> = new Map()

/** The Env of a document alone. */
export const envOf = (root: Value | undefined): Env => ({ root, variables: noVariables })

const objectLiteral = (spec: Doc, parser: Parser): Expression => {
  const fields = fieldsOf(spec).map(([name, value]): [string, Expression] => {
    checkFieldName(name)
    return [name, parser.parse(value)]
  })
  return folded(
    fields.map(([, field]) => field),
    (env) => {
      const result: Doc = {}
      for (const [name, field] of fields) {
        const value = field.evaluate(env)
        if (value !== undefined) setField(result, name, value)
      }
      return result
    },
  )
}

const arrayLiteral = (spec: readonly Value[], parser: Parser): Expression => {
  const items = spec.map(parser.parse)
  return folded(items, (env) => items.map((item) => item.evaluate(env) ?? null))
}

const operation = (name: string, spec: Doc, parser: Parser): Expression => {
  const [, ...others] = fieldNames(spec)
  if (others.length > 0) {
    throw location(15983, `An object representing an expression must have exactly one field: ${showDoc(spec)}`)
  }
  const operator = operators.get(name)
  if (operator === undefined) throw failure('InvalidPipelineOperator', `Unrecognized expression '${name}'`)
  return operator(getField(spec, name) ?? null, parser, name)
}

const parserOf = (scope: Scope, names: ReadonlySet<string>): Parser => {
  const parser: Parser = {
    scope,
    parse: (spec) => {
      if (typeof spec === 'string') {
        return spec.startsWith('$') ? parseReference(spec, scope, names) : constantOf(spec)
      }
      if (Array.isArray(spec)) return arrayLiteral(spec, parser)
      if (!isDoc(spec)) return constantOf(spec)
      const [first] = fieldNames(spec)
      return first?.startsWith('$') ? operation(first, spec, parser) : objectLiteral(spec, parser)
    },
    knowing: (more) => parserOf(scope, new Set([...names, ...more])),
  }
  return parser
}

const noNames: ReadonlySet<string> = new Set()

/** The parser of a scope, for what contains expressions without being one. */
export const parserFor = (scope: Scope): Parser => parserOf(scope, noNames)

/**
 * Parses an aggregation expression: a literal, `"$field.path"`, `"$$variable"`, `{$operator: arguments}`, or an object or
 * array of these. Constant parts are evaluated here, once. Throws MongoDB's error for an unknown operator or variable, a
 * wrong number of arguments or a malformed path; `evaluate` throws it for wrong types.
 */
export const parseExpression = (spec: Value, scope: Scope): Expression => parserFor(scope).parse(spec)
