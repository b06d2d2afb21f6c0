import type { Filter } from '../query/tree.ts'
import type { IndexDefinition } from './definition.ts'

const topOf = (path: string): string => path.split('.', 1)[0] ?? path

/** A partial index is filtered by conditions on fields, joined by `$and` and `$or`, and by nothing else. */
const filterFields = (filter: Filter): string[] => {
  if (filter.type === 'and' || filter.type === 'or') return filter.of.flatMap(filterFields)
  return filter.type === 'field' ? [topOf(filter.path)] : []
}

/** The top-level fields on which the keys of an index depend; undefined when it may be any. */
export const keyFields = ({ fields, text, wildcard, partial }: IndexDefinition): readonly string[] | undefined => {
  if (text !== undefined || wildcard !== undefined) return undefined
  const keys = fields.map(({ path }) => topOf(path))
  return [...new Set(partial === undefined ? keys : [...keys, ...filterFields(partial)])]
}

/** The same of several indexes together. */
export const allKeyFields = (definitions: readonly IndexDefinition[]): readonly string[] | undefined => {
  const found = definitions.map(keyFields)
  return found.includes(undefined) ? undefined : [...new Set(found.flatMap((fields) => fields ?? []))]
}
