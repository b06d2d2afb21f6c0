import { failure } from '../../errors.ts'
import { remembering } from '../../remembering.ts'
import { stemEnglish } from './textStemmer.ts'

const english = `i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves what which who whom this that these those am is are was were be
been being have has had having do does did doing would should could ought i'm you're he's she's it's we're they're i've
you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll we'll they'll isn't aren't wasn't weren't
hasn't haven't hadn't doesn't don't didn't won't wouldn't shan't shouldn't can't cannot couldn't mustn't let's that's
who's what's here's there's when's where's why's how's a an the and but if or because as until while of at by for with
about against between into through during before after above below to from up down in out on off over under again
further then once here there when where why how all any both each few more most other some such no nor not only own same
so than too very`

export type Language = {
  readonly name: string
  readonly isStopWord: (word: string) => boolean
  readonly stem: (word: string) => string
  /** In English an apostrophe is part of a word. */
  readonly delimiter: RegExp
}

const properties = '\\p{Dash}\\p{Pattern_Syntax}\\p{Quotation_Mark}\\p{Terminal_Punctuation}\\p{White_Space}'
const delimiter = new RegExp(`[${properties}]+`, 'u')
const delimiterButApostrophe = new RegExp(`(?:(?!')[${properties}])+`, 'u')

/** Texts repeat their words: each is stemmed once. */
const stems = remembering<string>(20_000)

const stopWords = new Set(english.split(/\s+/))

const englishLanguage: Language = {
  name: 'english',
  isStopWord: (word) => stopWords.has(word),
  stem: (word) => stems(word, stemEnglish),
  delimiter: delimiterButApostrophe,
}

const plainLanguage = (name: string): Language => ({
  name,
  isStopWord: () => false,
  stem: (word) => word,
  delimiter,
})

/** Every language MongoDB knows; only English has stop words and stems here, the others are cut into words. */
const names: Readonly<Record<string, string>> = {
  none: 'none',
  da: 'danish',
  nl: 'dutch',
  en: 'english',
  fi: 'finnish',
  fr: 'french',
  de: 'german',
  hu: 'hungarian',
  it: 'italian',
  nb: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  es: 'spanish',
  sv: 'swedish',
  tr: 'turkish',
}

const languages = new Map<string, Language>()
for (const [code, name] of Object.entries(names)) {
  const language = name === 'english' ? englishLanguage : plainLanguage(name)
  languages.set(code, language)
  languages.set(name, language)
}

export const findLanguage = (name: string): Language | undefined => languages.get(name.toLowerCase())

/** The language of a name or an ISO 639-1 code; BadValue for one that MongoDB does not know. */
export const languageOf = (name: string): Language => {
  const language = findLanguage(name)
  if (language === undefined) throw failure('BadValue', `unsupported language: "${name}" for text index version 3`)
  return language
}
