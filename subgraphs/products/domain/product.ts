import type { Problem } from '#kernel/errors.ts'
import { bundleChecks, type Check, type Part } from './bundle.ts'
import { searchWords } from './search.ts'
import { isSlug, toSlug } from './slug.ts'

export type ProductStatus = 'DRAFT' | 'PUBLISHED'

export interface SelectedOption {
  readonly name: string
  readonly value: string
}

export interface Variant {
  readonly id: string
  readonly sku: string
  readonly barcode: string | null
  readonly title: string
  readonly weightGrams: number | null
  readonly selectedOptions: readonly SelectedOption[]
  /** Most units in one order; absent: as many as a line may have. */
  readonly maxPerOrder?: number
  /** Absent: it is no bundle. */
  readonly parts?: readonly Part[]
}

export interface Media {
  readonly url: string
  readonly alt: string | null
}

export interface Category {
  readonly slug: string
  readonly name: string
}

/** A product with its variants: one aggregate. Stock is another one per variant, because it changes with every order. */
export interface Product {
  readonly _id: string
  readonly v: number
  readonly slug: string
  readonly title: string
  /** Title in lower case, for sorting. */
  readonly titleKey: string
  readonly descriptionHtml: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly categories: readonly Category[]
  readonly tags: readonly string[]
  readonly media: readonly Media[]
  readonly variants: readonly Variant[]
  readonly sellerId: string
  readonly status: ProductStatus
  readonly words: readonly string[]
  /** Epoch milliseconds, like all times here. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly publishedAt: number | null
}

export interface VariantInput {
  readonly id?: string | null
  readonly sku: string
  readonly barcode?: string | null
  readonly title?: string | null
  readonly weightGrams?: number | null
  readonly selectedOptions: readonly SelectedOption[]
  readonly initialStock: number
  /** Code of the location where it is; the main one when absent. */
  readonly location?: string | null
  readonly maxPerOrder?: number | null
  readonly parts?: readonly Part[] | null
}

/** The content of a product as a seller or an importer gives it. Absent fields stay as they are; null clears vendor and type. */
export interface ProductContent {
  readonly title?: string | null
  readonly slug?: string | null
  readonly descriptionHtml?: string | null
  readonly vendor?: string | null
  readonly productType?: string | null
  readonly categories?: readonly string[] | null
  readonly tags?: readonly string[] | null
  readonly media?: readonly { readonly url: string; readonly alt?: string | null }[] | null
  readonly variants?: readonly VariantInput[] | null
}

const maxItems = 250
const maxDescription = 100_000
const maxStock = 1_000_000
/** As many as a line of a cart may have. */
const maxUnits = 999

const isWebUrl = (text: string): boolean => text.length <= 2_000 && /^https?:\/\/[^\s]+$/.test(text)

const problemsOf = (checks: readonly Check[]): Problem[] =>
  checks.flatMap(([bad, path, message]) =>
    bad ? [{ code: 'BAD_USER_INPUT' as const, message, field: ['input', ...path.map(String)] }] : [],
  )

const duplicates = (texts: readonly string[]): Set<string> =>
  new Set(texts.filter((text, index) => texts.indexOf(text) !== index))

const checkVariants = (variants: readonly VariantInput[]): Check[] => {
  const twice = duplicates(variants.map((variant) => variant.sku))
  const sameNames = (variant: VariantInput) => variant.selectedOptions.map((option) => option.name).join('\n')
  const [first] = variants
  return variants.flatMap((variant, index): Check[] => [
    [
      variant.sku.trim() === '' || variant.sku.length > 100,
      ['variants', index, 'sku'],
      'A SKU has 1 to 100 characters.',
    ],
    [twice.has(variant.sku), ['variants', index, 'sku'], `The SKU "${variant.sku}" is given twice.`],
    [
      !Number.isInteger(variant.initialStock) || variant.initialStock < 0 || variant.initialStock > maxStock,
      ['variants', index, 'initialStock'],
      `Initial stock is 0 to ${maxStock} units.`,
    ],
    [
      variant.maxPerOrder != null && !(variant.maxPerOrder >= 1 && variant.maxPerOrder <= maxUnits),
      ['variants', index, 'maxPerOrder'],
      `1 to ${maxUnits} units in one order.`,
    ],
    ...bundleChecks(variant, ['variants', index]),
    [(variant.weightGrams ?? 0) < 0, ['variants', index, 'weightGrams'], 'A weight is not negative.'],
    [
      first !== undefined && sameNames(variant) !== sameNames(first),
      ['variants', index, 'selectedOptions'],
      'All variants of a product choose the same options, in the same order.',
    ],
  ])
}

/** Everything that is wrong with given content; an empty list means it can be stored. */
export const checkContent = (content: ProductContent): Problem[] =>
  problemsOf([
    [
      content.title != null && (content.title.trim() === '' || content.title.length > 255),
      ['title'],
      'A title has 1 to 255 characters.',
    ],
    [
      content.slug != null && !isSlug(content.slug),
      ['slug'],
      'A slug has lower-case letters, digits and single hyphens only.',
    ],
    [
      (content.descriptionHtml ?? '').length > maxDescription,
      ['descriptionHtml'],
      `A description has at most ${maxDescription} characters.`,
    ],
    [(content.tags ?? []).length > maxItems, ['tags'], `A product has at most ${maxItems} tags.`],
    [(content.categories ?? []).length > maxItems, ['categories'], `A product has at most ${maxItems} categories.`],
    [(content.media ?? []).length > maxItems, ['media'], `A product has at most ${maxItems} pictures.`],
    ...(content.media ?? []).map(
      (media, index): Check => [!isWebUrl(media.url), ['media', index, 'url'], 'A picture needs an http or https URL.'],
    ),
    [content.variants != null && content.variants.length === 0, ['variants'], 'A product has at least one variant.'],
    [(content.variants ?? []).length > maxItems, ['variants'], `A product has at most ${maxItems} variants.`],
    ...checkVariants(content.variants ?? []),
  ])

