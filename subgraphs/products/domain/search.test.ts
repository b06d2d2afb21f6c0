import { describe, expect, test } from 'vitest'
import { parseQuery, rank, type Searchable, searchWords, wordsOf } from './search.ts'
import { isSlug, toSlug } from './slug.ts'

const product = (title: string, more: Partial<Searchable> = {}): Searchable => ({
  title,
  vendor: null,
  productType: null,
  tags: [],
  categories: [],
  variants: [],
  ...more,
})

describe('words', () => {
  test('given accents, capitals and marks, then only folded words are left, each once', () => {
    expect(wordsOf('Crème Brûlée, crème! (2 pcs)')).toEqual(['creme', 'brulee', '2', 'pcs'])
  })

  test('given a product, then every field that names it counts, SKUs whole and in parts', () => {
    const words = searchWords(
      product('Lamp', {
        vendor: 'Ida & Co',
        tags: ['warm white'],
        categories: [{ name: 'Lighting' }],
        variants: [{ sku: 'LH-01' }],
      }),
    )
    expect(words).toEqual(['lamp', 'ida', 'co', 'warm', 'white', 'lighting', 'lh-01', 'lh', '01'])
  })
})

describe('a query', () => {
  test('given several words, then the last may be the beginning of one', () => {
    expect(parseQuery('Red  Linen shi')).toEqual({ whole: ['red', 'linen'], prefix: 'shi' })
  })

  test('given no word or too many, then it is nothing or cut', () => {
    expect(parseQuery(' -- ')).toBeNull()
    expect(parseQuery('a b c d e f g h i j')).toEqual({ whole: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], prefix: 'h' })
  })

  test('given hits in different places, then the title beats other fields, whole words beat beginnings, first words beat later ones', () => {
    const query = parseQuery('torch')
    const titles = ['Torch', 'Garden Torch', 'Torchlight', 'Scale']
    const scores = titles.map((title) => rank(query!, product(title)))
    expect(scores).toEqual([18, 15, 13, 1])
  })
})

describe('slugs', () => {
  test.each([
    ['Crème Brûlée (2 pcs)', 'creme-brulee-2-pcs'],
    ['  --A  &  B-- ', 'a-b'],
    ['Größe', 'große'],
    ['???', ''],
  ])('given %s, then its slug is "%s"', (text, slug) => expect(toSlug(text)).toBe(slug))

  test('given a text, then it is a slug only if it is its own', () => {
    expect(['linen-shirt', 'a', 'Linen', 'a--b', '-a', ''].map(isSlug)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
