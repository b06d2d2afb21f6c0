import { ShopError } from '#kernel/errors.ts'
import { money, toWire } from '#kernel/money.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { makeCatalogueSink, type PriceToWrite, type ProductToWrite } from '../import/catalogueSink.ts'
import { catalogue, type SeedShelf } from './catalogue.ts'
import type { SeedPrices, SeedProduct, SeedVariant } from './product.ts'
import { type SeedSeller, sellers } from './sellers.ts'

const currencies = ['EUR', 'USD', 'GBP'] as const

const pricesOf = ({ sku, prices, compareAt, tiers = [] }: SeedVariant): PriceToWrite[] =>
  currencies.map((currency) => {
    const wire = (of: SeedPrices) => toWire(money(of[currency], currency))
    return {
      sku,
      amount: wire(prices),
      compareAt: compareAt ? wire(compareAt) : null,
      tiers: tiers.map((tier) => ({ minQuantity: tier.minQuantity, amount: wire(tier.prices) })),
    }
  })

const toWrite = (product: SeedProduct, category: string): ProductToWrite => ({
  product: {
    handle: product.handle,
    title: product.title,
    descriptionHtml: product.descriptionHtml,
    vendor: product.vendor,
    productType: product.productType,
    categories: [category],
    tags: product.tags,
    media: [{ url: `https://images.example/${product.handle}.jpg`, alt: product.alt }],
    published: true,
    variants: product.variants.map(({ sku, choices, stock, weightGrams }) => ({
      sku,
      barcode: null,
      weightGrams,
      selectedOptions: Object.entries(choices).map(([name, value]) => ({ name, value })),
      initialStock: stock,
    })),
  },
  prices: product.variants.flatMap(pricesOf),
})

const accountMutation = /* GraphQL */ `
  mutation EnsureSeller($input: EnsureAccountInput!) {
    ensureAccount(input: $input) {
      accountId
      userErrors { code message }
    }
  }
`

interface AccountAnswer {
  readonly ensureAccount: {
    readonly accountId: string | null
    readonly userErrors: readonly { readonly code: ShopError['code']; readonly message: string }[]
  }
}

/** The id of the account: its own, also when the e-mail address belonged to another account before. */
const ensureSeller = async (call: SubgraphCaller, seller: SeedSeller): Promise<string> => {
  const input = { ...seller, roles: ['SELLER'] }
  const { ensureAccount } = await call<AccountAnswer>('users', { query: accountMutation, variables: { input } })
  const [refused] = ensureAccount.userErrors
  if (refused) throw new ShopError(refused.code, `The seed seller ${seller.email} was refused: ${refused.message}`)
  return ensureAccount.accountId ?? seller.id
}

const writeShelf = async (call: SubgraphCaller, { category, products }: SeedShelf, sellerId: string) => {
  const { products: written, pricesChanged } = await makeCatalogueSink(call, sellerId).write(
    products.map((product) => toWrite(product, category)),
  )
  const refused = written.find(({ outcome }) => outcome === 'REFUSED')
  if (refused)
    throw new ShopError('BAD_USER_INPUT', `The seed product ${refused.handle} was refused: ${refused.message}`)
  return { changed: written.filter(({ outcome }) => outcome !== 'UNCHANGED').length, pricesChanged }
}

/** How much the seed changed; all zero when it was there already. */
export interface SeedResult {
  readonly products: number
  readonly productsChanged: number
  readonly pricesChanged: number
}

/**
 * Puts the demo sellers and their catalogue into an empty shop. Doing it again changes nothing.
 * @param call with the service identity `seed`; reaches users, products and pricing
 * @throws ShopError naming what was refused, UNAVAILABLE when a subgraph does not answer
 */
export const seed = async (call: SubgraphCaller): Promise<SeedResult> => {
  const ids = new Map<SeedSeller, string>()
  for (const seller of sellers) ids.set(seller, await ensureSeller(call, seller))
  let result: SeedResult = { products: 0, productsChanged: 0, pricesChanged: 0 }
  for (const shelf of catalogue) {
    const { changed, pricesChanged } = await writeShelf(call, shelf, ids.get(shelf.seller) ?? shelf.seller.id)
    result = {
      products: result.products + shelf.products.length,
      productsChanged: result.productsChanged + changed,
      pricesChanged: result.pricesChanged + pricesChanged,
    }
  }
  return result
}