const variantTitle = (input: VariantInput): string =>
  input.title?.trim() || input.selectedOptions.map((option) => option.value).join(' / ') || 'Default'

/** Absent stays as it was; null, or no part at all, takes it away. */
const limitsOf = ({ maxPerOrder, parts }: VariantInput, old?: Variant): Pick<Variant, 'maxPerOrder' | 'parts'> => {
  const most = maxPerOrder === undefined ? old?.maxPerOrder : maxPerOrder
  const made = parts === undefined ? old?.parts : parts
  return {
    ...(most != null && { maxPerOrder: most }),
    ...(made != null && made.length > 0 && { parts: made.map(({ variantId, quantity }) => ({ variantId, quantity })) }),
  }
}

const toVariant = (input: VariantInput, id: string, old?: Variant): Variant => ({
  id,
  sku: input.sku,
  barcode: input.barcode || null,
  title: variantTitle(input),
  weightGrams: input.weightGrams ?? null,
  selectedOptions: input.selectedOptions.map(({ name, value }) => ({ name, value })),
  ...limitsOf(input, old),
})

/** Given variants change those with the same id or SKU, in place; new ones follow; others are kept. */
const mergeVariants = (
  existing: readonly Variant[],
  inputs: readonly VariantInput[],
  newId: () => string,
): Variant[] => {
  const merged = [...existing]
  for (const input of inputs) {
    const index = merged.findIndex((variant) => (input.id ? variant.id === input.id : variant.sku === input.sku))
    const old = merged[index]
    if (old) merged[index] = toVariant(input, old.id, old)
    else merged.push(toVariant(input, newId()))
  }
  return merged
}

/** `Clothing > Shirts` names two categories. */
const toCategories = (names: readonly string[]): Category[] => {
  const parts = names.flatMap((name) => name.split('>')).map((name) => name.trim())
  const categories = parts.map((name) => ({ slug: toSlug(name), name })).filter((category) => category.slug !== '')
  return categories.filter((category, index) => categories.findIndex((other) => other.slug === category.slug) === index)
}

const given = <T>(value: T | null | undefined, otherwise: T): T => value ?? otherwise

export interface Making {
  readonly now: number
  readonly newVariantId: () => string
}

/** Applies content to a product. Keeps the reference of everything that does not change, `updatedAt` included. */
export const applyContent = (product: Product, content: ProductContent, { now, newVariantId }: Making): Product => {
  const title = given(content.title, product.title).trim()
  const next: Product = {
    ...product,
    title,
    titleKey: title.toLowerCase(),
    slug: given(content.slug, product.slug),
    descriptionHtml: given(content.descriptionHtml, product.descriptionHtml),
    vendor: content.vendor === undefined ? product.vendor : content.vendor || null,
    productType: content.productType === undefined ? product.productType : content.productType || null,
    categories: content.categories ? toCategories(content.categories) : product.categories,
    tags: content.tags ? [...new Set(content.tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))] : product.tags,
    media: content.media ? content.media.map(({ url, alt }) => ({ url, alt: alt ?? null })) : product.media,
    variants: content.variants ? mergeVariants(product.variants, content.variants, newVariantId) : product.variants,
  }
  return sameContent(product, next) ? product : { ...next, words: searchWords(next), updatedAt: now }
}

const contentOf = ({ updatedAt: _, words: __, v: ___, ...content }: Product): string => JSON.stringify(content)

const sameContent = (a: Product, b: Product): boolean => contentOf(a) === contentOf(b)

export interface NewProduct {
  readonly id: string
  readonly sellerId: string
  readonly status: ProductStatus
}

/** A new product from content that `checkContent` found right. */
export const createProduct = (
  { id, sellerId, status }: NewProduct,
  content: ProductContent,
  making: Making,
): Product => {
  const { now } = making
  const empty: Product = {
    _id: id,
    v: 1,
    slug: toSlug(content.title ?? '') || id.toLowerCase().replaceAll('_', '-'),
    title: '',
    titleKey: '',
    descriptionHtml: '',
    vendor: null,
    productType: null,
    categories: [],
    tags: [],
    media: [],
    variants: [],
    sellerId,
    status,
    words: [],
    createdAt: now,
    updatedAt: now,
    publishedAt: status === 'PUBLISHED' ? now : null,
  }
  return applyContent(empty, content, making)
}

/** Publishing again changes nothing. */
export const publish = (product: Product, now: number): Product =>
  product.status === 'PUBLISHED' ? product : { ...product, status: 'PUBLISHED', publishedAt: now, updatedAt: now }

/** Takes a product from buyers' eyes; carts and orders that hold it keep what they know. */
export const unpublish = (product: Product, now: number): Product =>
  product.status === 'DRAFT' ? product : { ...product, status: 'DRAFT', publishedAt: null, updatedAt: now }

/** The options of a product with their values, in the order of its variants. */
export const optionsOf = (product: Product): { name: string; values: string[] }[] => {
  const values = new Map<string, Set<string>>()
  for (const { name, value } of product.variants.flatMap((variant) => variant.selectedOptions)) {
    values.set(name, (values.get(name) ?? new Set()).add(value))
  }
  return [...values].map(([name, set]) => ({ name, values: [...set] }))
}
