import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecords } from './csvRecords.ts'
import { FileProblem } from './draft.ts'
import { collect, fileOf } from './fixtures.ts'

const read = (content: string | Uint8Array) => collect(readRecords(fileOf(content)()))
const cells = async (content: string) => (await read(content)).map((record) => record.cells)

const quote = (cell: string): string => (/["\r\n,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

describe('readRecords', () => {
  it.each([
    ['comma, LF', 'a,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR of an old Mac', 'a,b\r1,2\r'],
    ['no line end after the last row', 'a,b\n1,2'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['byte order mark', '\uFEFFa,b\n1,2\n'],
    ['blank lines', '\n\na,b\n\n1,2\n\n'],
  ])('given %s, then the records are the same', async (_, content) => {
    expect(await cells(content)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  it('given a semicolon file, then commas inside cells stay', async () => {
    expect(await cells('a;b\n1,5;2\n')).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ])
  })

  it('given quoted cells with line ends and inner quotes, then the cell is whole and lines are counted on', async () => {
    const records = await read('a,b\n"one\r\n""two""\n\nthree",x\nnext,y\n')
    expect(records.map(({ line, cells: [first] }) => [line, first])).toEqual([
      [1, 'a'],
      [2, 'one\r\n"two"\n\nthree'],
      [6, 'next'],
    ])
  })

  it('given any table, when written as CSV and read in small chunks, then it is the same table', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '😀', ' ') })
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = ['h,i', ...rows.map((row) => row.map((text) => quote(`x${text}`)).join(','))].join('\n')
        expect((await cells(text)).slice(1)).toEqual(rows.map((row) => row.map((text) => `x${text}`)))
      }),
    )
  })

  it.each([
    ['a quote never closed', '"open,2', 'quotes do not match'],
    ['text after a closing quote', '"a"b,2', 'quotes do not match'],
    ['a quote inside an unquoted cell', 'shelf 5" wide,2', 'unquoted cell'],
    ['two quotes inside an unquoted cell', '4" x 6",2', 'unquoted cell'],
  ])('given %s, then that row alone is broken and the next ones are read', async (_, row, message) => {
    const records = await read(`a,b\n${row}\nc,d\n"e","f"\n"g\nh",i\n`)
    expect(records[1]).toMatchObject({ line: 2, problem: { message: expect.stringMatching(new RegExp(message)) } })
    expect(records.slice(2).map(({ line, cells: own, problem }) => [line, own, problem])).toEqual([
      [3, ['c', 'd'], null],
      [4, ['e', 'f'], null],
      [5, ['g\nh', 'i'], null],
    ])
  })

  it('given a quote never closed at the end of a large file, then only its row is lost', async () => {
    const rest = Array.from({ length: 3_000 }, (_, index) => `row ${index},x`).join('\n')
    const records = await read(`a,b\n"open,2\n${rest}`)
    expect(records.filter(({ problem }) => problem)).toHaveLength(1)
    expect(records).toHaveLength(3_002)
  })

  it.each([
    ['UTF-16 LE', [0xff, 0xfe, 0x61, 0x00], 'UTF-16'],
    ['UTF-16 BE', [0xfe, 0xff, 0x00, 0x61], 'UTF-16'],
    ['UTF-16 without mark', [0x61, 0x00, 0x62, 0x00], 'binary or in UTF-16'],
    ['an Excel workbook', [0x50, 0x4b, 0x03, 0x04, 0x14], 'Excel workbook'],
  ])('given %s, then the file is refused with advice', async (_, bytes, name) => {
    const failed = await read(Uint8Array.from(bytes)).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(FileProblem)
    expect(failed).toMatchObject({ messages: [expect.stringContaining(name)] })
  })

  it('given a line without end, then memory is not filled with it (R13)', async () => {
    const endless = async function* () {
      for (;;) yield new Uint8Array(65_536).fill(97)
    }
    await expect(collect(readRecords(endless()))).rejects.toThrow('Line 1 is longer')
  })
})
