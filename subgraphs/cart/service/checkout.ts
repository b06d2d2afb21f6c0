import { isShopError, ShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import { type Cart, close } from '../domain/cart.ts'
import type { CartModel } from '../model/carts.ts'
import type { CartOwner, CurrentCart } from './current.ts'

export interface CheckoutDeps {
  readonly carts: CartModel
  readonly current: CurrentCart
  readonly clock: Clock
}

/** What the orders service does with a cart, and the consumers of sign-ins and closed accounts. */
export const makeCheckout = ({ carts, current, clock }: CheckoutDeps) => ({
  /** The cart an owner is about to order, a guest's lines merged in; null when there is none. */
  cartForCheckout: (owner: CartOwner): Promise<Cart | null> => current(owner),

  /** Merges the cart of a guest who signed in, unless a read of the cart did it already. */
  mergeGuest: async ({ guestId, userId }: { readonly guestId: string; readonly userId: string }): Promise<void> => {
    await current({ id: userId, guestId })
  },

  /** A closed account leaves nothing: what it bought is in its orders. */
  forget: (ownerIds: readonly string[]): Promise<void> => carts.removeOf(ownerIds),

  /** Closes the cart that became an order. @throws ShopError NOT_FOUND, CART_ALREADY_ORDERED (another order) */
  closeCart: async ({ cartId, orderId }: { readonly cartId: string; readonly orderId: string }): Promise<Cart> => {
    try {
      return await carts.update(cartId, (cart) => close(cart, orderId, clock.now()))
    } catch (error) {
      if (isShopError(error) && error.code === 'NOT_FOUND') {
        throw new ShopError('NOT_FOUND', error.message, ['input', 'cartId'])
      }
      throw error
    }
  },
})

export type Checkout = ReturnType<typeof makeCheckout>
