import { type Doc, fieldsOf, kindOf, type Value } from '../../bson/values.ts'
import { parseExpression } from '../../expression/expression.ts'
import { leavesOf } from '../../query/paths.ts'
import { plainScope } from '../../query/scope.ts'
import type { Field, Filter, Source } from '../../query/tree.ts'

/** Why an operator fails a document: as it stands, and below a negation. */
type Reasons = readonly [failed: string, held: string]

const comparison: Reasons = ['comparison failed', 'comparison succeeded']
const bits: Reasons = ['bitwise operator failed to match', 'bitwise operator matched successfully']

const reasons: Readonly<Record<string, Reasons>> = {
  $eq: comparison,
  $gt: comparison,
  $gte: comparison,
  $lt: comparison,
  $lte: comparison,
  $ne: comparison,
  $in: ['no matching value found in array', 'matching value found in array'],
  $nin: ['no matching value found in array', 'matching value found in array'],
  $all: ['array did not contain all specified values', 'array did contain all specified values'],
  $exists: ['path does not exist', 'path does exist'],
  $type: ['type did not match', 'type did match'],
  $regex: ['regular expression did not match', 'regular expression did match'],
  $size: ['array length was not equal to given size', 'array length was equal to given size'],
  $mod: ['$mod did not evaluate to expected remainder', '$mod did evaluate to expected remainder'],
  $elemMatch: ['array did not satisfy the child predicate', 'array did satisfy the child predicate'],
  $bitsAllSet: bits,
  $bitsAllClear: bits,
  $bitsAnySet: bits,
  $bitsAnyClear: bits,
}

const reasonFor = (operator: string, held: boolean): string =>
  reasons[operator]?.[held ? 1 : 0] ?? (held ? 'expression did match' : 'expression did not match')

// These look at an array as a whole, the others at its elements and then at itself.
const ofWhole = ['$size', '$elemMatch', '$all']

/** The values at the end of a path as the operator sees them. */
const seenAt = (doc: Doc, path: string, operator: string): Value[] => {
  const parts = path.split('.')
  const name = parts.at(-1) ?? ''
  const above = parts.length === 1 ? [doc] : leavesOf(doc, parts.slice(0, -1))
  const ends = above.flatMap((parent) => (kindOf(parent ?? null) === 'object' ? [(parent as Doc)[name]] : []))
  return ends.flatMap((value) => {
    if (value === undefined) return []
    return Array.isArray(value) && !ofWhole.includes(operator) ? [...value, value] : [value]
  })
}

const considered = (doc: Doc, path: string, operator: string): Doc => {
  const values = seenAt(doc, path, operator)
  const [first = null] = values
  if (values.length > 1) return { consideredValues: values }
  return operator === '$type' ? { consideredValue: first, consideredType: kindOf(first) } : { consideredValue: first }
}

type Told = Source & { readonly path: string; readonly held: boolean }

const leafDetails = ({ operator, specifiedAs, path, held }: Told, doc: Doc): Doc => {
  const base = { operatorName: operator, specifiedAs }
  if (operator === '$exists') return { ...base, reason: reasonFor(operator, held) }
  if (seenAt(doc, path, operator).length === 0) return { ...base, reason: 'field was missing' }
  return { ...base, reason: reasonFor(operator, held), ...considered(doc, path, operator) }
}

const sourceOf = ({ operator, operand, path, plain }: Field): Source => ({
  operator,
  specifiedAs: plain ? { [path]: operand } : { [path]: { [operator]: operand } },
})

const composedDetails = (source: Source, doc: Doc, held: boolean): Doc => {
  const [[path = ''] = []] = fieldsOf(source.specifiedAs)
  return leafDetails({ ...source, path, held }, doc)
}

const specialDetails = (operator: string, operand: Value, { doc, held }: { doc: Doc; held: boolean }): Doc => {
  const base = { operatorName: operator, specifiedAs: { [operator]: operand }, reason: reasonFor(operator, held) }
  if (operator !== '$expr') return base
  const result = parseExpression(operand, plainScope()).evaluate({ root: doc, variables: new Map() })
  return result === undefined ? base : { ...base, expressionResult: result }
}

const clauses = (filters: readonly Filter[], doc: Doc, held: boolean): Value[] =>
  filters.flatMap((filter, index) =>
    filter.match(doc) === held ? [{ index, details: explainFailure(filter, doc, held) }] : [],
  )

/**
 * What the errInfo of code 121 tells under `details`: the operator that failed, what it wanted and what it saw; `held`
 * below a negation, where the fault is that it did not fail.
 */
export const explainFailure = (filter: Filter, doc: Doc, held = false): Doc => {
  switch (filter.type) {
    case 'and':
    case 'or': {
      if (filter.source !== undefined) return composedDetails(filter.source, doc, held)
      const told = clauses(filter.of, doc, held)
      return { operatorName: `$${filter.type}`, [held ? 'clausesSatisfied' : 'clausesNotSatisfied']: told }
    }
    case 'nor': {
      const told = clauses(filter.of, doc, !held)
      return { operatorName: '$nor', [held ? 'clausesNotSatisfied' : 'clausesSatisfied']: told }
    }
    case 'not':
      if (filter.source !== undefined) return composedDetails(filter.source, doc, !held)
      return { operatorName: '$not', details: explainFailure(filter.of, doc, !held) }
    case 'special':
      if (!held && filter.explain !== undefined) return filter.explain(doc)
      return specialDetails(filter.operator, filter.operand, { doc, held })
    case 'field':
      return leafDetails({ ...sourceOf(filter), path: filter.path, held }, doc)
  }
}
