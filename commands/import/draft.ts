/** What an importer found wrong in one row: `line` is the line of the file where the row begins, counted from 1. */
export interface RowProblem {
  readonly line: number
  /** Header of the column at fault; null when the whole row is. */
  readonly column: string | null
  readonly message: string
}

export interface DraftMedia {
  readonly url: string
  readonly alt: string | null
}

export interface DraftVariant {
  readonly sku: string
  readonly barcode: string | null
  readonly weightGrams: number | null
  readonly selectedOptions: readonly { readonly name: string; readonly value: string }[]
  readonly initialStock: number
  /** Code of the location where it is; absent: the main one. */
  readonly location?: string | null
  /** Decimal string, exact in the currency of the import; null leaves the variant without a price. */
  readonly price: string | null
  /** Decimal string above `price`, or null. */
  readonly compareAt: string | null
}

/** A product as a file describes it: checked in itself, not yet against the shop. */
export interface ImportDraft {
  readonly handle: string
  readonly title: string
  readonly descriptionHtml: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly media: readonly DraftMedia[]
  readonly published: boolean
  readonly variants: readonly DraftVariant[]
  /** Lines of the file where its rows begin. */
  readonly rows: readonly number[]
}

/** A product, or rows that make none: refused whole, with every reason found. */
export type ImportItem =
  | { readonly kind: 'product'; readonly draft: ImportDraft }
  | {
      readonly kind: 'refused'
      readonly handle: string
      readonly rows: readonly number[]
      readonly problems: readonly RowProblem[]
    }

/** Opens the file from its start; an importer that needs two passes calls it twice. */
export type OpenFile = () => AsyncIterable<Uint8Array>

/** The bounds of the products and pricing subgraphs, checked here so that the report can name line and column. */
export const bounds = {
  title: 255,
  label: 255,
  descriptionHtml: 100_000,
  sku: 100,
  url: 2_000,
  list: 250,
  stock: 1_000_000,
  priceMinor: 1_000_000_000_000,
} as const

/** A copy: V8 keeps the whole chunk of a file alive for as long as one of its substrings, however short. */
export const detached = (text: string): string => Buffer.from(text).toString()

/** The file as a whole cannot be imported; each message is one clear line for the person who started the import. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem'
  readonly messages: readonly string[]

  constructor(...messages: readonly string[]) {
    super(messages.join(' '))
    this.messages = messages
  }
}
