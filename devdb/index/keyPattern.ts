import { toNumber } from '../bson/numbers.ts'
import { showDoc } from '../bson/show.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'
import { findLanguage, type Language } from '../query/text/textLanguages.ts'
import type { IndexField } from './keys.ts'
import type { TextIndex } from './textIndex.ts'

const foreign = ['2d', '2dsphere', '2dsphere_bucket', 'geoHaystack', 'columnstore', 'queryable_encrypted_range']

const checkPath = (path: string): string[] => {
  const parts = path.split('.')
  if (parts.includes('')) throw failure('CannotCreateIndex', 'Index keys cannot contain an empty field.')
  if (path === '_fts') throw failure('CannotCreateIndex', "Index key contains an illegal field name: '_fts'.")
  const dollar = parts.find((part) => part.startsWith('$') && !['$id', '$ref', '$db'].includes(part))
  if (dollar !== undefined)
    throw failure('CannotCreateIndex', `Index key contains an illegal field name: field name starts with '$'.`)
  if (parts.some((part) => /^\d+$/.test(part)))
    throw unsupported(`an index through an array position (field '${path}')`)
  return parts
}

const directionOf = (value: Value): 1 | -1 => {
  if (!isNumeric(value)) {
    throw failure(
      'CannotCreateIndex',
      `Values in v:2 index key pattern cannot be of type ${kindOf(value)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    )
  }
  const number = toNumber(value)
  if (number === 0 || Number.isNaN(number))
    throw failure('CannotCreateIndex', 'Values in the index key pattern cannot be 0.')
  return number < 0 ? -1 : 1
}

const kindOfIndex = (path: string, value: string, key: Doc): 'hashed' | 'text' => {
  if (foreign.includes(value)) throw unsupported(`an index of type '${value}' (field '${path}')`)
  if (value === '') throw failure('CannotCreateIndex', 'Values in the index key pattern cannot be empty strings')
  if (value !== 'hashed' && value !== 'text')
    throw failure('CannotCreateIndex', `Unknown index plugin '${value}' in index ${showDoc(key)}`)
  return value
}

/** A field of an ordinary or hashed index. */
const plainField = (path: string, value: Value, key: Doc): IndexField => {
  const hashed = typeof value === 'string' && kindOfIndex(path, value, key) === 'hashed'
  return { path, parts: checkPath(path), direction: hashed ? 1 : directionOf(value), hashed }
}

/** The fields of an index that is neither text nor wildcard. */
export const plainFields = (key: Doc, unique: boolean): IndexField[] => {
  const fields = Object.entries(key).map(([path, value]) => plainField(path, value, key))
  const hashed = fields.filter((field) => field.hashed).length
  if (hashed > 1)
    throw location(
      31303,
      `A maximum of one index field is allowed to be hashed but found ${hashed} for 'key' ${showDoc(key)}`,
    )
  if (hashed === 1 && unique)
    throw location(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.')
  return fields
}

const maxWeight = 100_000

const weightOf = ([path, value]: [string, Value]): [string, number] => {
  if (path !== '$**') checkPath(path.replace(/\.\$\*\*$/, ''))
  if (path.endsWith('.$**'))
    throw failure('CannotCreateIndex', `Index key contains an illegal field name: '${path}' in a text index`)
  const weight = isNumeric(value) ? Math.trunc(toNumber(value)) : Number.NaN
  if (!(weight > 0 && weight < maxWeight))
    throw failure(
      'CannotCreateIndex',
      `text index weight must be in the exclusive interval (0,${maxWeight}) but found: ${weight}`,
    )
  return [path, weight]
}

const weightsOf = (key: Doc, given: Value | undefined): Map<string, number> => {
  const weights = new Map<string, number>()
  for (const [path, value] of Object.entries(key)) if (value === 'text' && path !== '_fts') weights.set(path, 1)
  if (typeof given === 'string') {
    if (given !== '$**') throw failure('CannotCreateIndex', 'text index option weights must be an object or "$**"')
    weights.set('$**', 1)
  } else if (given !== undefined) {
    if (!isDoc(given)) throw failure('CannotCreateIndex', 'text index option weights must be an object')
    for (const entry of Object.entries(given)) weights.set(...weightOf(entry))
  }
  for (const entry of weights) weightOf(entry)
  return new Map([...weights].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const languageNamed = (value: Value | undefined): { name: string; language: Language } => {
  const name = value ?? 'english'
  const language = typeof name === 'string' ? findLanguage(name) : undefined
  if (language === undefined) throw failure('CannotCreateIndex', 'default_language is not valid')
  return { name: String(name), language }
}

const overrideNamed = (value: Value | undefined): string => {
  const name = value ?? 'language'
  if (typeof name !== 'string' || name === '' || name.startsWith('$'))
    throw failure('CannotCreateIndex', 'language_override is not valid')
  return name
}

/** Fields in front of the text, then the text, then fields behind it; the text is in one piece. */
const sides = (key: Doc): { before: IndexField[]; after: IndexField[] } => {
  const entries = Object.entries(key).filter(([path]) => path !== '_ftsx')
  const first = entries.findIndex(([, value]) => value === 'text')
  const last = entries.findLastIndex(([, value]) => value === 'text')
  if (entries.slice(first, last + 1).some(([, value]) => value !== 'text'))
    throw failure('CannotCreateIndex', "'text' fields in index must all be adjacent")
  const field = ([path, value]: [string, Value]): IndexField => plainField(path, value, key)
  return { before: entries.slice(0, first).map(field), after: entries.slice(last + 1).map(field) }
}

/** Reads the parts of a text index, and the description that listIndexes answers. */
export const textIndexOf = (entry: Doc, key: Doc): { readonly text: TextIndex; readonly spec: Doc } => {
  const version = entry.textIndexVersion
  if (version !== undefined && !(isNumeric(version) && toNumber(version) === 3))
    throw unsupported('a text index of another version than 3')
  const { before, after } = sides(key)
  const weights = weightsOf(key, entry.weights)
  const { name, language } = languageNamed(entry.default_language)
  const languageOverride = overrideNamed(entry.language_override)
  const described = (fields: readonly IndexField[]): Doc =>
    Object.fromEntries(fields.map(({ path }) => [path, key[path] ?? 1]))
  const spec: Doc = {
    key: { ...described(before), _fts: 'text', _ftsx: 1, ...described(after) },
    weights: Object.fromEntries(weights),
    default_language: name,
    language_override: languageOverride,
    textIndexVersion: 3,
  }
  return { text: { weights, defaultLanguage: language, languageOverride, before, after }, spec }
}
