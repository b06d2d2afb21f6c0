import type { Language } from './textLanguages.ts'

export type TokenOptions = { readonly caseSensitive: boolean; readonly diacriticSensitive: boolean }

/** How an index holds its terms. */
export const folded: TokenOptions = { caseSensitive: false, diacriticSensitive: false }

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

export const withoutDiacritics = (text: string): string =>
  isAscii(text) ? text : text.normalize('NFD').replace(/\p{Mn}+/gu, '')

/** The form in which texts are compared when neither case nor accents count. */
export const foldText = (text: string, { caseSensitive, diacriticSensitive }: TokenOptions): string => {
  const cased = caseSensitive ? text : text.toLowerCase()
  return diacriticSensitive ? cased : withoutDiacritics(cased)
}

/** The terms of a text in their order: words without stop words, stemmed, then without accents. */
export const tokensOf = (text: string, language: Language, options: TokenOptions = folded): string[] => {
  const terms: string[] = []
  for (const word of text.split(language.delimiter)) {
    const lower = word.toLowerCase()
    if (word === '' || language.isStopWord(lower)) continue
    const stem = language.stem(options.caseSensitive ? word : lower)
    terms.push(options.diacriticSensitive ? stem : withoutDiacritics(stem))
  }
  return terms
}
