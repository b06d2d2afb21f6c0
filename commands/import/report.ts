import { once } from 'node:events'
import type { WriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { Outcome } from './catalogueSink.ts'
import { FileProblem, type RowProblem } from './draft.ts'

/** What became of the rows of one product. */
export interface ReportEntry {
  readonly handle: string
  readonly rows: readonly number[]
  readonly outcome: Outcome
  readonly problems: readonly RowProblem[]
}

/** Most refused rows shown on the screen and kept for that (rule R13); the report file has all. */
const maxShown = 1_000

const columns = ['line', 'handle', 'outcome', 'column', 'message']

/** A cell that begins like a formula gets an apostrophe, so that a spreadsheet does not run a text from somebody's file. */
const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`

/** One line per row: rows with a problem have their reason, the other rows of a refused product say so. */
const linesOf = ({ handle, rows, outcome, problems }: ReportEntry): string[] => {
  const blamed = new Set(problems.map(({ line }) => line))
  const plain = rows.filter((row) => !blamed.has(row)).map((row) => [String(row), handle, outcome, '', ''])
  const reasons = problems.map(({ line, column, message }) => [String(line), handle, outcome, column ?? '', message])
  return [...reasons, ...plain].sort((a, b) => Number(a[0]) - Number(b[0])).map(csvLine)
}

/** `line 7, column Variant Price: "$12" is not a price ...` */
export const showProblem = ({ line, column, message }: RowProblem): string =>
  `line ${line}${column === null ? '' : `, column ${column}`}: ${message}`

/** @throws FileProblem when the file cannot be written */
export const openReportFile = async (path: string): Promise<WriteStream> => {
  try {
    return (await open(path, 'w')).createWriteStream()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FileProblem(`--report "${path}" cannot be written: ${reason}.`)
  }
}

/** Counts outcomes, keeps the refused rows for the screen, and writes each row to a CSV file when asked for. */
export const makeReport = (stream: WriteStream | null) => {
  const counts: Record<Outcome, number> = { CREATED: 0, UPDATED: 0, UNCHANGED: 0, REFUSED: 0 }
  const refused: string[] = []
  let refusedRows = 0
  stream?.write(csvLine(columns))
  return {
    counts: counts as Readonly<Record<Outcome, number>>,
    add: async (entry: ReportEntry): Promise<void> => {
      counts[entry.outcome] += 1
      refusedRows += entry.problems.length
      refused.push(...entry.problems.slice(0, maxShown - refused.length).map(showProblem))
      if (stream && !stream.write(linesOf(entry).join(''))) await once(stream, 'drain')
    },
    /** The refused rows, as lines for the screen. */
    refusedLines: (): string[] => {
      const hidden = refusedRows - refused.length
      return hidden > 0 ? [...refused, `... and ${hidden} more: see them all with --report file.csv`] : refused
    },
    close: async (): Promise<void> => {
      if (!stream) return
      stream.end()
      await finished(stream)
    },
  }
}

export type Report = ReturnType<typeof makeReport>
