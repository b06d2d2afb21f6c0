import type { Doc, Value } from '../bson/values.ts'
import { leavesOf } from '../query/paths.ts'
import type { Filter } from '../query/tree.ts'

const reasons: Readonly<Record<string, string>> = {
  $eq: 'comparison failed',
  $gt: 'comparison failed',
  $gte: 'comparison failed',
  $lt: 'comparison failed',
  $lte: 'comparison failed',
  $in: 'no matching value found in array',
  $exists: 'path does not exist',
  $type: 'type did not match',
  $regex: 'regular expression did not match',
  $size: 'array length was not equal to given size',
  $mod: '$mod did not evaluate to expected remainder',
  $elemMatch: 'array did not satisfy the child predicate',
}

const considered = (doc: Doc, path: string): Doc => {
  const values = leavesOf(doc, path.split('.')).filter((value): value is Value => value !== undefined)
  if (values.length === 0) return { reason: 'field was missing' }
  return values.length === 1 ? { consideredValue: values[0] ?? null } : { consideredValues: values }
}

const clauses = (filters: readonly Filter[], doc: Doc, wanted: boolean): Value[] =>
  filters.flatMap((filter, index) =>
    filter.match(doc) === wanted ? [] : [{ index, details: explainFailure(filter, doc) }],
  )

/** What the errInfo of code 121 tells under `details`: the operator that failed, what it wanted and what it saw. */
export const explainFailure = (filter: Filter, doc: Doc): Doc => {
  switch (filter.type) {
    case 'and':
    case 'or':
      return { operatorName: `$${filter.type}`, clausesNotSatisfied: clauses(filter.of, doc, true) }
    case 'nor':
      return { operatorName: '$nor', clausesSatisfied: clauses(filter.of, doc, false) }
    case 'not':
      return { operatorName: '$not', reason: 'child expression matched', details: explainFailure(filter.of, doc) }
    case 'special':
      return (
        filter.explain?.(doc) ?? { operatorName: filter.operator, specifiedAs: { [filter.operator]: filter.operand } }
      )
    case 'field': {
      const { operator, operand, path } = filter
      const specifiedAs = { [path]: { [operator]: operand } }
      const reason = reasons[operator] ?? `${operator} failed`
      return { operatorName: operator, specifiedAs, reason, ...considered(doc, path) }
    }
  }
}
