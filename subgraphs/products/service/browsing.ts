import { ShopError } from '#kernel/errors.ts'
import { type Connection, type PageArgs, parsePage, toConnection } from '#kernel/page.ts'
import { hasRole, type Viewer } from '#platform/auth.ts'
import type { Category, Product, ProductStatus } from '../domain/product.ts'
import { parseQuery, rank } from '../domain/search.ts'
import type { Catalogue } from '../model/catalogue.ts'
import type { CategoryModel } from '../model/categories.ts'
import { type ProductConditions, type ProductModel, type ProductOrder, visibilityFor } from '../model/products.ts'

export type ProductSort = 'NEWEST' | 'OLDEST' | 'TITLE_ASC' | 'TITLE_DESC'

export interface ProductFilter {
  readonly category?: string | null
  readonly tag?: string | null
  readonly vendor?: string | null
  readonly sellerId?: string | null
  readonly status?: ProductStatus | null
}

export interface CountedConnection extends Connection<Product> {
  readonly count: () => Promise<number>
}

const orders: Readonly<Record<ProductSort, ProductOrder>> = {
  NEWEST: { field: 'createdAt', direction: -1 },
  OLDEST: { field: 'createdAt', direction: 1 },
  TITLE_ASC: { field: 'titleKey', direction: 1 },
  TITLE_DESC: { field: 'titleKey', direction: -1 },
}

const maxQueryLength = 200

/** Only published products, unless a seller asks for the own ones or an admin for any. */
const conditionsFor = (viewer: Viewer, filter: ProductFilter | null | undefined): ProductConditions => {
  const { category, tag, vendor, sellerId } = filter ?? {}
  const rest = {
    ...(category && { category }),
    ...(tag && { tag }),
    ...(vendor && { vendor }),
    ...(sellerId && { sellerId }),
  }
  const status = filter?.status ?? 'PUBLISHED'
  if (status === 'PUBLISHED' || hasRole(viewer, 'ADMIN')) return { ...rest, status }
  if (viewer.kind !== 'user' || !hasRole(viewer, 'SELLER'))
    throw new ShopError('FORBIDDEN', 'Only sellers and admins see drafts.', ['filter', 'status'])
  return { ...rest, status, sellerId: viewer.id }
}

export interface BrowsingDeps {
  readonly products: Pick<ProductModel, 'matching'>
  readonly catalogue: Catalogue
  readonly categories: CategoryModel
}

/** What buyers read: lists, details, search. */
export const makeBrowsing = ({ products, catalogue, categories }: BrowsingDeps) => ({
  /** @throws ShopError BAD_USER_INPUT unless exactly one of id and slug is given. */
  product: async (
    viewer: Viewer,
    { id, slug }: { id?: string | null; slug?: string | null },
  ): Promise<Product | null> => {
    if ((id == null) === (slug == null)) throw new ShopError('BAD_USER_INPUT', 'Give either an id or a slug.', ['id'])
    const visibility = visibilityFor(viewer)
    if (id == null) return catalogue.bySlug(slug ?? '', visibility)
    return (await catalogue.byIds([id], visibility))[0] ?? null
  },

  products: async (
    viewer: Viewer,
    args: PageArgs & { filter?: ProductFilter | null; sort: ProductSort },
  ): Promise<CountedConnection> => {
    const order = orders[args.sort]
    const page = parsePage(args, order.field === 'createdAt' ? 'number' : 'string')
    const filter = conditionsFor(viewer, args.filter)
    const items = await catalogue.page(filter, order, page)
    const connection = toConnection(items, page, (product) => ({ value: product[order.field], id: product._id }))
    return { ...connection, count: () => catalogue.count(filter) }
  },

  /** Reads up to 1,000 matches, ranks them, and cuts out the page; the cursor is the position after ranking. */
  search: async (
    viewer: Viewer,
    args: PageArgs & { query: string; filter?: ProductFilter | null },
  ): Promise<CountedConnection> => {
    const page = parsePage(args, 'number')
    if (args.query.length > maxQueryLength)
      throw new ShopError('BAD_USER_INPUT', `A query has at most ${maxQueryLength} characters.`, ['query'])
    const query = parseQuery(args.query)
    const matches = query ? await products.matching(query, conditionsFor(viewer, args.filter)) : []
    const ranked = matches
      .map((product) => ({ product, score: query ? rank(query, product) : 0 }))
      .sort((a, b) => b.score - a.score || (a.product.titleKey < b.product.titleKey ? -1 : 1))
    const start = page.after ? Number(page.after.value) + 1 : 0
    const positions = new Map(ranked.map(({ product }, index) => [product._id, index]))
    const ids = ranked.slice(start, start + page.first + 1).map(({ product }) => product._id)
    const whole = new Map((await catalogue.byIds(ids, visibilityFor(viewer))).map((product) => [product._id, product]))
    const items = ids.flatMap((id) => whole.get(id) ?? [])
    const connection = toConnection(items, page, (product) => ({
      value: positions.get(product._id) ?? 0,
      id: product._id,
    }))
    return { ...connection, count: async () => matches.length }
  },

  categories: (): Promise<Category[]> => categories.all(),
})
