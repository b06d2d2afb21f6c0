import { makeManualClock } from '#kernel/time.ts'
import { anonymous, type Role, service, type User } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { products } from './index.ts'

const userWithId = (last: string, role: Role = 'SELLER'): User => ({
  kind: 'user',
  id: `usr_01ARZ3NDEKTSV4RRFFQ69G5F${last}`,
  sessionId: 'ses_1',
  roles: [role],
})
export const seller = userWithId('AV')
export const otherSeller = userWithId('BW')
export const admin = userWithId('AD', 'ADMIN')
const orders = service('orders')

interface StockAnswer {
  readonly done: boolean
  readonly userErrors: readonly { readonly code: string; readonly message: string }[]
}

interface PlaceAnswer {
  readonly location: { readonly code: string }
  readonly available: number
  readonly reserved: number
}

type Line = readonly [variant: number, quantity: number]

/** One published product with so many variants, each with some stock, and the operations on it. */
export const startStock = async (units: number, count = 1) => {
  const clock = makeManualClock()
  const started = await startTestSubgraph(products, { clock })
  const { ask } = started
  const variants = Array.from({ length: count }, (_, index) => ({ sku: `L-${index}`, initialStock: units }))
  const created = await ask(
    seller,
    'mutation ($variants: [VariantInput!]!) { createProduct(input: { title: "Lamp", variants: $variants }) { product { id variants { id } } } }',
    { variants },
  )
  const answer = created.data?.createProduct as { product: { id: string; variants: { id: string }[] } } | undefined
  if (!answer) throw new Error('the product was not created')
  const { product } = answer
  await ask(seller, 'mutation ($id: ID!) { publishProduct(input: { id: $id }) { product { id } } }', { id: product.id })
  const variantIds = product.variants.map(({ id }) => id)
  const variantAt = (index: number): string => variantIds[index] ?? 'no such variant'
  const variantId = variantAt(0)

  const run = async (name: string, input: object): Promise<StockAnswer> => {
    const type = { holdStock: 'HoldStockInput', restockStock: 'RestockStockInput' }[name] ?? 'OrderStockInput'
    const { data, errors } = await ask(
      orders,
      `mutation ($input: ${type}!) { ${name}(input: $input) { done userErrors { code message } } }`,
      { input },
    )
    if (errors) throw new Error(errors[0]?.message)
    return data?.[name] as StockAnswer
  }
  const expiresAt = () => new Date(clock.now() + 600_000).toISOString()
  const linesOf = (lines: readonly Line[]) =>
    lines.map(([index, quantity]) => ({ variantId: variantAt(index), quantity }))
  /** The operations on several variants. */
  const many = {
    hold: (orderId: string, lines: readonly Line[]) =>
      run('holdStock', { orderId, lines: linesOf(lines), expiresAt: expiresAt() }),
    claim: (orderId: string, lines: readonly Line[]) => run('claimStock', { orderId, lines: linesOf(lines) }),
    release: (orderId: string, lines: readonly Line[]) => run('releaseStock', { orderId, lines: linesOf(lines) }),
    restock: (orderId: string, lines: readonly Line[], claimed = true) =>
      run('restockStock', { orderId, lines: linesOf(lines), claimed }),
  }
  const rowOf = (id: string) => started.deps.database.collection('stock').findOne({ _id: id as never })
  return {
    ...started,
    clock,
    variantId,
    variantIds,
    productId: product.id,
    many,
    left: async () =>
      (
        (await ask(anonymous, '{ products(first: 1) { nodes { variants { availability { left } } } } }')).data as {
          products: { nodes: { variants: { availability: { left: number } }[] }[] }
        }
      ).products.nodes[0]?.variants[0]?.availability.left,
    hold: (orderId: string, quantity: number, split = false) =>
      many.hold(
        orderId,
        split
          ? [
              [0, quantity],
              [0, quantity],
            ]
          : [[0, quantity]],
      ),
    claim: (orderId: string, quantity: number) => many.claim(orderId, [[0, quantity]]),
    release: (orderId: string, quantity: number) => many.release(orderId, [[0, quantity]]),
    restock: (orderId: string, quantity: number, claimed = true) => many.restock(orderId, [[0, quantity]], claimed),
    adjust: async (
      delta: number,
      idempotencyKey: string,
      { viewer = seller, reason = 'count', ...rest }: { viewer?: User; reason?: string; location?: string } = {},
    ) =>
      (
        await ask(
          viewer,
          'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { variant { availability { left } } userErrors { code field } } }',
          { input: { variantId, delta, reason, idempotencyKey, ...rest } },
        )
      ).data?.adjustStock,
    /** Adds a location, or changes one. */
    locate: async (input: object, name: 'create' | 'update' = 'create') => {
      const type = name === 'create' ? 'CreateStockLocationInput' : 'UpdateStockLocationInput'
      const { data } = await ask(
        admin,
        `mutation ($input: ${type}!) { ${name}StockLocation(input: $input) { location { code name priority isActive } userErrors { code field } } }`,
        { input },
      )
      return data?.[`${name}StockLocation`]
    },
    /** What the first variant has where: available and reserved by location. */
    places: async (): Promise<Record<string, readonly [number, number]>> => {
      const query =
        'query ($id: ID!) { product(id: $id) { variants { stock { location { code } available reserved } } } }'
      const { data } = await ask(seller, query, { id: product.id })
      const answer = data?.product as { variants: { stock: PlaceAnswer[] }[] } | undefined
      return Object.fromEntries(
        (answer?.variants[0]?.stock ?? []).map(({ location, available, reserved }) => [
          location.code,
          [available, reserved],
        ]),
      )
    },
    row: () => rowOf(variantId),
    rowOf,
    rows: () => started.deps.database.collection('stock').find({}).toArray(),
    sweep: async () => {
      for (const job of started.subgraph.parts.jobs ?? []) await job.run()
    },
  }
}
