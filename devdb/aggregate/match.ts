import { type Doc, isDoc } from '../bson/values.ts'
import { location } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Scope } from '../query/scope.ts'
import { overlap } from './fieldPath.ts'
import type { Body, ParseStage } from './stage.ts'

export const matchBody = (spec: Doc, scope: Scope): Body => {
  const filter = parseFilter(spec, scope)
  return {
    match: { filter, spec, scope },
    modifies: [],
    run: function* (rows) {
      for (const doc of rows) if (filter.match(doc)) yield doc
    },
  }
}

export const matchStage: ParseStage = (spec, { scope }) => {
  if (!isDoc(spec)) throw location(15959, 'the match filter must be an expression in an object')
  return matchBody(spec, scope)
}

/** Whether a filter contains `$text`, which only the first stage may. */
export const containsText = (spec: Doc): boolean =>
  Object.entries(spec).some(
    ([name, value]) =>
      name === '$text' ||
      (['$and', '$or', '$nor'].includes(name) &&
        Array.isArray(value) &&
        value.some((branch) => isDoc(branch) && containsText(branch))),
  )

/** The conditions a filter joins by and. */
const conjunctsOf = (spec: Doc): Doc[] =>
  Object.entries(spec).flatMap(([name, value]) =>
    name === '$and' && Array.isArray(value)
      ? value.flatMap((branch) => (isDoc(branch) ? conjunctsOf(branch) : []))
      : [{ [name]: value }],
  )

/** The paths a condition looks at; undefined when that cannot be told. */
const pathsOf = (condition: Doc): string[] | undefined => {
  const found: string[] = []
  for (const [name, value] of Object.entries(condition)) {
    if (!name.startsWith('$')) {
      found.push(name)
      continue
    }
    if (!['$and', '$or', '$nor'].includes(name) || !Array.isArray(value)) return undefined
    for (const branch of value) {
      const inner = isDoc(branch) ? pathsOf(branch) : undefined
      if (inner === undefined) return undefined
      found.push(...inner)
    }
  }
  return found
}

const joined = (conditions: readonly Doc[]): Doc | undefined => {
  const [only] = conditions
  return conditions.length > 1 ? { $and: [...conditions] } : only
}

/** Divides a filter: `before` looks at no path that a stage modifies and may be tested ahead of it, `after` may not. */
export const divide = (spec: Doc, modifies: readonly string[]): { before: Doc | undefined; after: Doc | undefined } => {
  const isFree = (condition: Doc): boolean =>
    pathsOf(condition)?.every((path) => modifies.every((changed) => !overlap(path, changed))) === true
  const conditions = conjunctsOf(spec)
  return {
    before: joined(conditions.filter(isFree)),
    after: joined(conditions.filter((condition) => !isFree(condition))),
  }
}
