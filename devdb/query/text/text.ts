import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Filter, Special } from '../tree.ts'
import { languageOf } from './textLanguages.ts'
import type { TextFields } from './textScore.ts'
import { makeTextMatcher, parseSearch, type TextMatcher } from './textSearch.ts'

/** A `$text` in a filter. It means something only together with the text index of a collection: hence `bind`. */
export type TextFilter = Special & {
  /** Must be called before `match`: the index says which fields are searched, and in which language. */
  readonly bind: (fields: TextFields) => TextMatcher
  readonly score: (doc: Doc) => number
}

const expected = {
  $search: 'string',
  $language: 'string',
  $caseSensitive: 'bool',
  $diacriticSensitive: 'bool',
} as const

const checkTypes = (spec: Doc): void => {
  for (const [name, type] of Object.entries(expected)) {
    const value = spec[name]
    if (value !== undefined && kindOf(value) !== type)
      throw failure('TypeMismatch', `"${name}" had the wrong type. Expected ${type}, found ${kindOf(value)}`)
  }
  if (spec.$search === undefined) throw failure('NoSuchKey', 'Missing expected field "$search"')
  if (Object.keys(spec).some((name) => !Object.hasOwn(expected, name)))
    throw failure('BadValue', 'extra fields in $text')
}

/** Reads the operand of `$text`; throws TypeMismatch, NoSuchKey or BadValue as MongoDB does. */
export const parseText = (value: Value): TextFilter => {
  if (!isDoc(value)) throw failure('TypeMismatch', '$text expects an object')
  checkTypes(value)
  const search = parseSearch(String(value.$search))
  const asked = typeof value.$language === 'string' && value.$language !== '' ? languageOf(value.$language) : undefined
  let matcher: TextMatcher | undefined
  const bind = (fields: TextFields): TextMatcher => {
    matcher = makeTextMatcher(search, fields, {
      language: asked ?? fields.defaultLanguage,
      caseSensitive: value.$caseSensitive === true,
      diacriticSensitive: value.$diacriticSensitive === true,
    })
    return matcher
  }
  const bound = (): TextMatcher => {
    if (matcher === undefined) throw failure('IndexNotFound', 'text index required for $text query')
    return matcher
  }
  return {
    type: 'special',
    operator: '$text',
    operand: value,
    bind,
    match: (doc) => bound().matches(doc),
    score: (doc) => bound().score(doc),
  }
}

const isText = (filter: Filter): filter is TextFilter => filter.type === 'special' && filter.operator === '$text'

const textsIn = (filter: Filter, insideNor: boolean): TextFilter[] => {
  if (isText(filter)) {
    if (insideNor) throw failure('BadValue', 'text expression not allowed in nor')
    return [filter]
  }
  if (filter.type !== 'and' && filter.type !== 'or' && filter.type !== 'nor') return []
  return filter.of.flatMap((child) => textsIn(child, insideNor || filter.type === 'nor'))
}

/** The `$text` of a filter, if it has one; BadValue when it has two, or one where none may stand. */
export const textOf = (filter: Filter): TextFilter | undefined => {
  // Nearly no filter has one, and most say so at once.
  if (filter.type === 'field' || filter.type === 'not') return undefined
  const found = textsIn(filter, false)
  if (found.length > 1) throw failure('BadValue', 'Too many text expressions')
  return found[0]
}
