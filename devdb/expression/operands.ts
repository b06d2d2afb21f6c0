import { toNumber } from '../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, type Kind, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Env, Expression } from './expression.ts'

/** Reads the operands of an operator; `knowing` is the same parser inside which further variables are bound. */
export type Parser = {
  readonly scope: Scope
  readonly parse: (spec: Value) => Expression
  readonly knowing: (names: readonly string[]) => Parser
}

/** Reads what stands behind `$name:`. */
export type Operator = (spec: Value, parser: Parser, name: string) => Expression

export type Operators = Readonly<Record<string, Operator>>

/** No document and no variables: what can be told without them is told of every document. */
export const nowhere: Env = { root: undefined, variables: new Map() }

export const constantOf = (value: Value | undefined): Expression => ({ evaluate: () => value, constant: true })

/** An expression that is computed once, here, when all its operands are constant. */
export const folded = (operands: readonly Expression[], evaluate: Expression['evaluate']): Expression =>
  operands.every(({ constant }) => constant) ? constantOf(evaluate(nowhere)) : { evaluate, constant: false }

/** The value of an operand that must be known when the expression is parsed; undefined for none. */
export const constantValue = (expression: Expression): Value | undefined =>
  expression.constant ? expression.evaluate(nowhere) : undefined

/** Null, missing, or the deprecated type undefined, which counts as null. */
export const isNullish = (value: Value | undefined): value is null | undefined =>
  value === undefined || value === null || (typeof value === 'object' && kindOf(value) === 'undefined')

/** What counts as true: all but false, null, missing and zero. */
export const isTruthy = (value: Value | undefined): boolean => {
  if (value === false || isNullish(value)) return false
  if (value === true || typeof value === 'string') return true
  return !isNumeric(value) || toNumber(value) !== 0
}

/** The type's name as MongoDB's messages give it. */
export const typeName = (value: Value | undefined): Kind | 'missing' =>
  value === undefined ? 'missing' : kindOf(value)

/** The operands of `{$name: [a, b]}` or `{$name: a}`. */
export const operandsOf = (spec: Value, parser: Parser): Expression[] =>
  (Array.isArray(spec) ? spec : [spec]).map(parser.parse)

/** Throws 16020 unless there are exactly so many operands. */
export const counted = (name: string, operands: readonly Expression[], count: number): void => {
  if (operands.length === count) return
  throw location(16020, `Expression ${name} takes exactly ${count} arguments. ${operands.length} were passed in.`)
}

/** `{$name: a}` or `{$name: [a]}`. */
export const unary =
  (apply: (value: Value | undefined, name: string, scope: Scope) => Value | undefined): Operator =>
  (spec, parser, name) => {
    const operands = operandsOf(spec, parser)
    counted(name, operands, 1)
    const [a = constantOf(null)] = operands
    return folded(operands, (env) => apply(a.evaluate(env), name, parser.scope))
  }

/** `{$name: [a, b]}`. */
export const binary =
  (apply: (a: Value | undefined, b: Value | undefined, name: string, scope: Scope) => Value | undefined): Operator =>
  (spec, parser, name) => {
    const operands = operandsOf(spec, parser)
    counted(name, operands, 2)
    const [a = constantOf(null), b = constantOf(null)] = operands
    return folded(operands, (env) => apply(a.evaluate(env), b.evaluate(env), name, parser.scope))
  }

type Values = readonly (Value | undefined)[]

/** `{$name: [a, b, ...]}` with as many operands as there are. */
export const variadic =
  (apply: (values: Values, name: string, scope: Scope) => Value | undefined): Operator =>
  (spec, parser, name) => {
    const operands = operandsOf(spec, parser)
    return folded(operands, (env) =>
      apply(
        operands.map((operand) => operand.evaluate(env)),
        name,
        parser.scope,
      ),
    )
  }

/** `{$name: [a, b, c]}` with exactly `count` operands. */
export const exactly =
  (count: number, apply: (values: Values, name: string, scope: Scope) => Value | undefined): Operator =>
  (spec, parser, name) => {
    counted(name, Array.isArray(spec) ? spec.map(() => constantOf(null)) : [constantOf(null)], count)
    return variadic(apply)(spec, parser, name)
  }

/** From `least` to `most` operands. */
export const ranged =
  (
    [least, most]: readonly [number, number],
    apply: (values: Values, name: string, scope: Scope) => Value | undefined,
  ): Operator =>
  (spec, parser, name) => {
    const count = Array.isArray(spec) ? spec.length : 1
    if (count < least || count > most) {
      throw location(
        28667,
        `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${count} were passed in.`,
      )
    }
    return variadic(apply)(spec, parser, name)
  }

/** How an operator with named arguments answers when they are wrong. */
export type Names = {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  readonly notObject: (name: string, spec: Value) => Error
  readonly unknown: (name: string, argument: string) => Error
  readonly missing: (name: string, argument: string) => Error
}

/** The named arguments of `{$name: {...}}`, checked but not yet parsed. */
export const namedSpecs = (spec: Value, name: string, names: Names): Doc => {
  if (!isDoc(spec)) throw names.notObject(name, spec)
  for (const argument of Object.keys(spec)) {
    if (!names.required.includes(argument) && !names.optional?.includes(argument)) throw names.unknown(name, argument)
  }
  for (const argument of names.required) if (!Object.hasOwn(spec, argument)) throw names.missing(name, argument)
  return spec
}
