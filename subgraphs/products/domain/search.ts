import { fold } from './slug.ts'

/** What of a product can be searched, each with its weight in the ranking. */
export interface Searchable {
  readonly title: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly tags: readonly string[]
  readonly categories: readonly { readonly name: string }[]
  readonly variants: readonly { readonly sku: string }[]
}

/** Words of a query that are used; more are ignored. */
const maxWords = 8

export const wordsOf = (text: string): string[] => [
  ...new Set(
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
]

/** The words a product is found by. */
export const searchWords = (product: Searchable): string[] => [
  ...new Set([
    ...wordsOf(product.title),
    ...wordsOf(product.vendor ?? ''),
    ...wordsOf(product.productType ?? ''),
    ...product.tags.flatMap(wordsOf),
    ...product.categories.flatMap((category) => wordsOf(category.name)),
    ...product.variants.flatMap((variant) => [fold(variant.sku), ...wordsOf(variant.sku)]),
  ]),
]

export interface SearchQuery {
  /** Words that must be there exactly. */
  readonly whole: readonly string[]
  /** The last word, which may be the beginning of a longer one: people search while they type. */
  readonly prefix: string
}

/** Null when the text has no word. */
export const parseQuery = (text: string): SearchQuery | null => {
  const words = wordsOf(text).slice(0, maxWords)
  const prefix = words.pop()
  return prefix === undefined ? null : { whole: words, prefix }
}

/**
 * How well a product that matches fits: words of the title count 10, exact ones 5 more than beginnings, the first word of the
 * title 3 more; other fields count 1. Higher is better.
 */
export const rank = (query: SearchQuery, product: Searchable): number => {
  const title = wordsOf(product.title)
  const score = (word: string, exactOnly: boolean): number => {
    const hit = exactOnly ? title.indexOf(word) : title.findIndex((candidate) => candidate.startsWith(word))
    if (hit < 0) return 1
    return 10 + (title[hit] === word ? 5 : 0) + (hit === 0 ? 3 : 0)
  }
  return query.whole.reduce((sum, word) => sum + score(word, true), score(query.prefix, false))
}
