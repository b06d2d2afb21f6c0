import { failure, location, unsupported } from '../errors.ts'
import { remembering } from '../remembering.ts'
import { integerOf } from './numbers.ts'
import { show, showDoc } from './show.ts'
import { type Doc, fieldsOf, isDoc, kindOf, setField, type Value } from './values.ts'

/** How strings compare when it is not byte by byte; numbers, dates and the rest are never affected. */
export type Collation = {
  /** The complete document, defaults filled in: what listIndexes and listCollections answer. */
  readonly spec: Doc
  readonly compare: (a: string, b: string) => number
  /** Equal strings, and only those, have one key. Keys tell nothing about the order. */
  readonly equalityKey: (text: string) => string
}

type Compare = Collation['compare']

const keywords: Readonly<Record<string, string>> = { phonebook: 'phonebk', traditional: 'trad', search: 'search' }

/** ICU writes `de@collation=phonebook` and `en_US` what JavaScript writes `de-u-co-phonebk` and `en-US`. */
const tagOf = (locale: string, spec: Doc): string => {
  const [name = '', keyword] = locale.split('@collation=')
  const tag = name.replaceAll('_', '-')
  const full = keyword === undefined ? tag : `${tag}-u-co-${keywords[keyword] ?? keyword}`
  const known = /^[a-z]{2,3}(-[A-Za-z]+)*$/.test(tag) && Intl.Collator.supportedLocalesOf(tag).length > 0
  const resolved = known ? new Intl.Collator(full).resolvedOptions().collation : undefined
  if (!known || (keyword !== undefined && resolved !== (keywords[keyword] ?? keyword)))
    throw failure('BadValue', `Field 'locale' is invalid in: ${showDoc(spec)}`)
  return full
}

const choices: Readonly<Record<string, readonly string[]>> = {
  caseFirst: ['off', 'upper', 'lower'],
  alternate: ['non-ignorable', 'shifted'],
  maxVariable: ['punct', 'space'],
}

const flags = ['caseLevel', 'numericOrdering', 'normalization', 'backwards']

const wrongType = (name: string, value: Value, expected: string): Error =>
  failure('TypeMismatch', `BSON field 'collation.${name}' is the wrong type '${kindOf(value)}', expected ${expected}`)

const notAChoice = (name: string, value: Value): Error =>
  failure('BadValue', `Enumeration value '${show(value)}' for field 'collation.${name}' is not a valid value.`)

// What MongoDB's own collator says of itself; clients compare it.
const collatorVersion = '57.1'

const checkField = (name: string, value: Value): Value => {
  if (flags.includes(name)) {
    if (typeof value !== 'boolean') throw wrongType(name, value, "type 'bool'")
  } else if (name === 'strength') {
    const strength = integerOf(value)
    if (strength === undefined) throw wrongType(name, value, "types '[long, int, decimal, double]'")
    if (strength < 1 || strength > 5) throw notAChoice(name, value)
    return strength
  } else if (name === 'locale' || name === 'version' || choices[name] !== undefined) {
    if (typeof value !== 'string') throw wrongType(name, value, "type 'string'")
    if (choices[name]?.includes(value) === false) throw notAChoice(name, value)
    if (name === 'version' && value !== collatorVersion)
      throw failure(
        'IncompatibleCollationVersion',
        `Requested collation version ${value} but the only available collator version was ${collatorVersion}`,
      )
  } else {
    throw location(40415, `BSON field 'collation.${name}' is an unknown field.`)
  }
  return value
}

const complete = (given: Doc): Doc => {
  const checked = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, checkField(name, value)]))
  return {
    locale: given.locale ?? null,
    caseLevel: false,
    caseFirst: 'off',
    strength: 3,
    numericOrdering: false,
    alternate: 'non-ignorable',
    maxVariable: 'punct',
    normalization: false,
    backwards: given.locale === 'fr_CA',
    version: collatorVersion,
    ...checked,
  }
}

const codePoints = (a: string, b: string): number => {
  const [left, right] = [Buffer.from(a.normalize('NFD')), Buffer.from(b.normalize('NFD'))]
  return Buffer.compare(left, right)
}

const inTurn =
  (compares: readonly Compare[]): Compare =>
  (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b)
      if (order !== 0) return order
    }
    return 0
  }

