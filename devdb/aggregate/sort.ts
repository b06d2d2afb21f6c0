import { encode } from '../bson/encode.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import { parseSort, type SortField } from '../query/sort.ts'
import { sortRows } from '../query/topSort.ts'
import type { Body, Context, ParseStage, Rows } from './stage.ts'

const itself = (doc: Doc): Doc => doc

/** The rows in order; with `keep` only that many best ones, so that no more need to be held. */
export const sorted = (
  rows: Rows,
  sort: readonly SortField[],
  { mayExceedMemory }: Context,
  keep = Number.POSITIVE_INFINITY,
): Doc[] =>
  sortRows(rows, {
    sort,
    keep,
    docOf: itself,
    bytesOf: mayExceedMemory ? () => 0 : (doc) => encode(doc).length,
    limited: !mayExceedMemory,
  })

const parseStageSort = (spec: Value, scope: Scope): SortField[] => {
  if (!isDoc(spec)) throw location(15973, 'the $sort key specification must be an object')
  const fields = parseSort(spec, scope)
  if (fields.length === 0) throw location(15976, '$sort stage must have at least one sort key')
  if (fields[0]?.path === '$natural')
    throw location(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")
  return fields
}

export const sortBody = (sort: readonly SortField[], keep?: number): Body => ({
  sort,
  // A match before a sort with a limit would let other documents in.
  ...(keep === undefined && { modifies: [] }),
  run: (rows, context) => sorted(rows, sort, context, keep),
})

/** `$sort`, also by `{$meta: "textScore"}`. */
export const sortStage: ParseStage = (spec, { scope }) => sortBody(parseStageSort(spec, scope))
