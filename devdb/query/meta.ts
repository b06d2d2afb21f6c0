import type { Doc } from '../bson/values.ts'

/** What a query knows of a document beyond its fields. */
export type Meta = {
  /** How well it matches the `$text` of the filter. */
  readonly textScore?: number
}

// Enumerable, so that a spread carries it on; Object.keys, Object.entries and the encoder do not see symbols.
const meta = Symbol('meta')

type Marked = Doc & { readonly [meta]?: Meta }

/** A shallow copy of the document that carries `added`, on top of what it carries already. */
export const withMeta = (doc: Doc, added: Meta): Doc => {
  const marked: Marked = { ...doc, [meta]: { ...metaOf(doc), ...added } }
  return marked
}

/** What a document carries; empty for one that came from no such query. */
export const metaOf = (doc: Doc): Meta => (doc as Marked)[meta] ?? {}
