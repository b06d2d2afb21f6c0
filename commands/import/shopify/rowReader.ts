import type { RowProblem } from '../draft.ts'
import type { Read } from './cells.ts'
import type { ColumnKey, ShopifyRow } from './columns.ts'

/** Reads cells of a product's rows and collects what is wrong with them, so that a seller can mend a product at once. */
export interface RowReader {
  readonly problems: readonly RowProblem[]
  refuse(row: ShopifyRow, key: ColumnKey | null, message: string): void
  /** The value of a filled cell; `fallback` when it is empty or wrong (then with a problem noted). */
  read<T, F>(row: ShopifyRow, key: ColumnKey, reader: (text: string) => Read<T>, fallback: F): T | F
}

export const makeRowReader = (): RowReader => {
  const problems: RowProblem[] = []
  const refuse = (row: ShopifyRow, key: ColumnKey | null, message: string): void => {
    problems.push({ line: row.line, column: key && row.header(key), message })
  }
  return {
    problems,
    refuse,
    read: (row, key, reader, fallback) => {
      const text = row.cell(key)
      if (text === '') return fallback
      const read = reader(text)
      if ('value' in read) return read.value
      refuse(row, key, read.message)
      return fallback
    },
  }
}
