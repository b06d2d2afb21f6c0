import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Found } from './paths.ts'
import { type Mode, type Reading, readSpec } from './projectionFields.ts'
import { addComputed, applyPositional, applySlices, type Branch, exclude, has, include } from './projectionTree.ts'
import { plainScope, type Scope } from './scope.ts'
import type { Filter } from './tree.ts'

export type Projection = {
  readonly project: (doc: Doc) => Doc
  /** Top-level fields to leave out, when the projection is nothing but that: then no document needs to be decoded. */
  readonly withoutFields: ReadonlySet<string> | null
  /** The paths kept, when the projection is nothing but that: an index that holds them can answer. */
  readonly fields?: readonly string[]
}

/** MongoDB's rules for a projection that names no plain field: `_id` decides, unless `$slice` or `$elemMatch` does. */
const impliedMode = ({ seen, id }: Reading): Mode => {
  if (!seen.has('slice') && seen.has('elemMatch')) return 'inclusion'
  return id === 'kept' ? 'inclusion' : 'exclusion'
}

const completed = (reading: Reading): Mode => {
  const mode = reading.mode ?? impliedMode(reading)
  const { children } = reading.root
  if (mode === 'inclusion' && reading.id === 'unnamed') children.set('_id', { kind: 'keep' })
  if (mode === 'exclusion' && reading.id === 'kept') children.delete('_id')
  return mode
}

/** The index in the array that matched, found anew in each document: only a projection asks for it. */
const matchedIndex = (filter: Filter | undefined, doc: Doc) => (): number => {
  const found: Found = { positions: new Map() }
  filter?.match(doc, found)
  if (found.last === undefined)
    throw location(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    )
  return found.last
}

const makeProject = ({ root, filter }: Reading, mode: Mode): Projection['project'] => {
  const [computes, slices, positions] = [has(root, 'computed'), has(root, 'slice'), has(root, 'positional')]
  return (doc) => {
    const result = mode === 'inclusion' ? include(doc, root) : exclude(doc, root)
    if (positions) applyPositional(result, root, matchedIndex(filter, doc))
    if (slices) applySlices(result, root)
    if (computes) addComputed(result, root, doc)
    return result
  }
}

const keptPaths = ({ children }: Branch): string[] | undefined => {
  const paths = [...children].map(([name, node]) => {
    if (node.kind === 'keep') return [name]
    return node.kind === 'branch' ? keptPaths(node)?.map((path) => `${name}.${path}`) : undefined
  })
  return paths.every((found) => found !== undefined) ? paths.flat() : undefined
}

/** A dropped `_id` is no field that is wanted. */
const wantedPaths = ({ root }: Reading, mode: Mode): string[] | undefined => {
  if (mode === 'exclusion') return undefined
  const children = new Map(root.children)
  if (children.get('_id')?.kind === 'drop') children.delete('_id')
  return keptPaths({ kind: 'branch', children })
}

/**
 * Reads a projection of `find`; undefined when everything is wanted, so the stored bytes can be sent as they are. The
 * filter is that of the query: without it a positional `$` is refused (51050).
 */
export const parseProjection = (
  spec: Value | undefined,
  scope: Scope = plainScope(),
  filter?: Filter,
): Projection | undefined => {
  if (spec === undefined || spec === null || (isDoc(spec) && Object.keys(spec).length === 0)) return undefined
  const reading = readSpec(spec, scope, filter)
  const mode = completed(reading)
  const nodes = [...reading.root.children]
  const cuts = mode === 'exclusion' && nodes.every(([, { kind }]) => kind === 'drop')
  const fields = wantedPaths(reading, mode)
  return {
    ...(fields === undefined ? {} : { fields }),
    withoutFields: cuts ? new Set(nodes.map(([name]) => name)) : null,
    project: makeProject(reading, mode),
  }
}
