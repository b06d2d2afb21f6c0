/** The English stemmer of the Snowball project ("Porter2"), written from its published description. */

const exceptions: Readonly<Record<string, string>> = {
  skis: 'ski',
  skies: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  idly: 'idl',
  gently: 'gentl',
  ugly: 'ugli',
  early: 'earli',
  only: 'onli',
  singly: 'singl',
  ...Object.fromEntries(['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word])),
}

const finishedAfterPlural = new Set([
  'inning',
  'outing',
  'canning',
  'herring',
  'earring',
  'proceed',
  'exceed',
  'succeed',
])

const isVowel = (letter: string | undefined): boolean => letter !== undefined && 'aeiouy'.includes(letter)

const hasVowel = (text: string): boolean => /[aeiouy]/.test(text)

/** `y` that acts as a consonant, at the start and behind a vowel, becomes a letter that English has not. */
const markConsonants = (word: string): string => word.replace(/^y/, 'ÿ').replace(/([aeiouy])y/g, '$1ÿ')

/** Behind the first non-vowel that follows a vowel. */
const regionAfter = (word: string, from: number): number => {
  for (let at = from + 1; at < word.length; at++) if (!isVowel(word[at]) && isVowel(word[at - 1])) return at + 1
  return word.length
}

type Regions = { readonly first: number; readonly second: number }

const regionsOf = (word: string): Regions => {
  const prefix = /^(gener|commun|arsen)/.exec(word)?.[0]
  const first = prefix === undefined ? regionAfter(word, 0) : prefix.length
  return { first, second: regionAfter(word, first) }
}

const endsShort = (word: string): boolean =>
  /[^aeiouy][aeiouy][^aeiouywxÿ]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word)

const isShort = (word: string, { first }: Regions): boolean => first >= word.length && endsShort(word)

const cut = (word: string, count: number): string => word.slice(0, word.length - count)

const plural = (word: string): string => {
  if (word.endsWith('sses')) return cut(word, 2)
  if (/ie[ds]$/.test(word)) return cut(word, word.length > 4 ? 2 : 1)
  if (/[us]s$/.test(word) || !word.endsWith('s')) return word
  return hasVowel(cut(word, 2)) ? cut(word, 1) : word
}

const afterVerbEnding = (word: string, regions: Regions): string => {
  if (/(at|bl|iz)$/.test(word)) return `${word}e`
  if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(word)) return cut(word, 1)
  return isShort(word, regions) ? `${word}e` : word
}

const verbEnding = (word: string, regions: Regions): string => {
  const [ending] = /eedly$|eed$|ingly$|edly$|ing$|ed$/.exec(word) ?? []
  if (ending === undefined) return word
  const stem = cut(word, ending.length)
  if (ending.startsWith('ee')) return stem.length >= regions.first ? `${stem}ee` : word
  return hasVowel(stem) ? afterVerbEnding(stem, regions) : word
}

const finalY = (word: string): string =>
  /[yÿ]$/.test(word) && word.length > 2 && !isVowel(word.at(-2)) ? `${cut(word, 1)}i` : word

type Endings = readonly (readonly [ending: string, replacement: string])[]

const longestFirst = (endings: Endings): Endings => endings.toSorted(([a], [b]) => b.length - a.length)

const secondStep = longestFirst([
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['entli', 'ent'],
  ['izer', 'ize'],
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['alli', 'al'],
  ['fulness', 'ful'],
  ['ousli', 'ous'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['bli', 'ble'],
  ['fulli', 'ful'],
  ['lessli', 'less'],
  ['ogi', 'og'],
  ['li', ''],
])

const thirdStep = longestFirst([
  ['tional', 'tion'],
  ['ational', 'ate'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
  ['ative', ''],
])

const fourthStep = longestFirst(
  'al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion'
    .split(' ')
    .map((ending) => [ending, ''] as const),
)

/** An ending that counts only behind certain letters or further back. */
const isAllowed = (ending: string, stem: string, { second }: Regions): boolean => {
  if (ending === 'ogi') return stem.endsWith('l')
  if (ending === 'li') return /[cdeghkmnrt]$/.test(stem)
  if (ending === 'ative') return stem.length >= second
  if (ending === 'ion') return /[st]$/.test(stem)
  return true
}

const replaceEnding = (word: string, endings: Endings, place: { from: number; regions: Regions }): string => {
  const found = endings.find(([ending]) => word.endsWith(ending))
  if (found === undefined) return word
  const [ending, replacement] = found
  const stem = cut(word, ending.length)
  return stem.length >= place.from && isAllowed(ending, stem, place.regions) ? stem + replacement : word
}

const lastLetter = (word: string, { first, second }: Regions): string => {
  const stem = cut(word, 1)
  if (word.endsWith('e')) return stem.length >= second || (stem.length >= first && !endsShort(stem)) ? stem : word
  return word.endsWith('ll') && stem.length >= second ? stem : word
}

/** The stem of a word; only endings in lower case are known. */
export const stemEnglish = (word: string): string => {
  if (word.length <= 2) return word
  const exception = Object.hasOwn(exceptions, word) ? exceptions[word] : undefined
  if (exception !== undefined) return exception
  const marked = markConsonants(word.replace(/^'/, ''))
  const regions = regionsOf(marked)
  const singular = plural(marked.replace(/'(s'?)?$/, ''))
  if (finishedAfterPlural.has(singular)) return singular
  const base = finalY(verbEnding(singular, regions))
  const second = replaceEnding(base, secondStep, { from: regions.first, regions })
  const third = replaceEnding(second, thirdStep, { from: regions.first, regions })
  const fourth = replaceEnding(third, fourthStep, { from: regions.second, regions })
  return lastLetter(fourth, regions).replaceAll('ÿ', 'y')
}
