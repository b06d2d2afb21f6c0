import { isDoc, kindOf } from '../bson/values.ts'
import { location } from '../errors.ts'
import { envOf, parseExpression } from '../expression/expression.ts'
import { inContext, type ParseStage } from './stage.ts'

/** `$documents`: the documents an expression that reads no document gives. */
export const documentsStage: ParseStage = (spec, { scope }) => {
  const { evaluate } = inContext('Failed to parse $documents', () => parseExpression(spec, scope))
  return {
    run: function* () {
      const value = evaluate(envOf(undefined))
      if (!Array.isArray(value))
        throw location(5858203, `an array is expected, found: ${value === undefined ? 'missing' : kindOf(value)}`)
      for (const doc of value) {
        if (!isDoc(doc))
          throw location(
            40228,
            `'replacement document' must evaluate to an object, but resulting value was of type: ${kindOf(doc)}`,
          )
        yield doc
      }
    },
  }
}
