import { createHash } from 'node:crypto'
import { bounds } from '../draft.ts'

/**
 * A handle as it stands in a URL: lower case, words joined by hyphens. Spreadsheets write `Blue Shirt` or `blue_shirt ` where
 * Shopify writes `blue-shirt`; all of them mean the same product. Empty when there is neither letter nor digit.
 */
export const toHandle = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 255)
    .replace(/^-+|-+$/g, '')

/**
 * The SKU of a variant that has none: the same handle and choices give the same SKU in every import, whatever the order of
 * rows or options. The eight hex digits keep `a-b` + `c` apart from `a` + `b-c`.
 */
export const generatedSku = (handle: string, choices: readonly { name: string; value: string }[]): string => {
  const sorted = choices.map(({ name, value }) => `${name.toLowerCase()}=${value}`).sort()
  const digest = createHash('sha256')
    .update(JSON.stringify([handle, ...sorted]))
    .digest('hex')
    .slice(0, 8)
  const words = [handle, ...choices.map(({ value }) => toHandle(value))].filter((word) => word !== '').join('-')
  return `${words.toUpperCase().slice(0, bounds.sku - 9)}-${digest.toUpperCase()}`
}
