import type { Collation } from '../bson/collation.ts'
import { emptyArrayKey, encodeKey } from '../bson/keys.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { isTruthy } from '../query/operators.ts'
import { collatedKey } from './keys.ts'

/** Which paths a wildcard index holds. */
export type Wildcard = {
  /** `''` for `$**`, `a.b` for `a.b.$**`. */
  readonly root: string
  readonly direction: 1 | -1
  readonly holds: (path: string) => boolean
  /** Whether some path below this one may be held. */
  readonly enters: (path: string) => boolean
}

const isWithin = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}.`)

const flatten = (spec: Doc, prefix = ''): [string, Value][] =>
  Object.entries(spec).flatMap(([name, value]): [string, Value][] =>
    isDoc(value) ? flatten(value, `${prefix}${name}.`) : [[prefix + name, value]],
  )

/** Reads `$**` or `path.$**` with its `wildcardProjection`; throws MongoDB's errors for a mixed or misplaced one. */
export const parseWildcard = (path: string, direction: 1 | -1, projection: Doc | undefined): Wildcard => {
  const root = path === '$**' ? '' : path.slice(0, -'.$**'.length)
  if (projection === undefined) {
    // The _id has its index already.
    const holds = (at: string) => (root === '' ? !isWithin(at, '_id') : isWithin(at, root))
    return { root, direction, holds, enters: (at) => holds(at) || isWithin(root, at) }
  }
  const entries = flatten(projection)
  if (entries.some(([, value]) => !isNumeric(value) && typeof value !== 'boolean'))
    throw location(
      51271,
      'Bad projection specification, cannot use computed fields when parsing a spec in kBanComputedFields mode',
    )
  const id = entries.find(([name]) => name === '_id')
  const others = entries.filter(([name]) => name !== '_id')
  const kept = others.filter(([, value]) => isTruthy(value)).map(([name]) => name)
  const cut = others.filter(([, value]) => !isTruthy(value)).map(([name]) => name)
  if (kept.length > 0 && cut.length > 0)
    throw location(31254, `Cannot do exclusion on field ${cut[0]} in inclusion projection`)
  const idWanted = id !== undefined && isTruthy(id[1])
  const included = kept.length > 0 || (cut.length === 0 && idWanted)
  const holds = (at: string): boolean => {
    if (isWithin(at, '_id')) return idWanted
    return included ? kept.some((name) => isWithin(at, name)) : !cut.some((name) => isWithin(at, name))
  }
  return { root, direction, holds, enters: (at) => holds(at) || kept.some((name) => isWithin(name, at)) }
}

/** What all keys of one path begin with. */
export const wildcardPrefix = (path: string): string => encodeKey(path)

export type WildcardKeys = { readonly keys: readonly string[]; readonly multikeyPaths: ReadonlySet<string> }

/** One key for each scalar that a held path reaches; arrays give one for each element. */
export const wildcardKeys = (doc: Doc, wildcard: Wildcard, collation: Collation | undefined): WildcardKeys => {
  const keys = new Set<string>()
  const multikeyPaths = new Set<string>()
  const add = (path: string, key: string): void => {
    if (wildcard.holds(path)) keys.add(wildcardPrefix(path) + key)
  }
  const visit = (path: string, value: Value): void => {
    if (isDoc(value)) {
      const fields = Object.entries(value)
      if (fields.length === 0 && path !== '') add(path, encodeKey(value))
      for (const [name, inner] of fields) {
        const at = path === '' ? name : `${path}.${name}`
        if (wildcard.enters(at)) visit(at, inner)
      }
    } else if (Array.isArray(value)) {
      multikeyPaths.add(path)
      if (value.length === 0) add(path, emptyArrayKey)
      for (const element of value) {
        if (Array.isArray(element)) add(path, collatedKey(element, collation))
        else visit(path, element)
      }
    } else {
      add(path, collatedKey(value, collation))
    }
  }
  visit('', doc)
  return { keys: [...keys], multikeyPaths }
}
