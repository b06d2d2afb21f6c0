import { type CsvRecord, readRecords } from '../csvRecords.ts'
import { detached, FileProblem, type OpenFile } from '../draft.ts'
import { readHeader, type ShopifyHeader, type ShopifyRow } from './columns.ts'
import { toHandle } from './handle.ts'
import type { ProductRows } from './product.ts'

/** Rows that one product may have: 250 variants, 250 pictures, and then some. */
const maxRowsOfProduct = 2_000
/** Rows kept at once for products whose rows do not stand together (rule R13). */
const maxScatteredRows = 50_000

/** A row with the product it belongs to; a row without a handle has a key of its own. */
interface KeyedRow {
  readonly key: string
  readonly handle: string
  readonly row: ShopifyRow
}

const orphan = 'the handle is empty: the row seems to belong to the product above, which is refused with it'

/** Tells row by row which product is meant, with the one before in mind. */
const makeKeying = () => {
  let last: { key: string; handle: string } | null = null
  return (row: ShopifyRow): KeyedRow => {
    const handle = toHandle(row.cell('handle'))
    if (handle === '' && row.cell('title') === '' && last) {
      const problem = row.problem ?? { line: row.line, column: row.header('handle'), message: orphan }
      return { ...last, row: { ...row, problem } }
    }
    last = { key: handle === '' ? `line ${row.line}` : handle, handle }
    return { ...last, row }
  }
}

const isBlank = (record: CsvRecord): boolean => record.cells.every((cell) => cell.trim() === '')

async function* readRows(open: OpenFile, onHeader: (header: ShopifyHeader) => void): AsyncGenerator<KeyedRow> {
  let header: ShopifyHeader | null = null
  const keyed = makeKeying()
  for await (const record of readRecords(open())) {
    if (header) {
      if (!isBlank(record)) yield keyed(header.row(record))
      continue
    }
    header = readHeader(record)
    onHeader(header)
  }
  if (!header) throw new FileProblem('The file is empty.')
}

/** First pass: the products whose rows do not stand together, each with the line of its last row. */
const findScattered = async (open: OpenFile): Promise<ReadonlyMap<string, number>> => {
  const seen = new Set<string>()
  const scattered = new Map<string, number>()
  let last = ''
  for await (const { key, row } of readRows(open, () => {})) {
    const isBack = key !== last && seen.has(key)
    if (isBack || scattered.has(key)) scattered.set(detached(key), row.line)
    if (key !== last) seen.add(detached(key))
    last = key
  }
  return scattered
}

interface Group {
  readonly handle: string
  readonly rows: ShopifyRow[]
  isTooLong: boolean
}

const addTo = (group: Group, row: ShopifyRow, hasRoom: boolean): boolean => {
  if (hasRoom && group.rows.length < maxRowsOfProduct) {
    group.rows.push(row)
    return true
  }
  group.isTooLong = true
  return false
}

/**
 * The rows of a file product by product. Spreadsheets sort rows, so the rows of a handle need not stand together: a first pass
 * over the file finds such handles, and a product is complete only with its last row. That is why the file is read twice, and
 * why nothing of a product is imported before all of it is known.
 * @throws FileProblem when the file is empty, no UTF-8 text, or lacks required columns.
 */
export async function* readProductRows(
  open: OpenFile,
  onHeader: (header: ShopifyHeader) => void,
): AsyncGenerator<ProductRows> {
  const scattered = await findScattered(open)
  const waiting = new Map<string, Group>()
  let waitingRows = 0
  let current: { readonly key: string; readonly group: Group } | null = null

  for await (const { key, handle, row } of readRows(open, onHeader)) {
    if (current && current.key !== key) {
      yield current.group
      current = null
    }
    const lastLine = scattered.get(key)
    if (lastLine === undefined) {
      current ??= { key, group: { handle, rows: [], isTooLong: false } }
      addTo(current.group, row, true)
      continue
    }
    const group = waiting.get(key) ?? { handle, rows: [], isTooLong: false }
    waiting.set(key, group)
    if (addTo(group, row, group.rows.length === 0 || waitingRows < maxScatteredRows)) waitingRows += 1
    if (row.line < lastLine) continue
    waiting.delete(key)
    waitingRows -= group.rows.length
    yield group
  }
  if (current) yield current.group
}
