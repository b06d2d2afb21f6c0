import type { BSONRegExp } from 'bson'
import { bracketOf, encodeKey, invert, nullKey, stringPrefixKey } from '../bson/keys.ts'
import { kindOf, type Value } from '../bson/values.ts'
import type { Filter } from '../query/matcher.ts'
import type { Interval } from './sortedKeys.ts'

/** A stretch of one field's keys, before the direction of the index is applied. */
export type Stretch = {
  readonly low: string
  readonly lowIncluded: boolean
  readonly high: string
  readonly highIncluded: boolean
}

/** What a filter says of one path. `points`: only single values (equality, `$in`). */
export type PathBounds = { readonly stretches: readonly Stretch[]; readonly points: boolean; readonly operator: string }

/** Above every byte sequence a key can continue with. */
const beyond = '\xff\xff'

const point = (key: string): Stretch => ({ low: key, lowIncluded: true, high: key, highIncluded: true })

export const everything: Stretch = { low: '\x01', lowIncluded: true, high: '\xfe', highIncluded: false }

/** `^` and plain characters: the strings it matches begin with them, so an index can be read from there. */
const anchoredPrefix = (pattern: string, options: string): string | undefined => {
  if (options.replaceAll('u', '') !== '' || !pattern.startsWith('^') || pattern.includes('|')) return undefined
  const plain = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*)(.?)/s.exec(pattern)
  if (plain === null) return undefined
  const [, literal = '', next = ''] = plain
  const text = literal.replace(/\\(.)/gs, '$1')
  // A quantifier makes the last character optional.
  const certain = '*?{'.includes(next) && next !== '' ? [...text].slice(0, -1).join('') : text
  return certain === '' ? undefined : certain
}

const next = (key: string): string => {
  const end = key.length - 1
  return key.slice(0, end) + String.fromCharCode(key.charCodeAt(end) + 1)
}

const regexStretches = (operand: Value): Stretch[] => {
  const regex = kindOf(operand) === 'regex' ? (operand as BSONRegExp) : undefined
  const pattern = regex?.pattern ?? (typeof operand === 'string' ? operand : undefined)
  const [low, high] = bracketOf('')
  const [regexLow, regexHigh] = ['\x82', '\x83']
  const prefix = pattern === undefined ? undefined : anchoredPrefix(pattern, regex?.options ?? '')
  const strings =
    prefix === undefined
      ? { low, lowIncluded: true, high, highIncluded: false }
      : { low: stringPrefixKey(prefix), lowIncluded: true, high: next(stringPrefixKey(prefix)), highIncluded: false }
  // A stored regular expression equal to the one asked for matches too.
  return [strings, { low: regexLow, lowIncluded: true, high: regexHigh, highIncluded: false }]
}

const rangeStretch = (operator: string, operand: Value): Stretch | undefined => {
  const kind = kindOf(operand)
  if (['null', 'minKey', 'maxKey', 'array', 'object'].includes(kind)) return undefined
  const [low, high] = bracketOf(operand)
  const key = encodeKey(operand)
  const included = operator.endsWith('e')
  return operator.startsWith('$g')
    ? { low: key, lowIncluded: included, high, highIncluded: false }
    : { low, lowIncluded: true, high: key, highIncluded: included }
}

const inStretches = (operand: Value[]): PathBounds | undefined => {
  if (operand.some((item) => Array.isArray(item))) return undefined
  const regexes = operand.filter((item) => kindOf(item) === 'regex')
  const keys = [...new Set(operand.filter((item) => kindOf(item) !== 'regex').map(encodeKey))].sort()
  if (regexes.length > 0) return undefined
  return { stretches: keys.map(point), points: true, operator: '$in' }
}

/** The bounds of one test, or undefined when an index cannot serve it. */
const boundsOf = (operator: string, operand: Value): PathBounds | undefined => {
  switch (operator) {
    case '$eq':
      // An array is equal to a whole stored array or to an element: the index holds only elements.
      if (Array.isArray(operand)) return undefined
      return { stretches: [point(encodeKey(operand))], points: true, operator }
    case '$in':
      return inStretches(operand as Value[])
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte': {
      const stretch = rangeStretch(operator, operand)
      return stretch === undefined ? undefined : { stretches: [stretch], points: false, operator }
    }
    case '$regex':
      return { stretches: regexStretches(operand), points: false, operator }
    case '$exists':
      return { stretches: [everything], points: false, operator }
    default:
      return undefined
  }
}

/** Every bound a filter sets, by path: only what all matching documents fulfil (a conjunction). */
export const collectBounds = (filter: Filter): Map<string, PathBounds[]> => {
  const bounds = new Map<string, PathBounds[]>()
  const visit = (node: Filter, prefix: string): void => {
    if (node.type === 'and') {
      for (const child of node.of) visit(child, prefix)
    } else if (node.type === 'field') {
      const path = prefix + node.path
      const found = boundsOf(node.operator, node.operand)
      if (node.inner !== undefined) visit(node.inner, `${path}.`)
      else if (found !== undefined) bounds.set(path, [...(bounds.get(path) ?? []), found])
    }
  }
  visit(filter, '')
  return bounds
}

const tighten = (a: Stretch, b: Stretch): Stretch => {
  const low = a.low > b.low || (a.low === b.low && !a.lowIncluded) ? a : b
  const high = a.high < b.high || (a.high === b.high && !a.highIncluded) ? a : b
  return { low: low.low, lowIncluded: low.lowIncluded, high: high.high, highIncluded: high.highIncluded }
}

/**
 * One set of bounds out of several on a path. Different elements of an array may fulfil different conditions, so on a
 * multikey field only one condition may bound the scan; elsewhere ranges are intersected.
 */
export const combine = (all: readonly PathBounds[], multikey: boolean): PathBounds | undefined => {
  const best = all.find(({ operator }) => operator === '$eq') ?? all.find(({ points }) => points)
  if (best !== undefined) return best
  const ranges = all.filter(({ operator, stretches }) => operator !== '$exists' && stretches.length === 1)
  const [first, ...rest] = ranges
  if (first === undefined) return all.find(({ operator }) => operator === '$regex') ?? all[0]
  if (multikey) return first
  const merged = rest.reduce(
    (sum, { stretches }) => tighten(sum, stretches[0] ?? sum),
    first.stretches[0] ?? everything,
  )
  return { stretches: [merged], points: false, operator: 'range' }
}

/** The interval of index keys that begin with `prefix` and continue inside the stretch. */
export const intervalOf = (prefix: string, stretch: Stretch, direction: 1 | -1): Interval => {
  const { low, lowIncluded, high, highIncluded } = stretch
  if (direction === 1) {
    return { start: prefix + low + (lowIncluded ? '' : beyond), end: prefix + high + (highIncluded ? beyond : '') }
  }
  return {
    start: prefix + invert(high) + (highIncluded ? '' : beyond),
    end: prefix + invert(low) + (lowIncluded ? beyond : ''),
  }
}

export const isNullPoint = ({ low }: Stretch): boolean => low === nullKey
