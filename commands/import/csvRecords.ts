import { CsvError, parse } from 'csv-parse/sync'
import { type CsvLine, maxRecordLength, readLines } from './csvLines.ts'

/** One row of the file. With a `problem` the cells are a guess, good enough to tell which product the row belongs to. */
export interface CsvRecord {
  /** Line where the record begins, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
  readonly problem: { readonly cell: number | null; readonly message: string } | null
}

const unmatched =
  'the quotes do not match: a quoted cell ends with a quote, and a quote inside it is written twice ("")'

const quoteMessages: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: unmatched,
  CSV_QUOTE_NOT_CLOSED: unmatched,
  INVALID_OPENING_QUOTE:
    'a quote stands inside an unquoted cell: quote the whole cell, and write the inner quote twice ("")',
}

const countOf = (text: string, char: string): number => text.split(char).length - 1

/** The separator that the header uses most: comma, semicolon (exports of Excel in much of Europe) or tab. */
const delimiterOf = (header: string): string => {
  const unquoted = header.replace(/"[^"]*"/g, '')
  const [best = ','] = [',', ';', '\t'].sort((a, b) => countOf(unquoted, b) - countOf(unquoted, a))
  return best
}

type Parsed = { readonly cells: readonly string[] } | { readonly cell: number | null; readonly message: string }

/** A record without quotes is its cells with separators between them: most rows of most files, and twenty times faster. */
const parseRecord = (text: string, delimiter: string): Parsed =>
  text.includes('"') ? parseQuoted(text, delimiter) : { cells: text.split(delimiter) }

const parseQuoted = (text: string, delimiter: string): Parsed => {
  try {
    const records: string[][] = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: 0,
    })
    const [cells, ...more] = records
    return cells && more.length === 0 ? { cells } : { cell: null, message: unmatched }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const cell = typeof error.column === 'number' ? error.column : null
    return { cell, message: quoteMessages[error.code] ?? error.message }
  }
}

const broken = (line: CsvLine, delimiter: string, cell: number | null, message: string): CsvRecord => ({
  line: line.number,
  cells: line.text.split(delimiter),
  problem: { cell, message },
})

const quotesIn = (text: string): number => countOf(text, '"')

const textOf = (lines: readonly CsvLine[]): string =>
  lines.map(({ text, end }, index) => (index === lines.length - 1 ? text : text + end)).join('')

/**
 * Puts lines together to records. A record whose quotes never match costs only its first line: that line is answered as
 * broken and the lines after it are read afresh, so that one stray quote does not swallow the rest of the file.
 */
const makeAssembler = (delimiter: string) => {
  let held: CsvLine[] = []
  let length = 0
  let isOpen = false

  const reset = (): readonly CsvLine[] => {
    const lines = held
    held = []
    length = 0
    isOpen = false
    return lines
  }

  const reject = (cell: number | null, message: string): { record: CsvRecord; again: readonly CsvLine[] } | null => {
    const [first, ...again] = reset()
    return first ? { record: broken(first, delimiter, cell, message), again } : null
  }

  /** The quotes of what is held never match; its first line alone tells in which cell they begin. */
  const unclosed = () => {
    const parsed = parseRecord(held[0]?.text ?? '', delimiter)
    return 'message' in parsed ? reject(parsed.cell, parsed.message) : reject(null, unmatched)
  }

  const complete = (): { record: CsvRecord; again: readonly CsvLine[] } | null => {
    const parsed = parseRecord(textOf(held), delimiter)
    if ('message' in parsed) return reject(parsed.cell, parsed.message)
    const [first] = reset()
    return first ? { record: { line: first.number, cells: parsed.cells, problem: null }, again: [] } : null
  }

  return {
    /** Takes the next line; answers a record when one is complete or broken, and the lines to be given again. */
    take: (line: CsvLine) => {
      if (!isOpen && line.text.trim() === '') return null
      held.push(line)
      length += line.text.length + line.end.length
      // RFC 4180 writes an inner quote twice, so an odd number of quotes so far means: inside a quoted cell.
      if (quotesIn(line.text) % 2 === 1) isOpen = !isOpen
      if (!isOpen) return complete()
      return length > maxRecordLength ? unclosed() : null
    },
    /** The file ends: what is held is an open quote. */
    finish: unclosed,
  }
}

type Assembler = ReturnType<typeof makeAssembler>

/**
 * Reads the records of a CSV file (RFC 4180; comma, semicolon or tab), header first, blank lines left out. A broken row is
 * a record with a `problem`, and reading goes on with the next line.
 * @throws FileProblem when the file as a whole is no CSV in UTF-8.
 */
export async function* readRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const assemblers: Assembler[] = []
  /** Lines to be read next, the first one last. */
  const stack: CsvLine[] = []

  const assemblerFor = (line: CsvLine): Assembler | null => {
    if (assemblers.length === 0 && line.text.trim() !== '') assemblers.push(makeAssembler(delimiterOf(line.text)))
    return assemblers[0] ?? null
  }

  const pushAll = (lines: readonly CsvLine[]): void => {
    for (const line of lines.toReversed()) stack.push(line)
  }

  function* read(lines: readonly CsvLine[]): Generator<CsvRecord> {
    pushAll(lines)
    for (let line = stack.pop(); line; line = stack.pop()) {
      const answer = assemblerFor(line)?.take(line)
      if (!answer) continue
      yield answer.record
      pushAll(answer.again)
    }
  }

  for await (const line of readLines(source)) yield* read([line])
  for (let answer = assemblers[0]?.finish(); answer; answer = assemblers[0]?.finish()) {
    yield answer.record
    yield* read(answer.again)
  }
}
