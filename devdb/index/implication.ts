import { encodeKey } from '../bson/keys.ts'
import { compare, sameBracket } from '../bson/order.ts'
import type { Doc, Value } from '../bson/values.ts'
import type { Field, Filter } from '../query/tree.ts'
import { holdsStrings } from './bounds.ts'

const nested = (path: string, value: Value): Doc =>
  path.split('.').reduceRight<Value>((inner, part) => ({ [part]: inner }), value) as Doc

const isRange = (operator: string): boolean => ['$gt', '$gte', '$lt', '$lte'].includes(operator)

const rangeImplies = (asked: Field, wanted: Field): boolean => {
  if (!isRange(wanted.operator) || asked.operator.slice(0, 2) !== wanted.operator.slice(0, 2)) return false
  if (!sameBracket(asked.operand, wanted.operand)) return false
  const order = compare(asked.operand, wanted.operand) * (wanted.operator.startsWith('$g') ? 1 : -1)
  return order > 0 || (order === 0 && (wanted.operator.endsWith('e') || !asked.operator.endsWith('e')))
}

const fieldImplies = (asked: Field, wanted: Field): boolean => {
  if (asked.path !== wanted.path) return false
  // Under a collation a condition matches other strings too, and orders them differently.
  const alike = asked.collation === undefined && wanted.collation === undefined
  if (!alike && (holdsStrings(asked.operand) || holdsStrings(wanted.operand))) return false
  if (asked.operator === wanted.operator && encodeKey(asked.operand) === encodeKey(wanted.operand)) return true
  if (asked.operator === '$eq') return !Array.isArray(asked.operand) && wanted.match(nested(wanted.path, asked.operand))
  if (asked.operator === '$in') {
    const operands = asked.operand as Value[]
    return operands.every((item) => !Array.isArray(item) && wanted.match(nested(wanted.path, item)))
  }
  if (isRange(asked.operator)) {
    if (wanted.operator === '$exists') return asked.operand !== null
    return rangeImplies(asked, wanted)
  }
  return false
}

/** Whether every document the filter can match is in the partial index. When in doubt: no. */
export const implies = (filter: Filter, partial: Filter): boolean => {
  if (partial.type === 'and') return partial.of.every((part) => implies(filter, part))
  if (partial.type !== 'field') return false
  if (filter.type === 'and') return filter.of.some((part) => implies(part, partial))
  if (filter.type === 'or') return filter.of.every((branch) => implies(branch, partial))
  // An `$in` with null, or equality with null, also matches a missing field, which `match` above sees as null.
  if (filter.type !== 'field') return false
  const mayBeMissing = filter.operand === null || (Array.isArray(filter.operand) && filter.operand.includes(null))
  return !(mayBeMissing && filter.operator !== partial.operator) && fieldImplies(filter, partial)
}
