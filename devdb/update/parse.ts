import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { type Change, changeOf } from './changes.ts'

/** One change at one path, as written in the update: the path may still hold `$`, `$[]` and `$[name]`. */
export type Action = {
  readonly operator: string
  readonly path: string
  readonly parts: readonly string[]
  readonly change: Change
}

export type Update =
  | { readonly kind: 'replacement'; readonly doc: Doc }
  | { readonly kind: 'operators'; readonly actions: readonly Action[] }

export const pathParts = (path: string): string[] => {
  const parts = path.split('.')
  if (path === '') throw failure('EmptyFieldName', 'An empty update path is not valid.')
  if (parts.includes('')) {
    throw failure('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`)
  }
  for (const part of parts) {
    if (part.startsWith('$') && part !== '$' && !/^\$\[[A-Za-z0-9]*\]$/.test(part)) {
      throw failure(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  }
  if (parts[0]?.startsWith('$')) {
    throw failure('BadValue', `Cannot have positional (i.e. '$') element in the first position in path '${path}'`)
  }
  return parts
}

const compareParts = (a: readonly string[], b: readonly string[]): number => {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left = '', right = ''] = [a[index], b[index]]
    if (left === right) continue
    if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right)
    return left < right ? -1 : 1
  }
  return a.length - b.length
}

/** Two changes at one path, or one inside the other, have no defined result: code 40. Sorts the paths on the way. */
export const checkConflicts = (paths: readonly (readonly string[])[]): void => {
  const sorted = [...paths].sort(compareParts)
  const seen = new Set<string>()
  for (const parts of sorted) {
    const path = parts.join('.')
    for (let length = 1; length <= parts.length; length++) {
      const prefix = parts.slice(0, length).join('.')
      if (seen.has(prefix)) {
        throw failure(
          'ConflictingUpdateOperators',
          `Updating the path '${path}' would create a conflict at '${prefix}'`,
        )
      }
    }
    seen.add(path)
  }
}

const actionsOf = ([operator, fields]: [string, Value]): Action[] => {
  if (!operator.startsWith('$')) {
    throw failure(
      'FailedToParse',
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  }
  const makeChange = changeOf(operator)
  if (!isDoc(fields)) {
    throw failure(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${Array.isArray(fields) ? 'array' : typeof fields} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${String(fields)}}`,
    )
  }
  return Object.entries(fields).map(([path, operand]) => ({
    operator,
    path,
    parts: pathParts(path),
    change: makeChange(path, operand),
  }))
}

/** Reads an update: operators or a replacement. `multi` with a replacement is an error, as in MongoDB. */
export const parseUpdate = (update: Value | undefined, multi: boolean): Update => {
  if (Array.isArray(update)) throw unsupported('an update with an aggregation pipeline')
  if (!isDoc(update)) throw failure('FailedToParse', 'Update argument must be either an object or an array')
  const names = Object.keys(update)
  if (!names[0]?.startsWith('$')) {
    const dollar = names.find((name) => name.startsWith('$'))
    if (dollar !== undefined) {
      throw failure(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
    if (multi) throw failure('FailedToParse', 'multi update is not supported for replacement-style update')
    return { kind: 'replacement', doc: update }
  }
  const actions = Object.entries(update).flatMap(actionsOf)
  const renames = actions.filter(({ operator }) => operator === '$rename').map(({ change }) => change.alsoAt ?? [])
  checkConflicts([...actions.map(({ parts }) => parts), ...renames])
  // MongoDB applies changes in the order of their paths, so new fields appear in that order.
  return { kind: 'operators', actions: actions.sort((a, b) => compareParts(a.parts, b.parts)) }
}
