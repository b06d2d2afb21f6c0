import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Below this an answer fits into one packet anyway. */
const threshold = 1_400

/** Fast settings: what matters for JSON is that names repeat. */
const codings = {
  br: (text: string) =>
    promisify(brotliCompress)(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
    }),
  gzip: (text: string) => promisify(gzip)(text, { level: 4 }),
}

type Coding = keyof typeof codings

/** Whether an `Accept-Encoding` header names the coding, and not with the quality 0. */
export const acceptsCoding = (header: string | undefined, coding: string): boolean =>
  (header ?? '')
    .split(',')
    .some((part) => new RegExp(`^\\s*${coding}\\s*(?:;(?!\\s*q=0(?:\\.0*)?\\s*$)|$)`, 'i').test(part))

/** The text in the best coding that the client takes; null when it is short, or the client takes none. Works off the main thread. */
export const compress = async (
  text: string,
  acceptEncoding: string | undefined,
): Promise<{ readonly coding: Coding; readonly bytes: Buffer } | null> => {
  if (text.length < threshold) return null
  const coding = (['br', 'gzip'] as const).find((known) => acceptsCoding(acceptEncoding, known))
  return coding ? { coding, bytes: await codings[coding](text) } : null
}
