import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, isNumeric, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { envOf, parseExpression } from '../expression/expression.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { operators } from '../expression/operators.ts'
import { metaOf, withMeta } from '../query/meta.ts'
import { isTruthy } from '../query/operators.ts'
import type { Scope } from '../query/scope.ts'
import type { Transform } from './addFields.ts'
import { addComputed, addLeaf, computeFields, type FieldNode, keptFields, type Mode, makeNode } from './fieldTree.ts'
import { inContext, mapping, type ParseStage } from './stage.ts'

type Parts = {
  readonly tree: FieldNode
  readonly paths: string[]
  readonly scope: Scope
  mode?: Mode
  /** What the specification says of `_id`; undefined when nothing. */
  id?: 'kept' | 'left' | 'computed'
}

const checkCollision = ({ paths }: Parts, path: string): void => {
  for (const known of paths) {
    if (known === path || known.startsWith(`${path}.`)) throw location(31250, `Path collision at ${path}`)
    if (path.startsWith(`${known}.`))
      throw location(31249, `Path collision at ${path} remaining portion ${path.slice(known.length + 1)}`)
  }
}

const setMode = (parts: Parts, mode: Mode, path: string): void => {
  if (parts.mode === 'inclusion' && mode === 'exclusion')
    throw location(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
  if (parts.mode === 'exclusion' && mode === 'inclusion')
    throw location(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
  parts.mode = mode
}

const flag = (parts: Parts, path: string, wanted: boolean): void => {
  const field = parsePath(path)
  checkCollision(parts, path)
  parts.paths.push(path)
  if (path === '_id') {
    parts.id = wanted ? 'kept' : 'left'
    return
  }
  setMode(parts, wanted ? 'inclusion' : 'exclusion', path)
  addLeaf(parts.tree, field)
}

const isMeta = (value: Value): boolean => isDoc(value) && Object.keys(value)[0] === '$meta'

const compute = (parts: Parts, path: string, value: Value): void => {
  const field = parsePath(path)
  checkCollision(parts, path)
  parts.paths.push(path)
  if (path === '_id') parts.id = 'computed'
  if (!isMeta(value)) {
    if (parts.mode === 'exclusion')
      throw isDoc(value)
        ? location(31252, 'Cannot use expression other than $meta in exclusion projection')
        : location(31310, `Cannot use an expression ${path}: ${show(value)} in an exclusion projection`)
    parts.mode = 'inclusion'
  }
  addComputed(parts.tree, field, parseExpression(value, parts.scope))
}

const readNested = (parts: Parts, path: string, value: Doc): void => {
  const names = Object.keys(value)
  if (names.length === 0)
    throw location(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`)
  const [first = ''] = names
  if (first.startsWith('$') && !operators.has(first)) throw location(31325, `Unknown expression ${first}`)
  if (first.startsWith('$')) compute(parts, path, value)
  else for (const [name, inner] of fieldsOf(value)) readField(parts, `${path}.${name}`, inner)
}

const readField = (parts: Parts, path: string, value: Value): void => {
  if (path.endsWith('.$')) throw location(31324, 'Cannot use positional projection in aggregation projection')
  if (isDoc(value)) readNested(parts, path, value)
  else if (isNumeric(value) || typeof value === 'boolean') flag(parts, path, isTruthy(value))
  else compute(parts, path, value)
}

const read = (spec: Doc, scope: Scope): Parts => {
  const fields = fieldsOf(spec)
  if (fields.length === 0) throw location(51272, 'projection specification must have at least one field')
  const parts: Parts = { tree: makeNode(), paths: [], scope }
  for (const [path, value] of fields) readField(parts, path, value)
  parts.mode ??= parts.id === 'left' ? 'exclusion' : 'inclusion'
  if (parts.mode === 'inclusion' ? parts.id === 'kept' || parts.id === undefined : parts.id === 'left')
    addIdLeaf(parts.tree)
  return parts
}

/** `_id` itself, unless the specification goes into it (`_id.a`). */
const addIdLeaf = (tree: FieldNode): void => {
  if (!tree.children.has('_id')) addLeaf(tree, ['_id'])
}

/** `$project`: inclusion with computed fields, or exclusion; throws 31250, 31253, 31254 and their like. */
export const parseProject = (spec: Value, scope: Scope, name: string): Transform => {
  if (!isDoc(spec)) throw location(15969, `${name} specification must be an object`)
  const { tree, paths, mode = 'inclusion' } = inContext(`Invalid ${name}`, () => read(spec, scope))
  const transform = (doc: Doc): Doc => {
    const result = keptFields(doc, tree, mode)
    if (tree.computes) computeFields(result, tree, envOf(doc))
    const meta = metaOf(doc)
    return Object.keys(meta).length === 0 ? result : withMeta(result, meta)
  }
  return mode === 'exclusion' ? { transform, modifies: paths } : { transform }
}

/** `$unset`: one path or several to leave out. */
export const parseUnset = (spec: Value, scope: Scope): Transform => {
  const paths = Array.isArray(spec) ? spec : [spec]
  if (paths.length === 0)
    throw location(31119, '$unset specification must be a string or an array with at least one field')
  const fields = paths.map((path): [string, Value] => {
    if (typeof path !== 'string')
      throw Array.isArray(spec)
        ? location(31120, '$unset specification must be a string or an array containing only string values')
        : location(31002, '$unset specification must be a string or an array')
    return [path, 0]
  })
  return parseProject(Object.fromEntries(fields), scope, '$unset')
}

export const projectStage: ParseStage = (spec, { scope }) => {
  const { transform, modifies } = parseProject(spec, scope, '$project')
  return { run: mapping(transform), ...(modifies && { modifies }) }
}

export const unsetStage: ParseStage = (spec, { scope }) => {
  const { transform, modifies } = parseUnset(spec, scope)
  return { run: mapping(transform), ...(modifies && { modifies }) }
}
