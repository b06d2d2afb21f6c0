import { integerOf } from '../bson/numbers.ts'
import { type Doc, getField, isDoc, isNumeric, kindOf, setField, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'
import { parseFilter } from './matcher.ts'
import { isTruthy } from './operators.ts'

export type Projection = {
  readonly project: (doc: Doc) => Doc
  /** Top-level fields to leave out, when the projection is nothing but that: then no document needs to be decoded. */
  readonly withoutFields: ReadonlySet<string> | null
}

type Slice = (array: Value[]) => Value[]

/** A path tree: `true` at the end of a projected path, or what replaces the value there. */
type Tree = Map<string, Tree | true | Slice>

const add = (tree: Tree, path: string, leaf: true | Slice): void => {
  const parts = path.split('.')
  if (parts.includes('')) throw location(40353, "FieldPath must not end with a '.' or contain an empty part.")
  let node = tree
  parts.forEach((part, index) => {
    const known = node.get(part)
    const last = index === parts.length - 1
    if (known !== undefined && (last || !(known instanceof Map))) throw location(31250, `Path collision at ${path}`)
    if (last) {
      node.set(part, leaf)
    } else {
      const next: Tree = known instanceof Map ? known : new Map()
      node.set(part, next)
      node = next
    }
  })
}

const include = (value: Value, tree: Tree): Value | undefined => {
  if (Array.isArray(value)) return value.map((item) => include(item, tree)).filter((item) => item !== undefined)
  if (!isDoc(value)) return undefined
  const result: Doc = {}
  for (const [name, inner] of Object.entries(value)) {
    const node = tree.get(name)
    if (node === undefined) continue
    const kept =
      node instanceof Map ? include(inner, node) : node !== true && Array.isArray(inner) ? node(inner) : inner
    if (kept !== undefined) setField(result, name, kept)
  }
  return result
}

const exclude = (value: Value, tree: Tree): Value => {
  if (Array.isArray(value)) return value.map((item) => exclude(item, tree))
  if (!isDoc(value)) return value
  const result: Doc = {}
  for (const [name, inner] of Object.entries(value)) {
    const node = tree.get(name)
    if (node === true) continue
    if (node instanceof Map) setField(result, name, exclude(inner, node))
    else setField(result, name, node !== undefined && Array.isArray(inner) ? node(inner) : inner)
  }
  return result
}

const sliceOf = (operand: Value): Slice => {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map(integerOf)
  const [first, second] = numbers
  if (first === undefined || numbers.length > 2 || (Array.isArray(operand) && second === undefined)) {
    throw location(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax')
  }
  if (second === undefined) return (array) => (first < 0 ? array.slice(first) : array.slice(0, first))
  if (second <= 0) throw location(28724, 'First argument to $slice must be positive')
  return (array) => {
    const start = first < 0 ? Math.max(0, array.length + first) : first
    return array.slice(start, start + second)
  }
}

const elemMatchOf = (operand: Value): Slice => {
  if (!isDoc(operand)) throw location(31274, 'elemMatch: Invalid argument, object required')
  const filter = parseFilter({ v: { $elemMatch: operand } })
  return (array) => array.filter((element) => filter.match({ v: [element] })).slice(0, 1)
}

type Parts = {
  readonly tree: Tree
  mode?: 'inclusion' | 'exclusion'
  id?: boolean
  readonly elements: Map<string, Slice>
}

const setMode = (parts: Parts, mode: 'inclusion' | 'exclusion', field: string): void => {
  if (parts.mode === 'inclusion' && mode === 'exclusion')
    throw location(31254, `Cannot do exclusion on field ${field} in inclusion projection`)
  if (parts.mode === 'exclusion' && mode === 'inclusion')
    throw location(31253, `Cannot do inclusion on field ${field} in exclusion projection`)
  parts.mode = mode
}

const operatorField = (parts: Parts, path: string, value: Doc): void => {
  const [operator = '', ...others] = Object.keys(value)
  if (others.length > 0 || !['$slice', '$elemMatch'].includes(operator)) {
    throw unsupported(
      `the projection ${operator === '' || !operator.startsWith('$') ? 'of a literal document' : operator} (field '${path}')`,
    )
  }
  if (operator === '$slice') {
    add(parts.tree, path, sliceOf(value.$slice ?? null))
    return
  }
  if (path.includes('.')) throw location(31275, `Cannot use $elemMatch projection on a nested field.`)
  parts.elements.set(path, elemMatchOf(value.$elemMatch ?? null))
  setMode(parts, 'inclusion', path)
}

const readField = (parts: Parts, path: string, value: Value): void => {
  if (path === '$' || path.endsWith('.$')) throw unsupported(`the positional projection '${path}'`)
  if (path.startsWith('$'))
    throw location(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField. (${path})`,
    )
  if (isDoc(value)) {
    operatorField(parts, path, value)
    return
  }
  if (!isNumeric(value) && typeof value !== 'boolean')
    throw unsupported(`the projection of an expression of type ${kindOf(value)} (field '${path}')`)
  const wanted = isTruthy(value)
  if (path === '_id') {
    parts.id = wanted
    return
  }
  setMode(parts, wanted ? 'inclusion' : 'exclusion', path)
  add(parts.tree, path, true)
}

const makeProject =
  ({ elements }: Parts, mode: 'inclusion' | 'exclusion', tree: Tree) =>
  (doc: Doc): Doc => {
    if (mode === 'exclusion') return exclude(doc, tree) as Doc
    const result = include(doc, tree) as Doc
    for (const [name, pick] of elements) {
      const value = getField(doc, name)
      const picked = Array.isArray(value) ? pick(value) : []
      if (picked.length > 0) setField(result, name, picked)
    }
    return result
  }

/** Reads a projection of `find`; undefined when everything is wanted, so the stored bytes can be sent as they are. */
export const parseProjection = (spec: Value | undefined): Projection | undefined => {
  if (spec === undefined || spec === null) return undefined
  if (!isDoc(spec)) throw failure('TypeMismatch', "Expected field 'projection' to be of type object")
  const fields = Object.entries(spec)
  if (fields.length === 0) return undefined
  const parts: Parts = { tree: new Map(), elements: new Map() }
  for (const [path, value] of fields) readField(parts, path, value)
  const { tree, id } = parts
  const mode = parts.mode ?? (id === true && tree.size === 0 ? 'inclusion' : 'exclusion')
  // A $slice is itself kept or cut; in an inclusion it must not be lost, in an exclusion it must not drop its field.
  if (mode === 'inclusion' ? id !== false : id === false) add(tree, '_id', true)
  const whole = mode === 'exclusion' && [...tree.values()].every((node) => node === true)
  return { withoutFields: whole ? new Set(tree.keys()) : null, project: makeProject(parts, mode, tree) }
}
