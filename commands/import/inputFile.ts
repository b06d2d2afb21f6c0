import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readRecords } from './csvRecords.ts'
import { FileProblem, type OpenFile } from './draft.ts'
import { isOnlineRetailHeader } from './onlineRetail.ts'
import { isShopifyHeader } from './shopify/columns.ts'

export const formats = ['shopify', 'online-retail'] as const
export type Format = (typeof formats)[number]

export interface InputFile {
  /** Bytes on disk. */
  readonly size: number
  /** Reads from the start, unpacked; `onBytes` is told the bytes read from disk. */
  open(onBytes?: (count: number) => void): ReturnType<OpenFile>
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const asFileProblem = (path: string, error: unknown): unknown => {
  if (/^Z_|ERR_.*PREMATURE/.test(codeOf(error))) return new FileProblem(`"${path}" is a damaged gzip file.`)
  const reason = reasons[codeOf(error)]
  return reason ? new FileProblem(`"${path}" cannot be imported: ${reason}.`) : error
}

async function* counted(source: AsyncIterable<Uint8Array>, onBytes: (count: number) => void) {
  for await (const chunk of source) {
    onBytes(chunk.length)
    yield chunk
  }
}

const isGzip = async (path: string): Promise<boolean> => {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
}

async function* explained(path: string, source: AsyncIterable<Uint8Array>) {
  try {
    yield* source
  } catch (error) {
    throw asFileProblem(path, error)
  }
}

/**
 * A CSV file on disk, packed with gzip or not.
 * @throws FileProblem when there is no readable file of that name.
 */
export const findInput = async (path: string): Promise<InputFile> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new FileProblem(`"${path}" cannot be imported: it is a folder.`)
    const packed = await isGzip(path)
    return {
      size: found.size,
      open: (onBytes = () => {}) => {
        const bytes = counted(createReadStream(path), onBytes)
        const unpacked = packed ? pipeline(Readable.from(bytes), createGunzip(), () => {}) : bytes
        return explained(path, unpacked)
      },
    }
  } catch (error) {
    throw asFileProblem(path, error)
  }
}

/**
 * Tells the format of a file by its header.
 * @throws FileProblem when it has neither.
 */
export const guessFormat = async (file: InputFile): Promise<Format> => {
  for await (const { cells } of readRecords(file.open())) {
    if (isOnlineRetailHeader(cells)) return 'online-retail'
    if (isShopifyHeader(cells)) return 'shopify'
    throw new FileProblem(
      'The header is neither that of a Shopify product CSV (it needs the columns "Handle" and "Title") nor that of Online Retail invoices ("InvoiceNo", "StockCode", ...).',
    )
  }
  throw new FileProblem('The file is empty.')
}
