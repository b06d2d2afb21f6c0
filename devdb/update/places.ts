import { show } from '../bson/show.ts'
import { type Doc, getField, isDoc, setField, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'

/** One field or element that an update may read and write. */
export type Target = {
  readonly path: string
  readonly get: () => Value | undefined
  readonly set: (value: Value) => void
  readonly unset: () => void
}

const maxPadding = 1_500_000

const indexOf = (part: string): number | undefined => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : undefined)

const child = (node: Value | undefined, part: string): Value | undefined => {
  if (node === undefined) return undefined
  if (Array.isArray(node)) return node[indexOf(part) ?? -1]
  return isDoc(node) ? getField(node, part) : undefined
}

const refuse = (part: string, parent: string, node: Value): Error =>
  failure('PathNotViable', `Cannot create field '${part}' in element {${parent}: ${show(node)}}`)

const write = (node: Value, part: string, parent: string, value: Value): void => {
  if (isDoc(node)) {
    setField(node, part, value)
    return
  }
  const index = indexOf(part)
  if (!Array.isArray(node) || index === undefined) throw refuse(part, parent, node)
  if (index - node.length > maxPadding)
    throw failure('CannotBackfillArray', `can't backfill more than ${maxPadding} elements`)
  while (node.length < index) node.push(null)
  node[index] = value
}

/** The container of the last part, made where it is missing. */
const containerFor = (doc: Doc, parts: readonly string[]): [Value, string] => {
  let node: Value = doc
  let parent = ''
  for (const part of parts.slice(0, -1)) {
    let inner = child(node, part)
    if (inner === undefined) {
      inner = {}
      write(node, part, parent, inner)
    }
    node = inner
    parent = part
  }
  return [node, parent]
}

/** Writing may have to make containers; a scalar on the way cannot hold a field and is an error, not a silent loss. */
export const checkViable = (doc: Doc, parts: readonly string[]): void => {
  let node: Value | undefined = doc
  let parent = ''
  for (const part of parts) {
    if (node === undefined) return
    const holds = isDoc(node) || (Array.isArray(node) && indexOf(part) !== undefined)
    if (!holds) throw refuse(part, parent, node)
    node = child(node, part)
    parent = part
  }
}

/** As `checkViable`, for a path that is only read (`$rename`): an array on the way must be met by an index. */
export const checkTraversable = (doc: Doc, parts: readonly string[]): void => {
  let node: Value | undefined = doc
  for (const [depth, part] of parts.entries()) {
    if (node === undefined) return
    if (!isDoc(node) && !(Array.isArray(node) && indexOf(part) !== undefined)) {
      const parent = parts[depth - 1] ?? ''
      throw failure(
        'PathNotViable',
        `cannot use the part (${parent} of ${parts.join('.')}) to traverse the element ({${parent}: ${show(node)}})`,
      )
    }
    node = child(node, part)
  }
}

/** The name of the field that holds the array this path leads into; undefined when it leads through documents only. */
export const arrayAbove = (doc: Doc, parts: readonly string[]): string | undefined => {
  let node: Value | undefined = doc
  for (const [depth, part] of parts.entries()) {
    if (Array.isArray(node)) return parts[depth - 1]
    node = child(node, part)
  }
  return undefined
}

export const targetAt = (doc: Doc, parts: readonly string[]): Target => {
  const last = parts.at(-1) ?? ''
  const lookUp = (upTo: readonly string[]): Value | undefined =>
    upTo.reduce<Value | undefined>((node, part) => child(node, part), doc)
  return {
    path: parts.join('.'),
    get: () => lookUp(parts),
    set: (value) => {
      const [node, parent] = containerFor(doc, parts)
      write(node, last, parent, value)
    },
    unset: () => {
      const node = lookUp(parts.slice(0, -1))
      if (node === undefined) return
      const index = indexOf(last)
      if (isDoc(node)) delete node[last]
      // The place of an array element stays: other positions must not shift.
      else if (Array.isArray(node) && index !== undefined && index < node.length) node[index] = null
    },
  }
}
