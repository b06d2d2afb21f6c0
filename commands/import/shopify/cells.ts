import { exponent, fromDecimal } from '#kernel/money.ts'
import { bounds } from '../draft.ts'

/** A cell read: its value, or the sentence that tells the seller how to mend it. */
export type Read<T> = { readonly value: T } | { readonly message: string }

const value = <T>(it: T): Read<T> => ({ value: it })
const wrong = (message: string): Read<never> => ({ message })

const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}...` : text}"`

/** A price as a decimal string exact in the currency: no symbol, no thousands separator, a point before the decimals. */
export const readPrice = (text: string, currency: string): Read<string> => {
  if (/^-/.test(text)) return wrong(`${quoted(text)} is negative`)
  if (!/^\d+(\.\d+)?$/.test(text)) {
    const example = exponent(currency) === 0 ? '1299' : '1299.00'
    return wrong(`${quoted(text)} is not a price: write digits and a decimal point only, for example ${example}`)
  }
  const money = fromDecimal(text, currency)
  if (money && money.minor <= bounds.priceMinor) return value(text)
  return wrong(`${quoted(text)} has more decimals than ${currency}, or is too large`)
}

/** A count of units; `3.0` is taken because spreadsheets write it. */
export const readQuantity = (text: string): Read<number> => {
  if (/^-/.test(text)) return wrong(`${quoted(text)} is negative`)
  if (!/^\d+(\.0+)?$/.test(text)) return wrong(`${quoted(text)} is not a whole number of units`)
  const units = Number(text)
  return units <= bounds.stock ? value(units) : wrong(`${quoted(text)} is more than ${bounds.stock} units`)
}

/** Grams in one unit of weight: international pound and ounce, exact by definition (1959). */
const gramsIn: Readonly<Record<string, number>> = { g: 1, kg: 1_000, lb: 453.59237, oz: 28.349523125 }

/** A weight in whole grams; 0 means that the seller gave none. */
export const readWeight = (text: string, unit: string): Read<number | null> => {
  if (/^-/.test(text)) return wrong(`${quoted(text)} is negative`)
  if (!/^\d+(\.\d+)?$/.test(text))
    return wrong(`${quoted(text)} is not a weight: write digits and a decimal point only`)
  const factor = gramsIn[unit.toLowerCase()]
  if (factor === undefined) return wrong(`${quoted(unit)} is not a unit of weight (g, kg, lb or oz)`)
  const grams = Math.round(Number(text) * factor)
  return grams <= 2_147_483_647 ? value(grams === 0 ? null : grams) : wrong(`${quoted(text)} is too heavy`)
}

/** SKU or barcode: Shopify writes an apostrophe before digits, so that a spreadsheet does not take them for a number. */
export const readCode = (text: string): Read<string> => {
  const code = text.replace(/^'(?=\d)/, '')
  if (/^\d+([.,]\d+)?e\+\d+$/i.test(code)) {
    return wrong(`${quoted(code)} is a number that a spreadsheet has shortened: format the column as text`)
  }
  return code.length <= bounds.sku ? value(code) : wrong(`${quoted(code)} is longer than ${bounds.sku} characters`)
}

/** `true` and `false` in the spellings of Shopify and of spreadsheets. */
export const readFlag = (text: string): Read<boolean> => {
  const flag = text.toLowerCase()
  if (['true', 'yes', '1'].includes(flag)) return value(true)
  if (['false', 'no', '0'].includes(flag)) return value(false)
  return wrong(`${quoted(text)} is neither true nor false`)
}

/** Shopify's status of a product; only an active one is for everybody to see. */
export const readStatus = (text: string): Read<boolean> => {
  const status = text.toLowerCase()
  if (status === 'active') return value(true)
  if (['draft', 'archived', 'unlisted'].includes(status)) return value(false)
  return wrong(`${quoted(text)} is not a status (active, draft, archived)`)
}

/** An absolute http(s) URL; `//host/path`, as old exports have it, becomes https. */
export const readUrl = (text: string): Read<string> => {
  const url = text.startsWith('//') ? `https:${text}` : text
  if (url.length > bounds.url) return wrong(`the URL is longer than ${bounds.url} characters`)
  return /^https?:\/\/\S+$/i.test(url) && URL.canParse(url)
    ? value(url)
    : wrong(`${quoted(text)} is not an absolute http or https URL`)
}

/** A text of bounded length. */
export const readText = (text: string, longest: number): Read<string> =>
  text.length <= longest ? value(text) : wrong(`the text has ${text.length} characters, at most ${longest} are taken`)
