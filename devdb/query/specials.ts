import { toNumber } from '../bson/numbers.ts'
import { isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseExpression } from '../expression/expression.ts'
import { parseSchema } from './jsonSchema/schema.ts'
import { isTruthy } from './operators.ts'
import type { Scope } from './scope.ts'
import type { Special } from './tree.ts'

const noVariables = new Map<string, Value | undefined>()

/** `$expr`: the value of an aggregation expression on the document, taken as a boolean. */
export const exprFilter = (operand: Value, scope: Scope): Special => {
  const expression = parseExpression(operand, scope)
  return {
    type: 'special',
    operator: '$expr',
    operand,
    match: (doc) => isTruthy(expression.evaluate({ root: doc, variables: noVariables }) ?? null),
  }
}

/** `$jsonSchema`: the document follows the schema. */
export const jsonSchemaFilter = (operand: Value): Special => {
  if (!isDoc(operand)) throw failure('TypeMismatch', '$jsonSchema must be an object')
  const schema = parseSchema(operand)
  return {
    type: 'special',
    operator: '$jsonSchema',
    operand,
    match: schema.holds,
    explain: (doc) => ({
      operatorName: '$jsonSchema',
      ...schema.annotations,
      schemaRulesNotSatisfied: schema.explain(doc),
    }),
  }
}

/** `{$alwaysTrue: 1}` and `{$alwaysFalse: 1}`. */
export const constantFilter = (operator: string, operand: Value, answer: boolean): Special => {
  if (!isNumeric(operand) || toNumber(operand) !== 1)
    throw failure('FailedToParse', `${operator} must be an integer value of 1`)
  return { type: 'special', operator, operand, match: () => answer }
}

/** `{$sampleRate: 0.25}`: each document with this probability. */
export const sampleFilter = (operand: Value): Special => {
  const rate = isNumeric(operand) ? toNumber(operand) : Number.NaN
  if (!isNumeric(operand))
    throw failure('BadValue', `argument to $sampleRate must be a numeric type, not ${kindOf(operand)}`)
  if (!(rate >= 0 && rate <= 1))
    throw failure('BadValue', `numeric argument to $sampleRate must be in [0, 1], not ${rate}`)
  return { type: 'special', operator: '$sampleRate', operand, match: () => Math.random() < rate }
}
