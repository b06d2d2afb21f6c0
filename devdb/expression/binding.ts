import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isDoc, isInt32, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import type { Env, Expression } from './expression.ts'
import { checkVariableName } from './fieldPath.ts'
import {
  constantOf,
  isNullish,
  isTruthy,
  type Names,
  namedSpecs,
  type Operator,
  type Operators,
  typeName,
} from './operands.ts'

/** The Env around a body whose variables are set anew before each evaluation: one map serves a whole array. */
const inside = ({ root, variables }: Env) => {
  const bound = new Map(variables)
  return { env: { root, variables: bound }, bind: (name: string, value: Value | undefined) => bound.set(name, value) }
}

const letNames: Names = {
  required: ['vars', 'in'],
  notObject: () => location(16874, '$let only supports an object as its argument'),
  unknown: (_name, argument) => location(16875, `Unrecognized parameter to $let: ${argument}`),
  missing: (_name, argument) =>
    location(argument === 'vars' ? 16876 : 16877, `Missing '${argument}' parameter to $let`),
}

const letOperator: Operator = (spec, parser, name) => {
  const named = namedSpecs(spec, name, letNames)
  if (!isDoc(named.vars)) throw location(10065, `invalid parameter: expected an object (vars)`)
  const bindings = Object.entries(named.vars).map(([variable, value]): [string, Expression] => {
    checkVariableName(variable)
    return [variable, parser.parse(value)]
  })
  const body = parser.knowing(bindings.map(([variable]) => variable)).parse(named.in ?? null)
  if (body.constant) return body
  return {
    constant: false,
    evaluate: (env) => {
      const { env: inner, bind } = inside(env)
      for (const [variable, value] of bindings) bind(variable, value.evaluate(env))
      return body.evaluate(inner)
    },
  }
}

const variableOf = (as: Value | undefined, name: string): string => {
  if (as === undefined) return 'this'
  if (typeof as !== 'string')
    throw failure('TypeMismatch', `${name} requires 'as' to be a string, found: ${typeName(as)}`)
  checkVariableName(as)
  return as
}

const mapNames: Names = {
  required: ['input', 'in'],
  optional: ['as'],
  notObject: () => location(16878, '$map only supports an object as its argument'),
  unknown: (_name, argument) => location(16879, `Unrecognized parameter to $map: ${argument}`),
  missing: (_name, argument) =>
    location(argument === 'input' ? 16880 : 16882, `Missing '${argument}' parameter to $map`),
}

const mapOperator: Operator = (spec, parser, name) => {
  const named = namedSpecs(spec, name, mapNames)
  const input = parser.parse(named.input ?? null)
  const variable = variableOf(named.as, name)
  const body = parser.knowing([variable]).parse(named.in ?? null)
  return {
    constant: false,
    evaluate: (env) => {
      const items = input.evaluate(env)
      if (isNullish(items)) return null
      if (!Array.isArray(items)) throw location(16883, `input to $map must be an array not ${typeName(items)}`)
      const { env: inner, bind } = inside(env)
      return items.map((item) => {
        bind(variable, item)
        return body.evaluate(inner) ?? null
      })
    },
  }
}

const filterNames: Names = {
  required: ['input', 'cond'],
  optional: ['as', 'limit'],
  notObject: () => location(28646, '$filter only supports an object as its argument'),
  unknown: (_name, argument) => location(28647, `Unrecognized parameter to $filter: ${argument}`),
  missing: (_name, argument) =>
    location(argument === 'input' ? 28648 : 28650, `Missing '${argument}' parameter to $filter`),
}

const limitOf = (limit: Value | undefined): number => {
  if (isNullish(limit)) return Number.POSITIVE_INFINITY
  const count = integerOf(limit)
  if (count === undefined || !isInt32(count)) {
    throw location(327391, `$filter: limit must be represented as a 32-bit integral value: ${show(limit)}`)
  }
  if (count <= 0) throw location(327392, `$filter: limit must be greater than 0: ${count}`)
  return count
}

const filterOperator: Operator = (spec, parser, name) => {
  const named = namedSpecs(spec, name, filterNames)
  const input = parser.parse(named.input ?? null)
  const limit = parser.parse(named.limit ?? null)
  const variable = variableOf(named.as, name)
  const condition = parser.knowing([variable]).parse(named.cond ?? null)
  return {
    constant: false,
    evaluate: (env) => {
      const items = input.evaluate(env)
      if (isNullish(items)) return null
      if (!Array.isArray(items)) throw location(28651, `input to $filter must be an array not ${typeName(items)}`)
      const most = limitOf(limit.evaluate(env))
      const { env: inner, bind } = inside(env)
      const kept: Value[] = []
      for (const item of items) {
        if (kept.length === most) break
        bind(variable, item)
        if (isTruthy(condition.evaluate(inner))) kept.push(item)
      }
      return kept
    },
  }
}

const reduceCodes: Readonly<Record<string, number>> = { input: 40077, initialValue: 40078, in: 40079 }

const reduceNames: Names = {
  required: ['input', 'initialValue', 'in'],
  notObject: (_name, spec) => location(40075, `$reduce requires an object as an argument, found: ${typeName(spec)}`),
  unknown: (_name, argument) => location(40076, `$reduce found an unknown argument: ${argument}`),
  missing: (_name, argument) =>
    location(reduceCodes[argument] ?? 40077, `$reduce requires '${argument}' to be specified`),
}

const reduceOperator: Operator = (spec, parser, name) => {
  const named = namedSpecs(spec, name, reduceNames)
  const [input, initial] = [parser.parse(named.input ?? null), parser.parse(named.initialValue ?? null)]
  const body = parser.knowing(['this', 'value']).parse(named.in ?? null)
  return {
    constant: false,
    evaluate: (env) => {
      const items = input.evaluate(env)
      if (isNullish(items)) return null
      if (!Array.isArray(items))
        throw location(40080, `$reduce requires that 'input' be an array, found: ${show(items)}`)
      const { env: inner, bind } = inside(env)
      return items.reduce<Value | undefined>((value, item) => {
        bind('this', item)
        bind('value', value)
        return body.evaluate(inner)
      }, initial.evaluate(env))
    },
  }
}

const literalOperator: Operator = (spec) => constantOf(spec)

export const bindingOperators: Operators = {
  $let: letOperator,
  $map: mapOperator,
  $filter: filterOperator,
  $reduce: reduceOperator,
  $literal: literalOperator,
  $const: literalOperator,
}
