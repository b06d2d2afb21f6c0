import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { envOf, parseExpression } from '../expression/expression.ts'
import { parsePath } from '../expression/fieldPath.ts'
import type { Scope } from '../query/scope.ts'
import { overlap } from './fieldPath.ts'
import { addComputed, computeFields, type FieldNode, makeNode } from './fieldTree.ts'
import { inContext, mapping, type ParseStage } from './stage.ts'

/** Stages that make one document of another: updates with a pipeline use them too. */
export type Transform = { readonly transform: (doc: Doc) => Doc; readonly modifies?: readonly string[] }

type Parts = { readonly tree: FieldNode; readonly paths: string[]; readonly scope: Scope }

const addPath = ({ tree, paths, scope }: Parts, path: string, value: Value): void => {
  const parts = parsePath(path)
  const other = paths.find((known) => overlap(known, path))
  if (other !== undefined)
    throw location(40176, `specification contains two conflicting paths. Cannot specify both '${path}' and '${other}'`)
  paths.push(path)
  addComputed(tree, parts, parseExpression(value, scope))
}

const addNested = (parts: Parts, path: string, value: Doc): void => {
  const names = Object.keys(value)
  // An empty object is a value like any other.
  if (names.length === 0) {
    addPath(parts, path, value)
    return
  }
  if (names[0]?.startsWith('$') === true) {
    if (names.length > 1)
      throw location(
        40181,
        `an expression specification must contain exactly one field, the name of the expression. Found ${names.length} fields in ${show(value)}, while parsing object with name ${path}`,
      )
    addPath(parts, path, value)
    return
  }
  for (const [name, inner] of fieldsOf(value)) {
    if (name.includes('.'))
      throw location(40183, `cannot use dotted field name '${name}' in a sub object: ${show(value)}`)
    addField(parts, `${path}.${name}`, inner)
  }
}

const addField = (parts: Parts, path: string, value: Value): void => {
  if (isDoc(value)) addNested(parts, path, value)
  else addPath(parts, path, value)
}

/** `$addFields` and `$set`, `name` telling which; throws 40272, 40176 and their like. */
export const parseAddFields = (spec: Value, scope: Scope, name: string): Transform => {
  if (!isDoc(spec)) throw location(40272, `${name} specification stage must be an object, got ${kindOf(spec)}`)
  const parts: Parts = { tree: makeNode(), paths: [], scope }
  inContext(`Invalid ${name}`, () => {
    for (const [path, value] of fieldsOf(spec)) addField(parts, path, value)
  })
  const transform = (doc: Doc): Doc => {
    const copy = { ...doc }
    computeFields(copy, parts.tree, envOf(doc))
    return copy
  }
  return { transform, modifies: parts.paths }
}

export const addFieldsStage =
  (name: '$addFields' | '$set'): ParseStage =>
  (spec, { scope }) => {
    const { transform, modifies } = parseAddFields(spec, scope, name)
    return { run: mapping(transform), ...(modifies && { modifies }) }
  }
