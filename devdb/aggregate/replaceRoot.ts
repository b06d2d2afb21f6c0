import { show } from '../bson/show.ts'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { envOf, parseExpression } from '../expression/expression.ts'
import { metaOf, withMeta } from '../query/meta.ts'
import type { Scope } from '../query/scope.ts'
import type { Transform } from './addFields.ts'
import { mapping, type ParseStage } from './stage.ts'

const replacing = (expression: Value, scope: Scope): Transform => {
  const { evaluate } = parseExpression(expression, scope)
  return {
    transform: (doc: Doc): Doc => {
      const root = evaluate(envOf(doc))
      if (isDoc(root)) return withMeta(root, metaOf(doc))
      throw location(
        40228,
        `'replacement document' must evaluate to an object, but resulting value was: ${root === undefined ? 'MISSING' : show(root)}. Type of resulting value: '${root === undefined ? 'missing' : kindOf(root)}'. Input document: ${show(doc)}`,
      )
    },
  }
}

/** `$replaceRoot: {newRoot}`. */
export const parseReplaceRoot = (spec: Value, scope: Scope): Transform => {
  if (!isDoc(spec))
    throw location(40229, `expected an object as specification for $replaceRoot stage, got ${kindOf(spec)}`)
  const unknown = Object.keys(spec).find((name) => name !== 'newRoot')
  if (unknown !== undefined) throw location(40415, `BSON field '$replaceRoot.${unknown}' is an unknown field.`)
  if (spec.newRoot === undefined)
    throw location(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field")
  return replacing(spec.newRoot, scope)
}

/** `$replaceWith`: the same, with the expression itself. */
export const parseReplaceWith = (spec: Value, scope: Scope): Transform => replacing(spec, scope)

export const replaceRootStage: ParseStage = (spec, { scope }) => ({
  run: mapping(parseReplaceRoot(spec, scope).transform),
})

export const replaceWithStage: ParseStage = (spec, { scope }) => ({
  run: mapping(parseReplaceWith(spec, scope).transform),
})
