import { failure } from '../errors.ts'

/** A name with a dollar where MongoDB stores none: code 52. */
export const dollarName = (part: string, path: string): Error =>
  failure(
    'DollarPrefixedFieldName',
    `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  )

// The fields of a DBRef are the only names with a dollar that an update may write at the top of a document.
const isReference = (part: string): boolean => part === '$ref' || part === '$id' || part === '$db'

const isIdentifier = (part: string): boolean => part.startsWith('$[') && part.endsWith(']')

/** `$`, `$[]` and `$[name]`. */
export const isPositional = (part: string): boolean => part === '$' || isIdentifier(part)

/** Whether the path leads to a field at the top that only an insert may write; within values any name is allowed. */
export const isDollarField = ([first = '']: readonly string[]): boolean =>
  first.startsWith('$') && !isPositional(first) && !isReference(first)

/** Reads the path of an update; throws MongoDB's error for an empty part or a misplaced `$`. */
export const pathParts = (path: string): string[] => {
  if (path === '') throw failure('EmptyFieldName', 'An empty update path is not valid.')
  const parts = path.split('.')
  if (parts.includes(''))
    throw failure('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`)
  if (!path.includes('$')) return parts
  const [first = ''] = parts
  const element = first === '$' ? "positional (i.e. '$')" : "array filter identifier (i.e. '$[<id>]')"
  if (first === '$' || isIdentifier(first))
    throw failure('BadValue', `Cannot have ${element} element in the first position in path '${path}'`)
  if (parts.filter((part) => part === '$').length > 1)
    throw failure('BadValue', `Too many positional (i.e. '$') elements found in path '${path}'`)
  return parts
}

/** The top level of a replacement holds no names of operators (code 52); within values they are allowed. */
export const checkReplacementNames = (names: readonly string[]): void => {
  const dollar = names.find((name) => name.startsWith('$'))
  if (dollar !== undefined) throw dollarName(dollar, dollar)
}

/** The order MongoDB changes fields in: by name, and array positions by number. */
export const compareParts = (a: readonly string[], b: readonly string[]): number => {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left = '', right = ''] = [a[index], b[index]]
    if (left === right) continue
    if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right)
    return left < right ? -1 : 1
  }
  return a.length - b.length
}

/** Two changes at one path, or one inside the other, have no defined result: code 40. */
export const checkConflicts = (paths: readonly (readonly string[])[]): void => {
  if (paths.length < 2) return
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

/** Whether a path stands for different places in different documents. */
export const isDynamic = (parts: readonly string[]): boolean => parts.some(isPositional)
