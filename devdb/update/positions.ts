import { show, showDoc } from '../bson/show.ts'
import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { type Filter, parseFilter } from '../query/matcher.ts'
import type { Found } from '../query/paths.ts'
import type { Action } from './parse.ts'

export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>

const identifiers = (filter: Filter): string[] => {
  if (filter.type === 'field') return [filter.path.split('.')[0] ?? '']
  return filter.type === 'not' ? identifiers(filter.of) : filter.of.flatMap(identifiers)
}

const identifierOf = (filter: Filter): string => {
  const [name, ...others] = [...new Set(identifiers(filter))]
  if (name === undefined)
    throw failure('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters')
  if (others.length > 0) {
    throw failure(
      'FailedToParse',
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${others[0]}'`,
    )
  }
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    throw failure(
      'BadValue',
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    )
  }
  return name
}

/** Reads `arrayFilters`; each must be used by some path of the update. */
export const parseArrayFilters = (filters: Value | undefined, actions: readonly Action[]): ArrayFilters => {
  const parsed = new Map<string, (element: Value) => boolean>()
  if (filters === undefined) return parsed
  if (!Array.isArray(filters))
    throw failure('TypeMismatch', "BSON field 'arrayFilters' is the wrong type, expected type 'array'")
  for (const item of filters) {
    if (!isDoc(item)) throw failure('TypeMismatch', 'each array filter must be an object')
    const filter = parseFilter(item)
    const name = identifierOf(filter)
    if (parsed.has(name))
      throw failure('FailedToParse', `Found multiple array filters with the same top-level field name ${name}`)
    if (!actions.some(({ parts }) => parts.includes(`$[${name}]`))) {
      throw failure(
        'FailedToParse',
        `The array filter for identifier '${name}' was not used in the update ${showDoc(item)}`,
      )
    }
    parsed.set(name, (element) => filter.match({ [name]: element }))
  }
  return parsed
}

const arrayFor = (node: Value | undefined, parts: readonly string[]): Value[] => {
  const path = parts.join('.')
  if (node === undefined)
    throw failure('BadValue', `The path '${path}' must exist in the document in order to apply array updates.`)
  if (!Array.isArray(node))
    throw failure('BadValue', `Cannot apply array updates to non-array element ${parts.at(-1)}: ${show(node)}`)
  return node
}

const positionOf = (found: Found | undefined, parts: readonly string[]): string => {
  const index = found?.positions.get(parts.join('.')) ?? found?.last
  if (index === undefined)
    throw failure('BadValue', 'The positional operator did not find the match needed from the query.')
  return String(index)
}

type Sources = { readonly found: Found | undefined; readonly filters: ArrayFilters }

/** The concrete paths that `$`, `$[]` and `$[name]` stand for in this document. */
export const concretePaths = (doc: Doc, { parts, path }: Action, { found, filters }: Sources): string[][] => {
  if (!parts.some((part) => part.startsWith('$'))) return [[...parts]]
  const step = (node: Value | undefined, done: string[], rest: readonly string[]): string[][] => {
    const [part, ...after] = rest
    if (part === undefined) return [done]
    const into = (name: string): string[][] => {
      const child = Array.isArray(node)
        ? node[Number(name)]
        : node !== undefined && isDoc(node)
          ? getField(node, name)
          : undefined
      return step(child, [...done, name], after)
    }
    if (!part.startsWith('$')) return into(part)
    if (part === '$') return into(positionOf(found, done))
    const array = arrayFor(node, done)
    const name = part.slice(2, -1)
    const accepts = name === '' ? () => true : filters.get(name)
    if (accepts === undefined)
      throw failure('BadValue', `No array filter found for identifier '${name}' in path '${path}'`)
    return array.flatMap((element, index) => (accepts(element) ? into(String(index)) : []))
  }
  return step(doc, [], parts)
}
