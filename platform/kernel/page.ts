import { ShopError } from './errors.ts'

/** Relay pagination arguments as clients send them. */
export interface PageArgs {
  readonly first: number
  readonly after?: string | null
}

/** The position of an item in a sorted list: its sort value and its id, which breaks ties. */
export interface Position {
  readonly value: string | number
  readonly id: string
}

export interface Page {
  readonly first: number
  readonly after: Position | null
}

export interface Connection<T> {
  readonly nodes: readonly T[]
  readonly edges: readonly { readonly cursor: string; readonly node: T }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** Largest page (GitHub's and Shopify's bound lie at 100 and 250; parameters table: 1-100). */
export const maxPage = 100

const encode = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll('=', '')

const decode = (text: string): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return null
  }
}

export const toCursor = (position: Position): string => encode(JSON.stringify([position.value, position.id]))

const fromCursor = (cursor: string): Position | null => {
  const text = decode(cursor)
  if (text === null) return null
  try {
    const parsed: unknown = JSON.parse(text)
    if (!Array.isArray(parsed) || parsed.length !== 2) return null
    const [value, id]: unknown[] = parsed
    if ((typeof value !== 'string' && typeof value !== 'number') || typeof id !== 'string') return null
    return { value, id }
  } catch {
    return null
  }
}

/**
 * Checks pagination arguments; `valueType` is the type of the list's sort value, so that a cursor of another list is refused.
 * @throws ShopError BAD_USER_INPUT naming `first` or `after`.
 */
export const parsePage = (args: PageArgs, valueType: 'string' | 'number'): Page => {
  if (!Number.isInteger(args.first) || args.first < 1 || args.first > maxPage) {
    throw new ShopError('BAD_USER_INPUT', `"first" must be between 1 and ${maxPage}.`, ['first'])
  }
  if (args.after === undefined || args.after === null) return { first: args.first, after: null }
  const after = fromCursor(args.after)
  if (!after || typeof after.value !== valueType) {
    throw new ShopError('BAD_USER_INPUT', '"after" is not a cursor of this list.', ['after'])
  }
  return { first: args.first, after }
}

/** Builds a connection from at most `first + 1` items in list order: the extra one only tells that there is a next page. */
export const toConnection = <T>(items: readonly T[], page: Page, position: (item: T) => Position): Connection<T> => {
  const nodes = items.slice(0, page.first)
  const edges = nodes.map((node) => ({ cursor: toCursor(position(node)), node }))
  return {
    nodes,
    edges,
    pageInfo: {
      hasNextPage: items.length > page.first,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
