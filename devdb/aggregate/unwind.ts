import { Long } from 'bson'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { valueAt, withValueAt } from './fieldPath.ts'
import type { Body, ParseStage } from './stage.ts'

type Options = { readonly parts: readonly string[]; readonly keep: boolean; readonly index: string | undefined }

const indexNameOf = (value: Value | undefined): string | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== 'string')
    throw location(
      28810,
      `expected a non-empty string for the includeArrayIndex option to $unwind stage, got ${kindOf(value)}`,
    )
  if (value === '')
    throw location(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage, got string')
  if (value.startsWith('$'))
    throw location(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${value}`)
  return value
}

const read = (spec: Value): Options => {
  if (typeof spec !== 'string' && !isDoc(spec))
    throw location(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${kindOf(spec)}`,
    )
  const options = isDoc(spec) ? spec : { path: spec }
  const unknown = Object.keys(options).find(
    (name) => !['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'].includes(name),
  )
  if (unknown !== undefined) throw location(28811, `unrecognized option to $unwind stage: ${unknown}`)
  const { path, preserveNullAndEmptyArrays: keep = false, includeArrayIndex } = options
  if (path === undefined) throw location(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string')
    throw location(28808, `expected a string as the path for $unwind stage, got ${kindOf(path)}`)
  if (path === '') throw location(28812, 'no path specified to $unwind stage')
  if (!path.startsWith('$'))
    throw location(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  if (typeof keep !== 'boolean')
    throw location(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${kindOf(keep)}`,
    )
  return { parts: parsePath(path.slice(1)), keep, index: indexNameOf(includeArrayIndex) }
}

const unwound = function* (doc: Doc, { parts, keep, index }: Options): Generator<Doc> {
  const indexParts = index === undefined ? undefined : parsePath(index)
  const numbered = (row: Doc, position: Value): Doc =>
    indexParts === undefined ? row : withValueAt(row, indexParts, position)
  const value = valueAt(doc, parts)
  if (!Array.isArray(value)) {
    if (keep || (value !== undefined && value !== null)) yield numbered(doc, null)
  } else if (value.length === 0) {
    if (keep) yield numbered(withValueAt(doc, parts, undefined), null)
  } else {
    for (const [position, element] of value.entries())
      yield numbered(withValueAt(doc, parts, element), Long.fromNumber(position))
  }
}

/** `$unwind`: a document for each element; a value that is no array counts as an array of one. */
export const unwindStage: ParseStage = (spec): Body => {
  const options = read(spec)
  return {
    modifies: [options.parts.join('.'), ...(options.index === undefined ? [] : [options.index])],
    run: function* (rows) {
      for (const doc of rows) yield* unwound(doc, options)
    },
  }
}
