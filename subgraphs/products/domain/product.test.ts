import { describe, expect, test } from 'vitest'
import { applyContent, checkContent, createProduct, optionsOf, type ProductContent, publish } from './product.ts'

const now = 1_000

const makeMaking = (at = now) => {
  let count = 0
  return {
    now: at,
    newVariantId: () => {
      count += 1
      return `var_${count}`
    },
  }
}

const content: ProductContent = {
  title: 'Linen Shirt',
  vendor: 'Nordic Loom',
  categories: ['Clothing > Shirts', 'clothing'],
  tags: ['summer', ' summer ', ''],
  variants: [
    { sku: 'LS-S', selectedOptions: [{ name: 'Size', value: 'S' }], initialStock: 5 },
    { sku: 'LS-M', selectedOptions: [{ name: 'Size', value: 'M' }], initialStock: 0 },
  ],
}

const shirt = () => createProduct({ id: 'prod_1', sellerId: 'usr_1', status: 'DRAFT' }, content, makeMaking())

describe('a new product', () => {
  test('given content, when it is created, then slug, categories, tags, titles and words follow from it', () => {
    expect(shirt()).toMatchObject({
      slug: 'linen-shirt',
      titleKey: 'linen shirt',
      categories: [
        { slug: 'clothing', name: 'Clothing' },
        { slug: 'shirts', name: 'Shirts' },
      ],
      tags: ['summer'],
      variants: [
        { id: 'var_1', sku: 'LS-S', title: 'S' },
        { id: 'var_2', sku: 'LS-M', title: 'M' },
      ],
      publishedAt: null,
      createdAt: now,
    })
    expect(shirt().words).toEqual(expect.arrayContaining(['linen', 'nordic', 'summer', 'shirts', 'ls-s', 'ls', 's']))
    expect(optionsOf(shirt())).toEqual([{ name: 'Size', values: ['S', 'M'] }])
  })

  test('given a title without letters or digits, when it is created, then the slug comes from the id', () => {
    const product = createProduct({ id: 'prod_1', sellerId: 'usr_1', status: 'DRAFT' }, { title: '???' }, makeMaking())
    expect(product.slug).toBe('prod-1')
  })

  test('given a draft, when it is published twice, then the first time counts', () => {
    const published = publish(shirt(), 2_000)
    expect(published).toMatchObject({ status: 'PUBLISHED', publishedAt: 2_000, updatedAt: 2_000 })
    expect(publish(published, 3_000)).toBe(published)
  })
})

describe('a change', () => {
  test('given the same content, when it is applied again, then it is the very same product', () => {
    const product = shirt()
    expect(applyContent(product, content, makeMaking(9_000))).toBe(product)
  })

  test('given one field, when it is applied, then the others stay and the time moves', () => {
    const changed = applyContent(shirt(), { title: 'Linen Blouse' }, makeMaking(9_000))
    expect(changed).toMatchObject({
      title: 'Linen Blouse',
      slug: 'linen-shirt',
      vendor: 'Nordic Loom',
      updatedAt: 9_000,
      createdAt: now,
    })
    expect(changed.words).toContain('blouse')
  })

  test('given variants, when they are applied, then the same SKU keeps its id, a new one is added and others are kept', () => {
    const variants = [
      { sku: 'LS-M', barcode: '4006381333931', selectedOptions: [{ name: 'Size', value: 'M' }], initialStock: 99 },
      { sku: 'LS-L', selectedOptions: [{ name: 'Size', value: 'L' }], initialStock: 1 },
    ]
    const changed = applyContent(shirt(), { variants }, { now, newVariantId: () => 'var_new' })
    expect(changed.variants.map(({ id, sku, barcode }) => [id, sku, barcode])).toEqual([
      ['var_1', 'LS-S', null],
      ['var_2', 'LS-M', '4006381333931'],
      ['var_new', 'LS-L', null],
    ])
  })
})

describe('checking content', () => {
  const fieldsOf = (bad: ProductContent) => checkContent(bad).map(({ field }) => field?.slice(1).join('.'))
  const variant = { sku: 'A', selectedOptions: [], initialStock: 0 }

  test('given good content, then there is nothing to say', () => expect(checkContent(content)).toEqual([]))

  test.each([
    ['an empty title', { title: '  ' }, 'title'],
    ['a title that is too long', { title: 'x'.repeat(256) }, 'title'],
    ['a slug with capitals', { slug: 'Shirt' }, 'slug'],
    ['a script as a picture', { media: [{ url: 'javascript:alert(1)' }] }, 'media.0.url'],
    ['no variant', { variants: [] }, 'variants'],
    ['251 variants', { variants: Array.from({ length: 251 }, (_, i) => ({ ...variant, sku: String(i) })) }, 'variants'],
    ['a negative weight', { variants: [{ ...variant, weightGrams: -1 }] }, 'variants.0.weightGrams'],
    ['fractional stock', { variants: [{ ...variant, initialStock: 1.5 }] }, 'variants.0.initialStock'],
    ['too much stock', { variants: [{ ...variant, initialStock: 1_000_001 }] }, 'variants.0.initialStock'],
    ['an empty SKU', { variants: [{ ...variant, sku: ' ' }] }, 'variants.0.sku'],
    [
      'variants that choose different options',
      { variants: [variant, { ...variant, sku: 'B', selectedOptions: [{ name: 'Size', value: 'S' }] }] },
      'variants.1.selectedOptions',
    ],
  ] satisfies [string, ProductContent, string][])('given %s, then the field is named', (_, bad, field) => {
    expect(fieldsOf(bad)).toEqual([field])
  })

  test('given the same SKU twice, then both places are named', () => {
    expect(fieldsOf({ variants: [variant, variant] })).toEqual(['variants.0.sku', 'variants.1.sku'])
  })
})
