import { fromDecimal } from '#kernel/money.ts'
import { bounds, type DraftVariant } from '../draft.ts'
import { readCode, readPrice, readQuantity, readText, readWeight } from './cells.ts'
import type { ColumnKey, ShopifyRow } from './columns.ts'
import { generatedSku } from './handle.ts'
import type { RowReader } from './rowReader.ts'

const optionKeys = [
  ['option1Name', 'option1Value'],
  ['option2Name', 'option2Value'],
  ['option3Name', 'option3Value'],
] as const satisfies readonly (readonly [ColumnKey, ColumnKey])[]

const variantKeys: readonly ColumnKey[] = ['option1Value', 'option2Value', 'option3Value', 'sku', 'barcode', 'price']

/** A row without choice, code and price only adds a picture. */
const isVariantRow = (row: ShopifyRow): boolean => variantKeys.some((key) => row.cell(key) !== '')

interface Option {
  readonly name: string
  readonly value: ColumnKey
}

const filled = (rows: readonly ShopifyRow[], key: ColumnKey): ShopifyRow | undefined =>
  rows.find((row) => row.cell(key) !== '')

/** Shopify writes a product without choices as the option `Title` with the only value `Default Title`. */
const isPlaceholder = (name: string, rows: readonly ShopifyRow[], key: ColumnKey): boolean =>
  name.toLowerCase() === 'title' && rows.every((row) => ['', 'default title'].includes(row.cell(key).toLowerCase()))

/** The names stand in the first row of a product, or in all. */
const readOptions = (rows: readonly ShopifyRow[], reader: RowReader): readonly Option[] => {
  const options = optionKeys.flatMap(([nameKey, valueKey]): Option[] => {
    const name = filled(rows, nameKey)?.cell(nameKey) ?? ''
    const withValue = filled(rows, valueKey)
    if (!withValue || isPlaceholder(name, rows, valueKey)) return []
    if (name === '' && withValue.cell(valueKey).toLowerCase() === 'default title') return []
    if (name === '') reader.refuse(withValue, nameKey, 'the option has a value but no name')
    const renamed = rows.find((row) => row.cell(nameKey) !== '' && row.cell(nameKey) !== name)
    if (renamed) reader.refuse(renamed, nameKey, `the product's option is called "${name}" in another row`)
    return [{ name, value: valueKey }]
  })
  const names = options.map(({ name }) => name.toLowerCase())
  const [first] = rows
  if (first && new Set(names).size < names.length) reader.refuse(first, null, 'two options have the same name')
  return options
}

const readChoices = (row: ShopifyRow, options: readonly Option[], reader: RowReader) =>
  options.map((option) => {
    const value = reader.read(row, option.value, (text) => readText(text, bounds.label), '')
    if (row.cell(option.value) === '') reader.refuse(row, option.value, `the variant has no value for "${option.name}"`)
    return { name: option.name, value }
  })

const readGrams = (row: ShopifyRow, reader: RowReader): number | null =>
  row.cell('grams') === ''
    ? reader.read(row, 'weight', (text) => readWeight(text, row.cell('weightUnit') || 'kg'), null)
    : reader.read(row, 'grams', (text) => readWeight(text, 'g'), null)

const readPrices = (row: ShopifyRow, { hasPrices, currency, reader }: VariantContext) => {
  if (hasPrices && row.cell('price') === '') reader.refuse(row, 'price', 'the variant has no price')
  const price = reader.read(row, 'price', (text) => readPrice(text, currency), null)
  const compareAt = reader.read(row, 'compareAt', (text) => readPrice(text, currency), null)
  const minor = (text: string | null): number => (text === null ? 0 : (fromDecimal(text, currency)?.minor ?? 0))
  // A compare-at price that is not higher compares nothing: exports write 0.00 or the price itself for "none".
  return { price, compareAt: price !== null && minor(compareAt) > minor(price) ? compareAt : null }
}

const readVariant = (row: ShopifyRow, options: readonly Option[], context: VariantContext): DraftVariant => {
  const { handle, reader } = context
  const selectedOptions = readChoices(row, options, reader)
  return {
    sku: reader.read(row, 'sku', readCode, '') || generatedSku(handle, selectedOptions),
    barcode: reader.read(row, 'barcode', readCode, null),
    weightGrams: readGrams(row, reader),
    selectedOptions,
    initialStock: reader.read(row, 'quantity', readQuantity, 0),
    ...(row.cell('location') !== '' && { location: reader.read(row, 'location', readCode, null) }),
    ...readPrices(row, context),
  }
}

/** What the rows of all products of a file share. */
export interface FileContext {
  /** The file has a column of prices: then every variant needs one. */
  readonly hasPrices: boolean
  readonly currency: string
  /** SKUs of products already taken from this file, with their lines. */
  readonly takenSkus: ReadonlyMap<string, number>
}

export interface VariantContext extends FileContext {
  readonly handle: string
  readonly reader: RowReader
}

/** Two rows with the same choices or the same SKU are one variant too many: the second is named. */
const refuseTwins = (rows: readonly ShopifyRow[], variants: readonly DraftVariant[], context: VariantContext): void => {
  const lineOfChoices = new Map<string, number>()
  const lineOfSku = new Map<string, number>()
  variants.forEach(({ selectedOptions, sku }, index) => {
    const row = rows[index]
    if (!row) return
    const choices = JSON.stringify(selectedOptions.map(({ value }) => value))
    const twin = lineOfChoices.get(choices)
    if (twin) context.reader.refuse(row, 'option1Value', `the variant has the same options as line ${twin}`)
    const owner = context.takenSkus.get(sku) ?? lineOfSku.get(sku)
    if (owner && row.cell('sku') !== '')
      context.reader.refuse(row, 'sku', `"${sku}" is the SKU of line ${owner} already`)
    lineOfChoices.set(choices, row.line)
    lineOfSku.set(sku, row.line)
  })
}

/** The variants of a product's rows; what is wrong with them goes to the reader. */
export const readVariants = (rows: readonly ShopifyRow[], context: VariantContext): readonly DraftVariant[] => {
  const marked = rows.filter(isVariantRow)
  const variantRows = marked.length > 0 ? marked : rows.slice(0, 1)
  const beyond = variantRows[bounds.list]
  if (beyond) context.reader.refuse(beyond, null, `a product has at most ${bounds.list} variants`)
  const options = readOptions(variantRows, context.reader)
  const variants = variantRows.map((row) => readVariant(row, options, context))
  refuseTwins(variantRows, variants, context)
  return variants
}
