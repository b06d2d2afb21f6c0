import { isDoc, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Expression } from './expression.ts'
import {
  constantOf,
  counted,
  folded,
  isNullish,
  isTruthy,
  type Names,
  namedSpecs,
  type Operator,
  type Operators,
  operandsOf,
  type Parser,
  typeName,
} from './operands.ts'

const condCodes: ReadonlyMap<string, number> = new Map([
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
])

const condNames: Names = {
  required: ['if', 'then', 'else'],
  notObject: () => location(17083, '$cond only supports an object or three arguments'),
  unknown: (_name, argument) => location(17083, `Unrecognized parameter to $cond: ${argument}`),
  missing: (_name, argument) => location(condCodes.get(argument) ?? 17080, `Missing '${argument}' parameter to $cond`),
}

const condOperands = (spec: Value, parser: Parser, name: string): Expression[] => {
  if (!isDoc(spec)) {
    const operands = operandsOf(spec, parser)
    counted(name, operands, 3)
    return operands
  }
  const named = namedSpecs(spec, name, condNames)
  return condNames.required.map((argument) => parser.parse(named[argument] ?? null))
}

const condOperator: Operator = (spec, parser, name) => {
  const operands = condOperands(spec, parser, name)
  const [condition = constantOf(null), then = constantOf(null), otherwise = constantOf(null)] = operands
  return folded(operands, (env) => (isTruthy(condition.evaluate(env)) ? then : otherwise).evaluate(env))
}

const ifNullOperator: Operator = (spec, parser) => {
  const operands = operandsOf(spec, parser)
  if (operands.length < 2) {
    throw location(1257300, `$ifNull needs at least two arguments, had: ${operands.length}`)
  }
  return folded(operands, (env) => {
    let value: Value | undefined
    for (const operand of operands) {
      value = operand.evaluate(env)
      if (!isNullish(value)) return value
    }
    return value
  })
}

const branchNames: Names = {
  required: ['case', 'then'],
  notObject: (_name, spec) => location(40062, `$switch expected each branch to be an object, found: ${typeName(spec)}`),
  unknown: (_name, argument) => location(40063, `$switch found an unknown argument to a branch: ${argument}`),
  missing: (_name, argument) =>
    argument === 'case'
      ? location(40064, "$switch requires each branch have a 'case' expression")
      : location(40065, "$switch requires each branch have a 'then' expression."),
}

const switchNames: Names = {
  required: [],
  optional: ['branches', 'default'],
  notObject: (_name, spec) => location(40060, `$switch requires an object as an argument, found: ${typeName(spec)}`),
  unknown: (_name, argument) => location(40067, `$switch found an unknown argument: ${argument}`),
  missing: () => location(40068, '$switch requires at least one branch.'),
}

type Branch = { readonly condition: Expression; readonly result: Expression }

const switchOperator: Operator = (spec, parser, name) => {
  const { branches = [], default: fallback } = namedSpecs(spec, name, switchNames)
  if (!Array.isArray(branches)) {
    throw location(40061, `$switch expected an array for 'branches', found: ${typeName(branches)}`)
  }
  const parsed = branches.map((branch): Branch => {
    const named = namedSpecs(branch, name, branchNames)
    return { condition: parser.parse(named.case ?? null), result: parser.parse(named.then ?? null) }
  })
  if (parsed.length === 0) throw location(40068, '$switch requires at least one branch.')
  const otherwise = fallback === undefined ? undefined : parser.parse(fallback)
  return {
    constant: false,
    evaluate: (env) => {
      for (const { condition, result } of parsed) if (isTruthy(condition.evaluate(env))) return result.evaluate(env)
      if (otherwise !== undefined) return otherwise.evaluate(env)
      throw location(40066, '$switch could not find a matching branch for an input, and no default was specified.')
    },
  }
}

export const conditionalOperators: Operators = {
  $cond: condOperator,
  $ifNull: ifNullOperator,
  $switch: switchOperator,
}
