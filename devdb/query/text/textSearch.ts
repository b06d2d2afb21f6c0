import type { Doc } from '../../bson/values.ts'
import type { Language } from './textLanguages.ts'
import { type TextFields, type TextPart, termScores, textPartsOf } from './textScore.ts'
import { foldText, type TokenOptions, tokensOf } from './textTokens.ts'

type Sentence = { positive: string; negative: string }

/** A `$search` string taken apart: words, and phrases in quotes, each wanted or (behind a minus) unwanted. */
export type Search = {
  readonly sentence: Sentence
  readonly phrases: readonly string[]
  readonly unwantedPhrases: readonly string[]
}

type State = { negated: boolean; quote: number; spaced: boolean }

/** A minus negates up to the next white space, and only behind white space: `-a-b` is without both, `a-b` has both. */
export const parseSearch = (search: string): Search => {
  const sentence: Sentence = { positive: '', negative: '' }
  const [phrases, unwantedPhrases]: [string[], string[]] = [[], []]
  const state: State = { negated: false, quote: -1, spaced: true }

  const word = (text: string): void => {
    if (state.quote < 0 && state.negated && state.spaced) state.negated = false
    if (!state.negated) sentence.positive += ` ${text}`
    else if (state.quote < 0) sentence.negative += ` ${text}`
  }

  const quote = (at: number): void => {
    if (state.quote >= 0) {
      const phrase = search.slice(state.quote + 1, at)
      if (state.negated) unwantedPhrases.push(phrase)
      else phrases.push(phrase)
      state.quote = -1
    } else {
      if (state.negated && state.spaced) state.negated = false
      state.quote = at
    }
  }

  for (const { 0: token, index } of search.matchAll(/\s+|-|"|[^\s"-]+/gu)) {
    if (token === '"') quote(index)
    else if (token === '-') state.negated ||= state.quote < 0 && state.spaced
    else if (token.trim() !== '') word(token)
    // White space between a minus and a word takes the minus away, at the word.
    state.spaced = token.trim() === ''
  }
  return { sentence, phrases, unwantedPhrases }
}

export type TextMatcher = {
  /** The terms by which an index is read; a document without any of them cannot match. */
  readonly terms: readonly string[]
  readonly matches: (doc: Doc) => boolean
  readonly score: (doc: Doc) => number
}

type Options = TokenOptions & { readonly language: Language }

/** A search applied to the documents of one text index. */
export const makeTextMatcher = (search: Search, fields: TextFields, options: Options): TextMatcher => {
  const { language } = options
  const terms = [...new Set(tokensOf(search.sentence.positive, language))]
  const wanted = new Set(tokensOf(search.sentence.positive, language, options))
  const unwanted = new Set(tokensOf(search.sentence.negative, language, options))
  const [phrases, unwantedPhrases] = [search.phrases, search.unwantedPhrases].map((list) =>
    list.map((phrase) => foldText(phrase, options)),
  )
  const exact = options.caseSensitive || options.diacriticSensitive

  const hasTerm = (parts: readonly TextPart[], among: ReadonlySet<string>): boolean =>
    among.size > 0 && parts.some((part) => tokensOf(part.text, part.language, options).some((term) => among.has(term)))

  const hasPhrase = (texts: readonly string[], phrase: string): boolean => texts.some((text) => text.includes(phrase))

  const matches = (doc: Doc): boolean => {
    if (!exact && unwanted.size === 0 && phrases?.length === 0 && unwantedPhrases?.length === 0) return true
    const parts = textPartsOf(doc, fields)
    if (exact && !hasTerm(parts, wanted)) return false
    if (hasTerm(parts, unwanted)) return false
    const texts = parts.map(({ text }) => foldText(text, options))
    return (
      phrases?.every((phrase) => hasPhrase(texts, phrase)) === true &&
      unwantedPhrases?.some((phrase) => hasPhrase(texts, phrase)) === false
    )
  }

  const known = new WeakMap<Doc, number>()

  const score = (doc: Doc): number => {
    const found = known.get(doc)
    if (found !== undefined) return found
    const scores = termScores(doc, fields)
    const sum = terms.reduce((total, term) => total + (scores.get(term) ?? 0), 0)
    known.set(doc, sum)
    return sum
  }

  return { terms, score, matches: (doc) => score(doc) > 0 && matches(doc) }
}
