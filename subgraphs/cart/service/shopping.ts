import { isShopError, type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { type Ids, isId } from '#kernel/id.ts'
import { type Clock, seconds } from '#kernel/time.ts'
import type { Shopper } from '#platform/auth.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { checkTimeout, type ProductsClient, unlessAway } from '../clients.ts'
import {
  addLine,
  type Cart,
  checkDestination,
  type Destination,
  newCart,
  quantityProblems,
  removeLine,
  setCurrency,
  setDestination,
  setQuantity,
  withinCap,
} from '../domain/cart.ts'
import type { CartModel } from '../model/carts.ts'
import { type CurrentCart, unlessTaken, untilSettled } from './current.ts'

export interface ShoppingDeps {
  readonly carts: CartModel
  readonly current: CurrentCart
  readonly products: ProductsClient
  readonly cache: Cache
  readonly clock: Clock
  readonly ids: Ids
  /** ISO 4217 code of new carts. */
  readonly currency: string
}

interface Sold {
  readonly maxPerOrder: number | null
}

/** How long "this variant is sold" is believed without asking again. A refusal is never remembered. */
const soldFor = seconds(30)

const variantField = ['input', 'variantId']

const unlessRefused = (error: unknown): null => {
  if (isShopError(error)) return null
  throw error
}

/** What a buyer does with the own cart. Each use case is one guarded write. */
export const makeShopping = ({ carts, current, products, cache, clock, ids, currency }: ShoppingDeps) => {
  /**
   * Most units of a variant in one order; null: no limit of its own.
   * @throws ShopError NOT_FOUND or NOT_SOLD; when products is away the line is taken: reading the cart tells later
   */
  const requireSold = async (variantId: string): Promise<number | null> => {
    const key = `cart:sold:${variantId}`
    const known = await cache.get<Sold>(key)
    if (known) return known.maxPerOrder
    const variants = await unlessAway(products.variants([variantId], checkTimeout))
    if (!variants) return null
    const variant = variants.get(variantId)
    if (!variant) throw new ShopError('NOT_FOUND', 'There is no such variant.', variantField)
    if (!variant.isSold) throw new ShopError('NOT_SOLD', 'The variant is not for sale.', variantField)
    await cache.set<Sold>(key, { maxPerOrder: variant.maxPerOrder }, soldFor)
    return variant.maxPerOrder
  }

  /** The limit of a line's variant. What is not for sale any more has none here: the cart says so when it is read. */
  const limitOf = async (shopper: Shopper, lineId: string) => {
    const line = (await current(shopper))?.lines.find(({ id }) => id === lineId)
    if (!line) return null
    const { variantId } = line
    return { variantId, most: await requireSold(variantId).catch(unlessRefused) }
  }

  const isOpen = (cart: Cart, shopper: Shopper): boolean => cart.state === 'active' && cart.owner.id === shopper.id

  /** Null: the cart was ordered or merged meanwhile. */
  const changeOpen = async (open: Cart, shopper: Shopper, decide: (cart: Cart) => Cart) => {
    const answer = await carts.update(open.id, (cart) => (isOpen(cart, shopper) ? decide(cart) : cart), open)
    return isOpen(answer, shopper) ? { answer } : null
  }

  const firstCart = async ({ id, kind }: Shopper): Promise<Cart> => {
    const afterVersion = (await carts.lastVersionsOf([id])).get(id) ?? 0
    return newCart(ids.next('cart'), { id, kind }, { currency, afterVersion, now: clock.now() })
  }

  /** Changes the viewer's cart; `missing` answers when there is none. */
  const change = (shopper: Shopper, decide: (cart: Cart) => Cart, missing: () => Cart | null): Promise<Cart | null> =>
    untilSettled<Cart | null>(async () => {
      const cart = await current(shopper)
      return cart ? changeOpen(cart, shopper, decide) : { answer: missing() }
    })

  const noCart = (message: string, field?: readonly string[]) => (): never => {
    throw new ShopError(field ? 'NOT_FOUND' : 'CART_EMPTY', message, field)
  }

  return {
    /** The viewer's active cart; null until the first line. */
    cart: (shopper: Shopper): Promise<Cart | null> => current(shopper),

    /** @throws ShopError BAD_USER_INPUT, NOT_FOUND, NOT_SOLD (variant), LIMIT_EXCEEDED */
    addLine: async (
      shopper: Shopper,
      input: { readonly variantId: string; readonly quantity: number },
    ): Promise<Cart> => {
      const problems: Problem[] = quantityProblems(input.quantity, 1)
      if (!isId('var', input.variantId)) {
        problems.unshift({ code: 'BAD_USER_INPUT', message: 'This is not an id of a variant.', field: variantField })
      }
      refuseIfAny(problems)
      const most = await requireSold(input.variantId)
      const line = { id: ids.next('line'), variantId: input.variantId, quantity: input.quantity }
      return untilSettled(async () => {
        const open = await current(shopper)
        if (open)
          return changeOpen(open, shopper, (cart) => withinCap(addLine(cart, line, clock.now()), line.variantId, most))
        const answer = await unlessTaken(
          carts.insert(withinCap(addLine(await firstCart(shopper), line, clock.now()), line.variantId, most)),
        )
        return answer && { answer }
      })
    },

    /** Quantity 0 removes the line. @throws ShopError BAD_USER_INPUT, NOT_FOUND (line), LIMIT_EXCEEDED */
    updateLine: async (shopper: Shopper, input: { readonly lineId: string; readonly quantity: number }) => {
      refuseIfAny(quantityProblems(input.quantity, 0))
      const limit = input.quantity > 1 ? await limitOf(shopper, input.lineId) : null
      return change(
        shopper,
        (cart) => {
          const next = setQuantity(cart, input.lineId, input.quantity, clock.now())
          return limit ? withinCap(next, limit.variantId, limit.most) : next
        },
        noCart('The cart has no such line.', ['input', 'lineId']),
      )
    },

    /** A line that is not there (any more) changes nothing. */
    removeLine: (shopper: Shopper, lineId: string) =>
      change(
        shopper,
        (cart) => removeLine(cart, lineId, clock.now()),
        () => null,
      ),

    /** @throws ShopError BAD_USER_INPUT (parts of the address), CART_EMPTY before the first line */
    setDestination: (shopper: Shopper, destination: Destination) => {
      checkDestination(destination)
      return change(
        shopper,
        (cart) => setDestination(cart, destination, clock.now()),
        noCart('There is no cart yet: add a line first.'),
      )
    },

    /** @throws ShopError BAD_USER_INPUT, CART_EMPTY before the first line */
    setCurrency: (shopper: Shopper, code: string) =>
      change(
        shopper,
        (cart) => setCurrency(cart, code, clock.now()),
        noCart('There is no cart yet: add a line first.'),
      ),
  }
}

export type Shopping = ReturnType<typeof makeShopping>
