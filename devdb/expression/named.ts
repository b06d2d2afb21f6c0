import type { Value } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Env, Expression } from './expression.ts'
import { folded, type Names, namedSpecs, type Operator, type Parser } from './operands.ts'

/** The named operands of one evaluation, read when they are asked for; undefined also for an operand left out. */
export type Arguments = {
  readonly get: (argument: string) => Value | undefined
  readonly has: (argument: string) => boolean
}

const parsedArguments = (spec: Value, parser: Parser, [name, names]: readonly [string, Names]) => {
  const named = namedSpecs(spec, name, names)
  return new Map(
    Object.entries(named).map(([argument, value]): [string, Expression] => [argument, parser.parse(value)]),
  )
}

const argumentsOf = (operands: ReadonlyMap<string, Expression>, env: Env): Arguments => ({
  get: (argument) => operands.get(argument)?.evaluate(env),
  has: (argument) => operands.has(argument),
})

/** `{$name: {argument: expression, ...}}`. */
export const named =
  (names: Names, apply: (given: Arguments, name: string, scope: Scope) => Value | undefined): Operator =>
  (spec, parser, name) => {
    const operands = parsedArguments(spec, parser, [name, names])
    return folded([...operands.values()], (env) => apply(argumentsOf(operands, env), name, parser.scope))
  }

/** What `convert` answers; where it fails to convert and `onError` is given, what that answers. */
export const orOnError = (given: Arguments, convert: () => Value | undefined): Value | undefined => {
  try {
    return convert()
  } catch (error) {
    if (error instanceof MongoError && error.codeName === 'ConversionFailure' && given.has('onError')) {
      return given.get('onError')
    }
    throw error
  }
}
