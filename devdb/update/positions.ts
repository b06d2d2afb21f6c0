import { show, showDoc } from '../bson/show.ts'
import { type Doc, getField, isDoc, kindOf, type Value } from '../bson/values.ts'
import { type CodeName, failure } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Found } from '../query/paths.ts'
import { plainScope, type Scope } from '../query/scope.ts'
import type { Action, Update } from './parse.ts'
import { isDynamic, isPositional } from './paths.ts'

export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>

const none: ArrayFilters = new Map()

const banned: Readonly<Record<string, CodeName>> = {
  $text: 'BadValue',
  $where: 'BadValue',
  $expr: 'QueryFeatureNotAllowed',
  $jsonSchema: 'QueryFeatureNotAllowed',
}

const names = (filter: Doc): string[] =>
  Object.entries(filter).flatMap(([name, value]) => {
    if (!name.startsWith('$')) return [name.slice(0, name.includes('.') ? name.indexOf('.') : undefined)]
    const error = banned[name]
    if (error !== undefined)
      throw failure(error, `Error parsing array filter :: caused by :: ${name} is not allowed in this context`)
    return Array.isArray(value) ? value.flatMap((branch) => (isDoc(branch) ? names(branch) : [])) : []
  })

const identifierOf = (filter: Doc): string => {
  const [name, ...others] = [...new Set(names(filter))]
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

const wrongType = (field: string, value: Value, expected: string): Error =>
  failure('TypeMismatch', `BSON field '${field}' is the wrong type '${kindOf(value)}', expected type '${expected}'`)

const checkUsed = (used: ReadonlySet<string>, name: string, update: Doc): void => {
  if (used.has(`$[${name}]`)) return
  throw failure(
    'FailedToParse',
    `The array filter for identifier '${name}' was not used in the update ${showDoc(update)}`,
  )
}

/** Reads `arrayFilters`; each must be used by some path of the update (code 9), and a pipeline takes none. */
export const parseArrayFilters = (
  filters: Value | undefined,
  update: Update,
  scope: Scope = plainScope(),
): ArrayFilters => {
  if (filters === undefined) return none
  if (!Array.isArray(filters)) throw wrongType('arrayFilters', filters, 'array')
  if (filters.length === 0) return none
  if (update.kind === 'pipeline')
    throw failure('FailedToParse', 'arrayFilters may not be specified for pipeline-syle updates')
  const used = new Set(update.kind === 'operators' ? update.actions.flatMap(({ parts }) => parts) : [])
  const parsed = new Map<string, (element: Value) => boolean>()
  for (const [index, item] of filters.entries()) {
    if (!isDoc(item)) throw wrongType(`arrayFilters.${index}`, item, 'object')
    const name = identifierOf(item)
    const filter = parseFilter(item, scope)
    if (parsed.has(name))
      throw failure('FailedToParse', `Found multiple array filters with the same top-level field name ${name}`)
    parsed.set(name, (element) => filter.match({ [name]: element }))
  }
  for (const name of parsed.keys()) checkUsed(used, name, update.kind === 'operators' ? update.spec : update.doc)
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

const childOf = (node: Value | undefined, name: string): Value | undefined => {
  if (Array.isArray(node)) return node[Number(name)]
  return node !== undefined && isDoc(node) ? getField(node, name) : undefined
}

/** The concrete paths that `$`, `$[]` and `$[name]` stand for in this document. */
export const concretePaths = (
  doc: Doc,
  { parts, path }: Action,
  { found, filters }: Sources,
): (readonly string[])[] => {
  if (!isDynamic(parts)) return [parts]
  const step = (node: Value | undefined, done: readonly string[], rest: readonly string[]): (readonly string[])[] => {
    const [part, ...after] = rest
    if (part === undefined) return [done]
    const into = (name: string) => step(childOf(node, name), [...done, name], after)
    if (!isPositional(part)) return into(part)
    if (part === '$') return into(positionOf(found, done))
    const name = part.slice(2, -1)
    const accepts = name === '' ? () => true : filters.get(name)
    if (accepts === undefined)
      throw failure('BadValue', `No array filter found for identifier '${name}' in path '${path}'`)
    return arrayFor(node, done).flatMap((element, index) => (accepts(element) ? into(String(index)) : []))
  }
  return step(doc, [], parts)
}
