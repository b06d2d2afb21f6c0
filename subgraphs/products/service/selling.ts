import { refuseIfAny, ShopError } from '#kernel/errors.ts'
import { type Ids, parseId } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import { actsFor, type User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import {
  applyContent,
  checkContent,
  createProduct,
  type Product,
  type ProductContent,
  publish,
} from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { StockModel } from '../model/stock/stock.ts'
import type { Locations } from './locations.ts'
import { makePrepare, rememberIds, takenBy } from './writing.ts'

export interface SellingDeps {
  readonly products: ProductModel
  readonly categories: CategoryModel
  readonly stock: StockModel
  readonly locations: Pick<Locations, 'named'>
  readonly clock: Clock
  readonly ids: Ids
}

const foreign = (): ShopError => new ShopError('NOT_FOUND', 'There is no such product.', ['input', 'id'])

/** What sellers do with their products; an admin may do it with any. */
export const makeSelling = ({ products, categories, stock, locations, clock, ids }: SellingDeps) => {
  const prepare = makePrepare({ products, categories, stock, locations })
  const making = () => ({ now: clock.now(), newVariantId: () => ids.next('var') })

  /** Default deny: somebody else's product looks like none. */
  const own = (seller: User, product: Product): Product => {
    if (!actsFor(seller, product.sellerId)) throw foreign()
    return product
  }

  return {
    createProduct: async (asker: Asker, seller: User, content: ProductContent): Promise<Product> => {
      refuseIfAny(checkContent(content))
      const product = createProduct({ id: ids.next('prod'), sellerId: seller.id, status: 'DRAFT' }, content, making())
      await prepare(null, product, content)
      return products.store.insert(product, [actDone(asker, 'PRODUCT_CREATED', product._id)]).catch((error) => {
        throw takenBy(error)
      })
    },

    updateProduct: async (
      asker: Asker,
      seller: User,
      { id, ...content }: ProductContent & { readonly id: string },
    ): Promise<Product> => {
      refuseIfAny(checkContent(content))
      const current = await products.store.get(parseId('prod', id, ['input', 'id']))
      if (!current) throw foreign()
      const newVariantId = rememberIds(() => ids.next('var'))
      const decide = (product: Product): Product =>
        applyContent(own(seller, product), content, { now: clock.now(), newVariantId: newVariantId() })
      await prepare(current, decide(current), content)
      return products.store
        .update(
          id,
          (product) => {
            const state = decide(product)
            return state === product ? null : { state, events: [actDone(asker, 'PRODUCT_UPDATED', id)] }
          },
          current,
        )
        .catch((error) => {
          throw takenBy(error)
        })
    },

    /** Publishing what is published changes nothing. */
    publishProduct: async (asker: Asker, seller: User, id: string): Promise<Product> => {
      const current = await products.store.get(parseId('prod', id, ['input', 'id']))
      if (!current) throw foreign()
      const decide = (product: Product) => {
        const state = publish(own(seller, product), clock.now())
        const event = { type: 'ProductPublished', payload: { productId: id, sellerId: product.sellerId } }
        return state === product ? null : { state, events: [event, actDone(asker, 'PRODUCT_PUBLISHED', id)] }
      }
      return products.store.update(id, decide, current)
    },
  }
}
