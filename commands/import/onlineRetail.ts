import { fromDecimal } from '#kernel/money.ts'
import { type CsvRecord, readRecords } from './csvRecords.ts'
import {
  bounds,
  detached,
  FileProblem,
  type ImportDraft,
  type ImportItem,
  type OpenFile,
  type RowProblem,
} from './draft.ts'
import { kindOf, toTitle } from './retailTitle.ts'
import { toHandle } from './shopify/handle.ts'

/** The invoices state prices in pounds sterling. */
export const onlineRetailCurrency = 'GBP'

const required = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice'] as const
type Column = (typeof required)[number]

/** Merchandise has five digits and perhaps letters, or is from the dotcom range; the rest is postage, fees, vouchers, samples. */
const isMerchandise = (code: string): boolean => /^(\d{5}[A-Z]{0,3}|DCGS[A-Z0-9]+)$/.test(code)

/** Notes of the warehouse that stand in place of a description. */
const isNote = (text: string): boolean =>
  /^\W*$|^(adjust|amazon|check|damage|dotcom|faulty|found|lost|missing|mixed|sample|sold|test|thrown|wet|wrong)/i.test(
    text,
  ) && text !== text.toUpperCase()

interface Seen {
  readonly count: number
  readonly line: number
}

/** What the invoices told about one stock code so far. */
interface Item {
  readonly descriptions: Map<string, Seen>
  price: { readonly amount: string; readonly at: string; readonly line: number } | null
  units: number
}

interface Sale {
  readonly code: string
  readonly description: string
  readonly units: number
  readonly price: string
  readonly at: string
}

export const isOnlineRetailHeader = (names: readonly string[]): boolean =>
  required.every((column) => names.some((name) => name.trim() === column))

type Cells = (record: CsvRecord, column: Column) => string

const readHeader = (record: CsvRecord): Cells => {
  const names = record.cells.map((name) => name.trim())
  const missing = required.filter((column) => !names.includes(column))
  if (missing.length > 0) {
    throw new FileProblem(
      `The header lacks ${missing.map((name) => `"${name}"`).join(', ')}: these are no invoices of Online Retail.`,
    )
  }
  const places = new Map(required.map((column) => [column, names.indexOf(column)]))
  return (row, column) => (row.cells[places.get(column) ?? -1] ?? '').trim()
}

/** The invoice line as a sale; null when it is none (a cancellation, a return, a free line, a fee). */
const readSale = (record: CsvRecord, cell: Cells): Sale | null | RowProblem => {
  const problem = (column: string | null, message: string): RowProblem => ({ line: record.line, column, message })
  if (record.problem) return problem(null, record.problem.message)
  const code = cell(record, 'StockCode').toUpperCase()
  if (code === '') return problem('StockCode', 'the stock code is empty')
  const quantity = cell(record, 'Quantity')
  if (!/^-?\d{1,9}$/.test(quantity)) return problem('Quantity', `"${quantity}" is not a whole number`)
  const price = cell(record, 'UnitPrice')
  if (!/^-?\d+(\.\d+)?$/.test(price)) return problem('UnitPrice', `"${price}" is not a price`)
  const at = cell(record, 'InvoiceDate')
  if (!/^\d{4}-\d\d-\d\d/.test(at)) return problem('InvoiceDate', `"${at}" is not a date such as 2010-12-01 08:26:00`)
  const isSale =
    isMerchandise(code) && !cell(record, 'InvoiceNo').startsWith('C') && Number(quantity) > 0 && Number(price) > 0
  const amount = fromDecimal(price, onlineRetailCurrency)
  if (isSale && !amount) return problem('UnitPrice', `"${price}" has more decimals than pence`)
  return isSale ? { code, description: cell(record, 'Description'), units: Number(quantity), price, at } : null
}

const addSale = (item: Item, sale: Sale, line: number): void => {
  item.units += sale.units
  if (!item.price || sale.at >= item.price.at)
    item.price = { amount: detached(sale.price), at: detached(sale.at), line }
  if (isNote(sale.description)) return
  const seen = item.descriptions.get(sale.description)
  item.descriptions.set(seen ? sale.description : detached(sale.description), { count: (seen?.count ?? 0) + 1, line })
}

/** The most frequent description, among equals the latest. */
const describe = (item: Item): string | null => {
  const [best] = [...item.descriptions].sort(([, a], [, b]) => b.count - a.count || b.line - a.line)
  return best ? best[0] : null
}

/** Nothing tells the stock, so it is what sold in the file, at least ten: deterministic, and enough to replay the orders. */
const stockOf = (item: Item): number => Math.min(Math.max(item.units, 10), bounds.stock)

const toDraft = (code: string, item: Item, description: string): ImportDraft => {
  const title = toTitle(description).slice(0, bounds.title)
  const kind = kindOf(title)
  return {
    handle: `${toHandle(title)}-${code.toLowerCase()}`,
    title,
    descriptionHtml: `<p>${title.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>`,
    vendor: null,
    productType: kind,
    categories: [kind],
    tags: [],
    media: [],
    published: true,
    variants: [
      {
        sku: code,
        barcode: null,
        weightGrams: null,
        selectedOptions: [],
        initialStock: stockOf(item),
        price: item.price?.amount ?? null,
        compareAt: null,
      },
    ],
    rows: item.price ? [item.price.line] : [],
  }
}

const isProblem = (sale: Sale | RowProblem): sale is RowProblem => 'message' in sale

async function* readSales(open: OpenFile): AsyncGenerator<{ line: number; sale: Sale | RowProblem }> {
  const cells: Cells[] = []
  for await (const record of readRecords(open())) {
    const [cell] = cells
    if (!cell) {
      cells.push(readHeader(record))
      continue
    }
    const sale = readSale(record, cell)
    if (sale) yield { line: record.line, sale }
  }
  if (cells.length === 0) throw new FileProblem('The file is empty.')
}

/**
 * Turns invoices (UCI "Online Retail") into a catalogue: one product per stock code with its latest price above zero. An
 * invoice line that cannot be read is a refused item of its own. Memory grows with the stock codes, not with the invoices.
 * @throws FileProblem when the file as a whole cannot be read.
 */
export async function* readOnlineRetail(open: OpenFile): AsyncGenerator<ImportItem> {
  const items = new Map<string, Item>()
  for await (const { line, sale } of readSales(open)) {
    if (isProblem(sale)) {
      yield { kind: 'refused', handle: '', rows: [line], problems: [sale] }
      continue
    }
    const item: Item = items.get(sale.code) ?? { descriptions: new Map(), price: null, units: 0 }
    items.set(detached(sale.code), item)
    addSale(item, sale, line)
  }
  for (const [code, item] of items) {
    const description = describe(item)
    if (description) yield { kind: 'product', draft: toDraft(code, item, description) }
  }
}
