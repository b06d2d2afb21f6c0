import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { readArguments } from './arguments.ts'
import { collect } from './fixtures.ts'
import { findInput, guessFormat } from './inputFile.ts'
import { makeProgress } from './progress.ts'
import { makeReport, openReportFile } from './report.ts'

const sellerId = 'usr_01JD0000000000000ANTERN0HS'

const folder = async (): Promise<string> => {
  const made = await mkdtemp(path.join(tmpdir(), 'import-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}

describe('arguments', () => {
  it('given all of them, in either spelling, then they are read', () => {
    const args = [
      'a.csv',
      '--seller',
      sellerId,
      '--format=shopify',
      '--currency',
      'USD',
      '--report',
      'r.csv',
      '--dry-run',
    ]
    expect(readArguments(args)).toEqual({
      arguments: { file: 'a.csv', sellerId, format: 'shopify', currency: 'USD', report: 'r.csv', dryRun: true },
      problems: [],
      help: false,
    })
  })

  it('given nothing, then both missing things are told', () => {
    expect(readArguments([]).problems).toHaveLength(2)
  })

  it.each([
    [['a.csv', '--seller'], '--seller needs a value'],
    [['a.csv', '--seller', 'bob'], 'is not the id of an account'],
    [['a.csv', '--seller', sellerId, '--format', 'xml'], 'is not one of shopify, online-retail'],
    [['a.csv', '--seller', sellerId, '--currency', 'EURO'], 'is not an ISO 4217 code'],
    [['a.csv', '--seller', sellerId, '--dry-run=yes'], '--dry-run takes no value'],
    [['a.csv', '--seller', sellerId, '--force'], 'There is no option --force'],
    [['a.csv', 'b.csv', '--seller', sellerId], 'One file at a time'],
  ])('given %j, then one clear line', (args, message) => {
    expect(readArguments(args).problems).toEqual([expect.stringContaining(message)])
  })
})

describe('input file', () => {
  it('given a packed file, then it is unpacked, and the bytes read are those on disk', async () => {
    const file = path.join(await folder(), 'a.csv.gz')
    await writeFile(file, gzipSync('Handle,Title\na,A'))
    const input = await findInput(file)
    const counts: number[] = []
    const text = Buffer.concat(await collect(input.open((count) => counts.push(count)))).toString()
    expect([text, counts.reduce((sum, count) => sum + count, 0)]).toEqual(['Handle,Title\na,A', input.size])
    expect(await guessFormat(input)).toBe('shopify')
  })

  it('given a damaged packed file, a folder or nothing, then one clear sentence', async () => {
    const where = await folder()
    const file = path.join(where, 'a.csv.gz')
    await writeFile(file, gzipSync('Handle,Title\n'.repeat(100)).subarray(0, 30))
    const input = await findInput(file)
    await expect(collect(input.open())).rejects.toThrow('is a damaged gzip file')
    await expect(findInput(where)).rejects.toThrow('it is a folder')
    await expect(findInput(path.join(where, 'none.csv'))).rejects.toThrow('there is no such file')
  })

  it('given a header of neither format, then both are named', async () => {
    const file = path.join(await folder(), 'a.csv')
    await writeFile(file, 'Name,Price\nA,5')
    await expect(guessFormat(await findInput(file))).rejects.toThrow(/"Handle" and "Title".*"InvoiceNo"/)
  })
})

describe('progress', () => {
  const given = (isTTY: boolean) => {
    const clock = makeManualClock()
    const texts: string[] = []
    return { clock, texts, progress: makeProgress({ isTTY, write: (text) => texts.push(text) }, clock, 200) }
  }

  it('given a terminal, then one line is redrawn at most ten times a second and cleared at the end', () => {
    const { clock, texts, progress } = given(true)
    progress.read(50)
    progress.show('too early')
    clock.advance(100)
    progress.show('2 products')
    progress.end()
    expect(texts).toEqual([`\r\u001b[2K[${'#'.repeat(8)}${'-'.repeat(22)}] 25 %  2 products`, '\r\u001b[2K'])
  })

  it('given no terminal, then a plain line every five seconds', () => {
    const { clock, texts, progress } = given(false)
    clock.advance(100)
    progress.show('too early')
    progress.read(500)
    clock.advance(seconds(5))
    progress.show('9 products')
    progress.end()
    expect(texts).toEqual([`[${'#'.repeat(30)}] 100 %  9 products\n`])
  })
})

describe('report', () => {
  const problem = (line: number, message: string) => ({ line, column: 'Title', message })

  it('given texts like formulas, then a spreadsheet does not run them', async () => {
    const file = path.join(await folder(), 'r.csv')
    const report = makeReport(await openReportFile(file))
    await report.add({ handle: '', rows: [2], outcome: 'REFUSED', problems: [problem(2, '=HYPERLINK("http://x")')] })
    await report.close()
    expect(await readFile(file, 'utf8')).toContain(`2,,REFUSED,Title,"'=HYPERLINK(""http://x"")"`)
  })

  it('given more refused rows than a screen holds, then the rest is counted (R13)', async () => {
    const report = makeReport(null)
    for (let line = 1; line <= 1_005; line++)
      await report.add({ handle: 'x', rows: [line], outcome: 'REFUSED', problems: [problem(line, 'bad')] })
    expect([report.refusedLines().length, report.refusedLines().at(-1)]).toEqual([
      1_001,
      expect.stringContaining('and 5 more'),
    ])
  })

  it('given a report file that cannot be written, then one clear sentence', async () => {
    await expect(openReportFile('/no/such/folder/r.csv')).rejects.toThrow(
      '--report "/no/such/folder/r.csv" cannot be written',
    )
  })
})
