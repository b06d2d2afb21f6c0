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

const toWrite = (product: SeedProduct, category: string, published: boolean): ProductToWrite => ({
  product: {
    handle: product.handle,
    title: product.title,
    descriptionHtml: product.descriptionHtml,
    vendor: product.vendor,
    productType: product.productType,
    categories: [category],
    tags: product.tags,
    media: [{ url: `https://images.example/${product.handle}.jpg`, alt: product.alt }],
    published,
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

interface Writing {
  readonly shelf: SeedShelf
  readonly sellerId: string
  readonly published: boolean
}

const writeShelf = async (call: SubgraphCaller, { shelf: { category, products }, sellerId, published }: Writing) => {
  const { products: written, pricesChanged } = await makeCatalogueSink(call, sellerId).write(
    products.map((product) => toWrite(product, category, published)),
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

const [firstShelf] = catalogue
const [keystone] = firstShelf?.products ?? []
if (!firstShelf || !keystone) throw new Error('the seed catalogue is empty')

/** There as a draft while the catalogue is being put in, and published when all of it is there. */
export const keystoneSlug = keystone.handle
const keystoneShelf: SeedShelf = { ...firstShelf, products: [keystone] }
const shelves: readonly SeedShelf[] = [
  ...catalogue.map((shelf) => ({ ...shelf, products: shelf.products.filter((product) => product !== keystone) })),
  keystoneShelf,
]

/** Leaves word in an empty shop, or one where a seed was cut off, that the catalogue is not complete yet: for a `seed` that follows. */
export const beginSeed = async (call: SubgraphCaller): Promise<void> => {
  const sellerId = await ensureSeller(call, keystoneShelf.seller)
  await writeShelf(call, { shelf: keystoneShelf, sellerId, published: false })
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
  for (const shelf of shelves) {
    const sellerId = ids.get(shelf.seller) ?? shelf.seller.id
    const { changed, pricesChanged } = await writeShelf(call, { shelf, sellerId, published: true })
    result = {
      products: result.products + shelf.products.length,
      productsChanged: result.productsChanged + changed,
      pricesChanged: result.pricesChanged + pricesChanged,
    }
  }
  return result
}