/** What JavaScript's collator cannot do is refused: strings would compare otherwise than they do in MongoDB. */
const checkAble = ({ strength, alternate, maxVariable, backwards, locale }: Doc): void => {
  if (alternate === 'shifted' && maxVariable === 'space') throw unsupported("the collation option maxVariable: 'space'")
  if (alternate === 'shifted' && (strength === 4 || strength === 5))
    throw unsupported("a collation of strength 4 or 5 with alternate: 'shifted'")
  if (backwards !== (locale === 'fr_CA')) throw unsupported('the collation option backwards')
}

/** Levels as collators in turn: Intl knows base, accents, case and all of them, but not every sum of them. */
const compareOf = (spec: Doc): Compare => {
  checkAble(spec)
  const tag = tagOf(spec.locale as string, spec)
  const caseFirst = spec.caseFirst === 'off' ? 'false' : (spec.caseFirst as 'upper' | 'lower')
  const at = (sensitivity: 'base' | 'accent' | 'case' | 'variant'): Compare =>
    new Intl.Collator(tag, {
      sensitivity,
      numeric: spec.numericOrdering === true,
      caseFirst,
      ignorePunctuation: spec.alternate === 'shifted',
    }).compare
  const strength = spec.strength as number
  if (strength === 1) return spec.caseLevel === true ? at('case') : at('base')
  if (strength === 2) return spec.caseLevel === true ? inTurn([at('accent'), at('case')]) : at('accent')
  const levels = spec.caseLevel === true ? [at('accent'), at('case'), at('variant')] : [at('variant')]
  if (strength === 5) levels.push(codePoints)
  return levels.length === 1 ? at('variant') : inTurn(levels)
}

// The way to a representative, which is found again without it.
const mostKnown = 20_000

/**
 * Intl gives no sort keys, so the key of a string is the first string seen that equals it: kept in order, found by
 * bisection. Nothing is ever forgotten, for indexes hold the keys.
 */
const makeEqualityKey = (compare: Compare): Collation['equalityKey'] => {
  const remember = remembering<string>(mostKnown)
  const representatives: string[] = []

  const represent = (text: string): string => {
    let low = 0
    let high = representatives.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = representatives[middle] ?? ''
      const order = compare(candidate, text)
      if (order === 0) return candidate
      if (order < 0) low = middle + 1
      else high = middle
    }
    representatives.splice(low, 0, text)
    return text
  }

  return (text) => remember(text, represent)
}

// One per specification: a collator is slow to make, and the keys of an index and of a query must agree.
const made = new Map<string, Collation>()

/**
 * Reads the `collation` of a command or an index; undefined for the byte-wise one (absent, empty or `simple`). Throws
 * MongoDB's errors (2, 14, 40414, 40415) for a malformed one and 238 for what JavaScript's collator cannot do.
 */
export const parseCollation = (value: Value | undefined): Collation | undefined => {
  if (value === undefined) return undefined
  if (!isDoc(value))
    throw failure('TypeMismatch', `BSON field 'collation' is the wrong type '${kindOf(value)}', expected type 'object'`)
  if (Object.keys(value).length === 0) return undefined
  if (value.locale === undefined) throw location(40414, "BSON field 'collation.locale' is missing but a required field")
  const spec = complete(value)
  if (spec.locale === 'simple') {
    if (Object.keys(value).length === 1) return undefined
    throw failure('BadValue', `If locale=simple, no other fields should be present in: ${showDoc(value)}`)
  }
  const name = JSON.stringify(spec)
  const known = made.get(name)
  if (known !== undefined) return known
  const compare = compareOf(spec)
  const collation = { spec, compare, equalityKey: makeEqualityKey(compare) }
  made.set(name, collation)
  return collation
}

/** The value with its strings, also those within, replaced by their keys: `encodeKey` of it is equal for equal values. */
export const withEqualityKeys = (value: Value, collation: Collation | undefined): Value => {
  if (collation === undefined) return value
  if (typeof value === 'string') return collation.equalityKey(value)
  if (Array.isArray(value)) return value.map((item) => withEqualityKeys(item, collation))
  if (!isDoc(value)) return value
  const keys: Doc = {}
  for (const [name, item] of fieldsOf(value)) setField(keys, name, withEqualityKeys(item, collation))
  return keys
}
