import type { Collation } from '../bson/collation.ts'
import type { Doc, Value } from '../bson/values.ts'
import type { Found } from './paths.ts'

/** Whether a document matches; where in its arrays is noted in `found` (a positional `$` asks for that). */
export type Match = (doc: Doc, found?: Found) => boolean

export type Logical = {
  readonly type: 'and' | 'or' | 'nor'
  readonly of: readonly Filter[]
  readonly source?: Source
  readonly match: Match
}
/** One operator of a query that is more than one filter, such as `$ne` and `$all`: what the query said. */
export type Source = { readonly operator: string; readonly specifiedAs: Doc }
export type Negation = {
  readonly type: 'not'
  readonly of: Filter
  readonly source?: Source
  readonly match: Match
}
export type Field = {
  readonly type: 'field'
  readonly path: string
  readonly operator: string
  readonly operand: Value
  /** How its strings compare. Regular expressions have none. */
  readonly collation: Collation | undefined
  /** Of `$elemMatch` with a filter of its own: that filter. */
  readonly inner?: Filter
  /** Written as a plain value, without the operator. */
  readonly plain?: true
  readonly match: Match
}
/** A test of the whole document, such as `$expr` or `$jsonSchema`. */
export type Special = {
  readonly type: 'special'
  readonly operator: string
  readonly operand: Value
  readonly match: Match
  /** Of `$jsonSchema`: the rules a document that does not match breaks, as the errInfo of code 121 lists them. */
  readonly explain?: (doc: Doc) => Doc
}
/** A filter as a tree: each node matches a document, the planner reads the rest. */
export type Filter = Logical | Negation | Field | Special

export const and = (of: readonly Filter[]): Logical => ({
  type: 'and',
  of,
  match: (doc, found) => of.every((child) => child.match(doc, found)),
})

/** To MongoDB equalities on one path are one `$in`, and no other `$or` tells which element matched. */
const isOneList = (of: readonly Filter[]): boolean => {
  const [first] = of
  return of.every(
    (child) =>
      child.type === 'field' &&
      first?.type === 'field' &&
      child.path === first.path &&
      (child.operator === '$eq' || child.operator === '$regex'),
  )
}

const noteFirst = (of: readonly Filter[], doc: Doc, found: Found): boolean => {
  const places = of.flatMap((child) => {
    const place: Found = { positions: new Map() }
    return child.match(doc, place) ? [place] : []
  })
  const [first] = places.sort((left, right) => (left.last ?? 0) - (right.last ?? 0))
  if (first?.last === undefined) return first !== undefined
  for (const [path, index] of first.positions) found.positions.set(path, index)
  found.last = first.last
  return true
}

export const or = (of: readonly Filter[]): Logical => {
  const [only] = of
  return {
    type: 'or',
    of,
    match: (doc, found) => {
      if (found === undefined) return of.some((child) => child.match(doc))
      if (of.length === 1 && only !== undefined) return only.match(doc, found)
      return isOneList(of) ? noteFirst(of, doc, found) : of.some((child) => child.match(doc))
    },
  }
}

export const nor = (of: readonly Filter[]): Logical => ({
  type: 'nor',
  of,
  match: (doc) => !of.some((child) => child.match(doc)),
})

export const not = (of: Filter): Negation => ({ type: 'not', of, match: (doc) => !of.match(doc) })

/** The only filter, or all of them together. */
export const allOf = (filters: readonly Filter[]): Filter => {
  const [only] = filters
  return filters.length === 1 && only !== undefined ? only : and(filters)
}
