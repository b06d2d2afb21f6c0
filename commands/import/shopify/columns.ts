import type { CsvRecord } from '../csvRecords.ts'
import { FileProblem, type RowProblem } from '../draft.ts'

/**
 * The headers that Shopify's product CSV has had over the years, lower case: exports of the admin first, then the template
 * of 2025, then older or third-party spellings. Other columns are ignored.
 */
const headers = {
  handle: ['handle', 'url handle'],
  title: ['title'],
  body: ['body (html)', 'body html', 'body', 'description'],
  vendor: ['vendor'],
  category: ['product category', 'standard product type', 'standardized product type'],
  googleCategory: ['google shopping / google product category'],
  type: ['type', 'custom product type'],
  tags: ['tags'],
  published: ['published', 'published on online store'],
  status: ['status'],
  option1Name: ['option1 name'],
  option1Value: ['option1 value'],
  option2Name: ['option2 name'],
  option2Value: ['option2 value'],
  option3Name: ['option3 name'],
  option3Value: ['option3 value'],
  sku: ['variant sku', 'sku'],
  barcode: ['variant barcode', 'barcode'],
  grams: ['variant grams', 'weight value (grams)'],
  weight: ['variant weight'],
  weightUnit: ['variant weight unit', 'weight unit for display'],
  quantity: ['variant inventory qty', 'variant inventory quantity', 'inventory quantity'],
  location: ['location'],
  price: ['variant price', 'price'],
  compareAt: ['variant compare at price', 'variant compare-at price', 'compare-at price', 'compare at price'],
  image: ['image src', 'image url', 'product image url'],
  imagePosition: ['image position'],
  imageAlt: ['image alt text'],
  variantImage: ['variant image', 'variant image url'],
} as const satisfies Record<string, readonly string[]>

export type ColumnKey = keyof typeof headers

/** A row of the file with its cells under the names the importer uses. */
export interface ShopifyRow {
  readonly line: number
  readonly problem: RowProblem | null
  /** Trimmed text of the cell; empty when the file has no such column or the row ends before it. */
  cell(key: ColumnKey): string
  /** The cell as it stands, for texts in which space counts. */
  raw(key: ColumnKey): string
  /** The column's header as the file writes it. */
  header(key: ColumnKey): string
}

const required: readonly ColumnKey[] = ['handle', 'title']

const display = (key: ColumnKey): string =>
  headers[key][0].replace(/(^|[\s(])[a-z]/g, (start) => start.toUpperCase()).replace('(Html)', '(HTML)')

const wanted = (): string => required.map((key) => `"${display(key)}"`).join(', ')

/** NUL, or what the decoder writes in place of bytes that are no UTF-8. */
const isLossy = (text: string): boolean => text.includes('\0') || text.includes('\uFFFD')

const lossMessage =
  'the text is not UTF-8 (the file seems to be in Latin-1 or Windows-1252): save it as "CSV UTF-8" and import that'

/** Where each column stands: several places when a file has both spellings, the first filled one counts. */
const placesOf = (names: readonly string[]): ReadonlyMap<ColumnKey, readonly number[]> => {
  const normal = names.map((name) => name.trim().toLowerCase())
  const keys = Object.keys(headers) as ColumnKey[]
  return new Map(
    keys.map((key) => {
      const spellings: readonly string[] = headers[key]
      return [key, normal.flatMap((name, index) => (spellings.includes(name) ? [index] : []))]
    }),
  )
}

const rowProblem = (record: CsvRecord, names: readonly string[]): RowProblem | null => {
  const { line, cells, problem } = record
  if (problem) {
    const column = problem.cell === null ? null : (names[problem.cell] ?? null)
    return { line, column, message: problem.message }
  }
  const lost = cells.findIndex(isLossy)
  if (lost >= 0) return { line, column: names[lost] ?? null, message: lossMessage }
  const surplus = cells.slice(names.length).some((cell) => cell.trim() !== '')
  const message = `the row has ${cells.length} cells, the header only ${names.length}: is a comma outside of quotes?`
  return surplus ? { line, column: null, message } : null
}

/** True when the header row is one of a Shopify product CSV; used to tell formats apart. */
export const isShopifyHeader = (names: readonly string[]): boolean => {
  const places = placesOf(names)
  return required.some((key) => (places.get(key)?.length ?? 0) > 0)
}

export interface ShopifyHeader {
  has(key: ColumnKey): boolean
  row(record: CsvRecord): ShopifyRow
}

/**
 * Reads the header row.
 * @throws FileProblem naming all required columns that are missing.
 */
export const readHeader = (record: CsvRecord): ShopifyHeader => {
  const names = record.cells.map((name) => name.trim())
  if (record.problem)
    throw new FileProblem(`The header in line ${record.line} cannot be read: ${record.problem.message}.`)
  const places = placesOf(names)
  const missing = required.filter((key) => places.get(key)?.length === 0)
  if (missing.length > 0) {
    const list = missing.map((key) => `"${display(key)}"`).join(' and ')
    throw new FileProblem(
      `The header lacks the column${missing.length > 1 ? 's' : ''} ${list}; a Shopify product CSV needs ${wanted()}.`,
    )
  }
  const has = (key: ColumnKey): boolean => (places.get(key)?.length ?? 0) > 0
  const header = (key: ColumnKey): string => names[places.get(key)?.[0] ?? -1] ?? display(key)
  const row = (of: CsvRecord): ShopifyRow => {
    const raw = (key: ColumnKey): string =>
      (places.get(key) ?? []).map((place) => of.cells[place] ?? '').find((text) => text.trim() !== '') ?? ''
    return { line: of.line, problem: rowProblem(of, names), cell: (key) => raw(key).trim(), raw, header }
  }
  return { has, row }
}
