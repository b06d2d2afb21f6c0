import { bounds, type DraftMedia, type ImportDraft, type ImportItem } from '../draft.ts'
import { type Read, readFlag, readStatus, readText, readUrl } from './cells.ts'
import type { ColumnKey, ShopifyRow } from './columns.ts'
import { makeRowReader, type RowReader } from './rowReader.ts'
import { type FileContext, readVariants } from './variants.ts'

/** All rows of one handle, in the order of the file. */
export interface ProductRows {
  readonly handle: string
  readonly rows: readonly ShopifyRow[]
  /** There are more rows than a product can have; the rest was not kept. */
  readonly isTooLong: boolean
}

const first = (rows: readonly ShopifyRow[], ...keys: readonly ColumnKey[]) =>
  keys.flatMap((key) => {
    const row = rows.find((candidate) => candidate.cell(key) !== '')
    return row ? [{ row, key }] : []
  })[0]

const readFirst = <T, F>(
  rows: readonly ShopifyRow[],
  keys: readonly ColumnKey[],
  reader: RowReader,
  read: (text: string) => Read<T>,
  fallback: F,
): T | F => {
  const found = first(rows, ...keys)
  return found ? reader.read(found.row, found.key, read, fallback) : fallback
}

const readLabel = (text: string): Read<string> => readText(text, bounds.label)

const readTitle = (rows: readonly ShopifyRow[], reader: RowReader): string => {
  const found = first(rows, 'title')
  const [top] = rows
  if (!found) {
    if (top) reader.refuse(top, 'title', 'no row of this handle has a title')
    return ''
  }
  const title = found.row.cell('title')
  const other = rows.find((row) => row.cell('title') !== '' && row.cell('title') !== title)
  if (other) {
    const message = `"${other.cell('title')}" has the handle of "${title}" in line ${found.row.line}: one of them needs another handle`
    reader.refuse(other, 'title', message)
  }
  return reader.read(found.row, 'title', (text) => readText(text, bounds.title), '')
}

/** The taxonomy path where the file has one (Google's may be a bare number, which says nothing to a buyer), else the type. */
const readCategories = (rows: readonly ShopifyRow[], reader: RowReader, type: string | null): readonly string[] => {
  const readPath = (text: string): Read<string | null> => (/^\d+$/.test(text) ? { value: null } : readLabel(text))
  const path = readFirst(rows, ['category', 'googleCategory'], reader, readPath, null) ?? type
  return path === null ? [] : [path]
}

const readTags = (rows: readonly ShopifyRow[], reader: RowReader): readonly string[] => {
  const found = first(rows, 'tags')
  if (!found) return []
  const tags = [
    ...new Set(
      found.row
        .cell('tags')
        .split(',')
        .map((tag) => tag.trim()),
    ),
  ].filter((tag) => tag !== '')
  if (tags.length > bounds.list) reader.refuse(found.row, 'tags', `a product has at most ${bounds.list} tags`)
  if (tags.some((tag) => tag.length > bounds.label)) reader.refuse(found.row, 'tags', 'a tag is too long')
  return tags
}

/** Published unless `Published` says false or `Status` says anything but active: both stand in newer exports. */
const readPublished = (rows: readonly ShopifyRow[], reader: RowReader): boolean => {
  const published = readFirst(rows, ['published'], reader, readFlag, true)
  const active = readFirst(rows, ['status'], reader, readStatus, true)
  return published && active
}

interface Picture extends DraftMedia {
  readonly position: number
}

const readPicture = (row: ShopifyRow, key: ColumnKey, reader: RowReader, position: number): readonly Picture[] => {
  const url = reader.read(row, key, readUrl, null)
  if (url === null) return []
  const alt = key === 'image' ? reader.read(row, 'imageAlt', (text) => readText(text, bounds.label * 2), null) : null
  return [{ url, alt, position }]
}

const positionOf = (row: ShopifyRow): number => {
  const position = Number(row.cell('imagePosition'))
  return row.cell('imagePosition') !== '' && Number.isInteger(position) ? position : Number.MAX_SAFE_INTEGER
}

/** Pictures by position, those without one last; a variant's own picture joins them unless it is one of them. */
const readMedia = (rows: readonly ShopifyRow[], reader: RowReader): readonly DraftMedia[] => {
  const own = rows.flatMap((row) => readPicture(row, 'image', reader, positionOf(row)))
  const ofVariants = rows.flatMap((row) => readPicture(row, 'variantImage', reader, Number.MAX_SAFE_INTEGER))
  const sorted = [...own, ...ofVariants].sort((a, b) => a.position - b.position)
  const seen = new Set<string>()
  const media = sorted.flatMap(({ url, alt }) => {
    if (seen.has(url)) return []
    seen.add(url)
    return [{ url, alt }]
  })
  const [top] = rows
  if (top && media.length > bounds.list) reader.refuse(top, 'image', `a product has at most ${bounds.list} pictures`)
  return media
}

const readDraft = ({ handle, rows }: ProductRows, context: FileContext, reader: RowReader): ImportDraft => {
  const productType = readFirst(rows, ['type'], reader, readLabel, null)
  const body = first(rows, 'body')
  const html = body ? body.row.raw('body') : ''
  if (body) reader.read(body.row, 'body', () => readText(html, bounds.descriptionHtml), '')
  return {
    handle,
    title: readTitle(rows, reader),
    descriptionHtml: html,
    vendor: readFirst(rows, ['vendor'], reader, readLabel, null),
    productType,
    categories: readCategories(rows, reader, productType),
    tags: readTags(rows, reader),
    media: readMedia(rows, reader),
    published: readPublished(rows, reader),
    variants: readVariants(rows, { ...context, handle, reader }),
    rows: rows.map((row) => row.line),
  }
}

/** The product that the rows of one handle describe, or everything that is wrong with them: then nothing of it is imported. */
export const readProduct = (product: ProductRows, context: FileContext): ImportItem => {
  const { handle, rows } = product
  const lines = rows.map((row) => row.line)
  const broken = rows.flatMap((row) => row.problem ?? [])
  if (broken.length > 0) return { kind: 'refused', handle, rows: lines, problems: broken }
  const reader = makeRowReader()
  const last = rows.at(-1)
  if (product.isTooLong && last) reader.refuse(last, null, 'the product has too many rows, or they lie too far apart')
  if (handle === '') {
    const [top] = rows
    if (top) reader.refuse(top, 'handle', 'the handle is empty or has neither letters nor digits')
  }
  const draft = readDraft(product, context, reader)
  const problems = reader.problems
  return problems.length > 0 ? { kind: 'refused', handle, rows: lines, problems } : { kind: 'product', draft }
}
