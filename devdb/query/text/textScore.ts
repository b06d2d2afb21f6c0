import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { findLanguage, type Language } from './textLanguages.ts'
import { tokensOf } from './textTokens.ts'

/** Which strings of a document a text index holds, and how much they weigh. */
export type TextFields = {
  /** By path; `$**` weighs every string that has no weight of its own. */
  readonly weights: ReadonlyMap<string, number>
  readonly defaultLanguage: Language
  readonly languageOverride: string
}

export type TextPart = { readonly text: string; readonly weight: number; readonly language: Language }

const overrideOf = (doc: Doc, { languageOverride }: TextFields, outer: Language): Language => {
  const value = Object.hasOwn(doc, languageOverride) ? doc[languageOverride] : undefined
  if (value === undefined) return outer
  if (typeof value !== 'string')
    throw location(17261, `found language override field in document with non-string type: ${kindOf(value)}`)
  const language = findLanguage(value)
  if (language === undefined) throw location(17262, `language override unsupported: ${value}`)
  return language
}

/** Whether some weight may lie at or below the path. */
const leads = (fields: TextFields, path: string): boolean =>
  fields.weights.has('$**') || [...fields.weights.keys()].some((name) => name === path || name.startsWith(`${path}.`))

/** The strings of a document that count; a sub-document may name a language for itself and what is in it. */
export const textPartsOf = (doc: Doc, fields: TextFields): TextPart[] => {
  const parts: TextPart[] = []
  const wildcard = fields.weights.get('$**')
  const visit = (path: string, value: Value, language: Language): void => {
    if (typeof value === 'string') {
      const weight = fields.weights.get(path) ?? wildcard
      if (weight !== undefined) parts.push({ text: value, weight, language })
    } else if (Array.isArray(value)) {
      for (const element of value) visit(path, element, language)
    } else if (isDoc(value)) {
      const own = overrideOf(value, fields, language)
      for (const [name, inner] of Object.entries(value)) {
        if (wildcard !== undefined && name === fields.languageOverride) continue
        const at = path === '' ? name : `${path}.${name}`
        if (leads(fields, at)) visit(at, inner, own)
      }
    }
  }
  visit('', doc, fields.defaultLanguage)
  return parts
}

type Occurrence = { count: number; divisor: number; frequency: number }

const occurrences = (tokens: readonly string[]): Map<string, Occurrence> => {
  const found = new Map<string, Occurrence>()
  for (const term of tokens) {
    const known = found.get(term)
    if (known === undefined) {
      found.set(term, { count: 1, divisor: 1, frequency: 1 })
    } else {
      known.divisor *= 2
      known.count++
      known.frequency += 1 / known.divisor
    }
  }
  return found
}

const addScores = (scores: Map<string, number>, { text, weight, language }: TextPart): void => {
  const tokens = tokensOf(text, language)
  for (const [term, { count, frequency }] of occurrences(tokens)) {
    const share = (0.5 * count) / tokens.length + 0.5
    // A text that is nothing but this word counts a little more.
    const whole = text.length === term.length && text.toLowerCase() === term ? 1.1 : 1
    scores.set(term, (scores.get(term) ?? 0) + weight * frequency * share * whole)
  }
}

/**
 * The terms of a document with their scores, by MongoDB's formula: each repetition of a term in a string counts half of
 * the one before, scaled by the term's share of the string (0.5 to 1) and the weight of the field.
 */
export const termScores = (doc: Doc, fields: TextFields): Map<string, number> => {
  const scores = new Map<string, number>()
  for (const part of textPartsOf(doc, fields)) addScores(scores, part)
  return scores
}
