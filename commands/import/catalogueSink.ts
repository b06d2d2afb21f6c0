import { isShopError, ShopError } from '#kernel/errors.ts'
import type { WireMoney } from '#kernel/money.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import type { ImportDraft } from './draft.ts'

/** A price as pricing takes it, of a variant that has no id yet. */
export interface PriceToWrite {
  readonly sku: string
  readonly amount: WireMoney
  readonly compareAt: WireMoney | null
  readonly tiers: readonly { readonly minQuantity: number; readonly amount: WireMoney }[]
}

/** A product with everything the shop is told about it: once the catalogue, once the prices. */
export interface ProductToWrite {
  readonly product: Omit<ImportDraft, 'variants' | 'rows'> & {
    readonly variants: readonly Omit<ImportDraft['variants'][number], 'price' | 'compareAt'>[]
  }
  readonly prices: readonly PriceToWrite[]
}

export type Outcome = 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'REFUSED'

export interface Written {
  readonly handle: string
  readonly outcome: Outcome
  /** Why it was refused. */
  readonly message: string | null
}

export interface WrittenBatch {
  /** One entry for each product given, in order. */
  readonly products: readonly Written[]
  readonly pricesChanged: number
}

/** Most products in a batch; `importProducts` takes 100, fewer keep a batch well within its timeout. */
export const batchSize = 50

/** `setPrices` takes at most this many. */
const maxPrices = 250

const batchTimeoutMs = 30_000
const attempts = 3

const importMutation = /* GraphQL */ `
  mutation ImportProducts($input: ImportProductsInput!) {
    importProducts(input: $input) {
      products { handle outcome message variants { id sku } }
      userErrors { code message }
    }
  }
`

const pricesMutation = /* GraphQL */ `
  mutation SetImportedPrices($input: SetPricesInput!) {
    setPrices(input: $input) {
      changed
      userErrors { code message }
    }
  }
`

interface UserErrors {
  readonly userErrors: readonly { readonly message: string; readonly code: ShopError['code'] }[]
}

interface ImportedProduct extends Written {
  readonly variants: readonly { readonly id: string; readonly sku: string }[]
}

interface VariantPrice extends Omit<PriceToWrite, 'sku'> {
  readonly variantId: string
}

const refusedIn = ({ userErrors }: UserErrors): ShopError | null => {
  const [first] = userErrors
  return first ? new ShopError(first.code, userErrors.map(({ message }) => message).join(' ')) : null
}

const decimal = (amount: string, currencyCode: string): WireMoney => ({ amount, currencyCode })

/** A draft with its prices in one currency. */
export const fromDraft = ({ rows: _, variants, ...product }: ImportDraft, currency: string): ProductToWrite => ({
  product: { ...product, variants: variants.map(({ price: __, compareAt: ___, ...variant }) => variant) },
  prices: variants.flatMap(({ sku, price, compareAt }) =>
    price === null
      ? []
      : [
          {
            sku,
            amount: decimal(price, currency),
            compareAt: compareAt === null ? null : decimal(compareAt, currency),
            tiers: [],
          },
        ],
  ),
})

const pricesOf = ({ prices }: ProductToWrite, { variants }: ImportedProduct): VariantPrice[] => {
  const ids = new Map(variants.map(({ sku, id }) => [sku, id]))
  return prices.flatMap(({ sku, ...price }) => {
    const variantId = ids.get(sku)
    return variantId ? [{ variantId, ...price }] : []
  })
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/**
 * Writes products and their prices into the catalogue of a seller, through the same operations as everybody else. Writing the
 * same again changes nothing, so an import that was cut off is continued by starting it again.
 * @param call with the service identity `import` or `seed`
 */
export const makeCatalogueSink = (call: SubgraphCaller, sellerId: string) => {
  /** Both operations may be repeated at will, so an answer that got lost is asked for again. */
  const ask = async <Data>(subgraph: 'products' | 'pricing', query: string, input: unknown): Promise<Data> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call<Data>(subgraph, { query, variables: { input }, timeoutMs: batchTimeoutMs })
      } catch (error) {
        if (!isShopError(error) || !error.retryable || attempt === attempts) throw error
      }
    }
  }

  const setPrices = async (prices: readonly VariantPrice[]): Promise<number> => {
    const { setPrices: answer } = await ask<{ setPrices: UserErrors & { changed: number } }>(
      'pricing',
      pricesMutation,
      {
        prices,
      },
    )
    const refused = refusedIn(answer)
    if (refused) throw refused
    return answer.changed
  }

  /** A refused price fails its whole call, so the prices of a refused call are set product by product to find it. */
  const setPricesApart = async (written: readonly (readonly [ImportedProduct, readonly VariantPrice[]])[]) => {
    const messages = new Map<string, string>()
    let changed = 0
    for (const [{ handle }, prices] of written) {
      try {
        for (const chunk of chunks(prices, maxPrices)) changed += await setPrices(chunk)
      } catch (error) {
        if (!isShopError(error) || error.retryable) throw error
        messages.set(handle, `The product is there, but its prices were refused: ${error.message}`)
      }
    }
    return { changed, messages }
  }

  const setAllPrices = async (written: readonly (readonly [ImportedProduct, readonly VariantPrice[]])[]) => {
    const all = written.flatMap(([, prices]) => prices)
    let changed = 0
    try {
      for (const chunk of chunks(all, maxPrices)) changed += await setPrices(chunk)
      return { changed, messages: new Map<string, string>() }
    } catch (error) {
      if (!isShopError(error) || error.retryable) throw error
      const apart = await setPricesApart(written)
      return { ...apart, changed: changed + apart.changed }
    }
  }

  return {
    /**
     * Writes up to `batchSize` products.
     * @throws ShopError when the batch as a whole is refused, or the shop does not answer
     */
    write: async (batch: readonly ProductToWrite[]): Promise<WrittenBatch> => {
      const { importProducts: answer } = await ask<{ importProducts: UserErrors & { products: ImportedProduct[] } }>(
        'products',
        importMutation,
        { sellerId, products: batch.map(({ product }) => product) },
      )
      const refused = refusedIn(answer)
      if (refused) throw refused
      const written = answer.products.flatMap((imported, index) => {
        const given = batch[index]
        return given && imported.outcome !== 'REFUSED' ? [[imported, pricesOf(given, imported)] as const] : []
      })
      const { changed, messages } = await setAllPrices(written)
      const products = answer.products.map(({ handle, outcome, message }): Written => {
        const unpriced = messages.get(handle)
        return unpriced ? { handle, outcome: 'REFUSED', message: unpriced } : { handle, outcome, message }
      })
      return { products, pricesChanged: changed }
    },
  }
}

export type CatalogueSink = ReturnType<typeof makeCatalogueSink>
