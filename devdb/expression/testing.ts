import { parseCollation } from '../bson/collation.ts'
import { toNumber } from '../bson/numbers.ts'
import { type Doc, fieldsOf, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { plainScope, type Scope } from '../query/scope.ts'
import { envOf, parseExpression } from './expression.ts'

/** A value with its BSON types spelled out, so that tests see an int where a long should be. */
export const spell = (value: Value | undefined): string => {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(spell).join(', ')}]`
  if (isDoc(value))
    return `{${fieldsOf(value)
      .map(([name, inner]) => `${name}: ${spell(inner)}`)
      .join(', ')}}`
  if (value instanceof Date) return `date ${value.toISOString()}`
  const kind = kindOf(value)
  if (kind === 'double' && isNumeric(value)) return `double ${Object.is(toNumber(value), -0) ? '-0' : toNumber(value)}`
  return `${kind} ${String(value)}`
}

export const failureOf = (run: () => string): string => {
  try {
    return run()
  } catch (error) {
    if (error instanceof MongoError) return `error ${error.code}`
    throw error
  }
}

/** What an expression comes to on a document, spelled; `error` and its code when it fails. */
export const read = (spec: unknown, doc: Doc = {}, scope: Scope = plainScope(new Date(0))): string =>
  failureOf(() => spell(parseExpression(spec as Value, scope).evaluate(envOf(doc))))

export const caseless: Scope = {
  ...plainScope(),
  collation: parseCollation({ locale: 'en', strength: 2 }),
}
