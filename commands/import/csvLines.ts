import { FileProblem } from './draft.ts'

/** A physical line: what stands between two line ends. Quoted cells may span several. */
export interface CsvLine {
  readonly number: number
  readonly text: string
  /** The line end that follows, so that lines joined again are the original text. */
  readonly end: string
}

/** Longest line or record taken, in UTF-16 units: ten times the longest description. It bounds the memory (rule R13). */
export const maxRecordLength = 1_048_576

const startsWith = (bytes: Uint8Array, ...prefix: readonly number[]): boolean =>
  prefix.every((byte, index) => bytes[index] === byte)

/** Names what a file is when it is certainly no UTF-8 text. */
const foreignFormat = (start: Uint8Array): string | null => {
  if (startsWith(start, 0x50, 0x4b, 0x03, 0x04)) return 'an Excel workbook or a ZIP archive'
  if (startsWith(start, 0xff, 0xfe) || startsWith(start, 0xfe, 0xff)) return 'in UTF-16'
  return start.subarray(0, 256).includes(0) ? 'binary or in UTF-16' : null
}

const assertText = (start: Uint8Array): void => {
  const format = foreignFormat(start)
  if (format) throw new FileProblem(`The file is ${format}: save it as "CSV UTF-8" and import that.`)
}

const lineEnd = /\r\n|\n|\r/g

/**
 * Splits UTF-8 bytes into lines ended by LF, CRLF or CR; a byte order mark is dropped. Bytes that are not UTF-8 become
 * U+FFFD, which the reader of the cells reports with line and column.
 * @throws FileProblem when the file is no UTF-8 text, or a line is longer than `maxRecordLength`.
 */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const decoder = new TextDecoder('utf-8')
  let number = 0
  let rest = ''
  let started = false

  function* split(text: string, isLast: boolean): Generator<CsvLine> {
    let from = 0
    for (const match of text.matchAll(lineEnd)) {
      // A CR at the end of a chunk may be half of a CRLF: it waits for the next chunk.
      if (!isLast && match[0] === '\r' && match.index === text.length - 1) break
      number += 1
      yield { number, text: text.slice(from, match.index), end: match[0] }
      from = match.index + match[0].length
    }
    rest = text.slice(from)
  }

  for await (const chunk of source) {
    if (!started && chunk.length > 0) {
      assertText(chunk)
      started = true
    }
    yield* split(rest + decoder.decode(chunk, { stream: true }), false)
    if (rest.length > maxRecordLength) {
      throw new FileProblem(`Line ${number + 1} is longer than ${maxRecordLength} characters: this is no CSV file.`)
    }
  }
  yield* split(rest + decoder.decode(), true)
  if (rest !== '') yield { number: number + 1, text: rest, end: '' }
}
