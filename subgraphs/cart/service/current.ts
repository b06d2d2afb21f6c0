import { ShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import { isDuplicateKey } from '#platform/mongo.ts'
import { adopt, beginMerge, type Cart, endMerge, merge } from '../domain/cart.ts'
import type { CartModel } from '../model/carts.ts'

/** Whose cart is meant; `guestId` is the guest session that the user's sign-in absorbed. */
export interface CartOwner {
  readonly id: string
  readonly guestId?: string | null
}

export interface CurrentDeps {
  readonly carts: CartModel
  readonly clock: Clock
}

/** Rounds in which carts may be ordered, merged or created by others under our hands. */
const maxRounds = 10

/**
 * Runs `attempt` until it has an answer; `null` means that the carts moved on meanwhile.
 * @throws ShopError CONFLICT after too many rounds
 */
export const untilSettled = async <T>(attempt: () => Promise<{ readonly answer: T } | null>): Promise<T> => {
  for (let round = 0; round < maxRounds; round++) {
    const settled = await attempt()
    if (settled) return settled.answer
  }
  throw new ShopError('CONFLICT', 'The cart is being changed by others; try again.')
}

/** Null instead of a duplicate key error: somebody else made the owner's active cart first. */
export const unlessTaken = async <T>(write: Promise<T>): Promise<T | null> => {
  try {
    return await write
  } catch (error) {
    if (isDuplicateKey(error)) return null
    throw error
  }
}

const isActiveOf = (cart: Cart, ownerId: string): boolean => cart.state === 'active' && cart.owner.id === ownerId

/** Finds the cart an owner works with, merging a guest's cart into it on the way. */
export const makeCurrent = ({ carts, clock }: CurrentDeps) => {
  /** Makes the guest's cart the user's. Null: it moved on meanwhile, or the user has a cart by now. */
  const adopted = async (guestCart: Cart, userId: string): Promise<Cart | null> => {
    const afterVersion = (await carts.lastVersionsOf([userId])).get(userId) ?? 0
    const isFree = (cart: Cart): boolean =>
      cart.owner.id === guestCart.owner.id &&
      (cart.state === 'active' || (cart.state === 'merging' && cart.mergedInto === userId))
    const write = carts.update(guestCart.id, (cart) =>
      isFree(cart) ? adopt(cart, userId, afterVersion, clock.now()) : cart,
    )
    const cart = await unlessTaken(write)
    return cart && isActiveOf(cart, userId) ? cart : null
  }

  /**
   * Brings the lines of the guest's cart into the user's: freeze, take, finish. A crash in between leaves a frozen cart, which
   * the next read finds and finishes; the lines count once because the user's cart remembers whose it took.
   */
  const absorbed = async (guestCart: Cart, own: Cart): Promise<Cart | null> => {
    const userId = own.owner.id
    const frozen = await carts.update(guestCart.id, (cart) =>
      cart.owner.id === guestCart.owner.id ? beginMerge(cart, userId, clock.now()) : cart,
    )
    if (frozen.state !== 'merging' || frozen.mergedInto !== userId) return null
    const taken = await carts.update(own.id, (cart) =>
      isActiveOf(cart, userId) ? merge(cart, frozen, clock.now()) : cart,
    )
    if (!isActiveOf(taken, userId)) return null
    await carts.update(frozen.id, endMerge)
    return taken
  }

  /** The owner's active cart, or null. A guest's cart that is still open is merged first. */
  return ({ id, guestId }: CartOwner): Promise<Cart | null> =>
    untilSettled(async () => {
      const open = await carts.openOf(guestId ? [id, guestId] : [id])
      const own = open.find((cart) => isActiveOf(cart, id))
      const coming = open.find(
        (cart) => cart.owner.id === guestId && (cart.state === 'active' || cart.mergedInto === id),
      )
      if (!coming || id === guestId) return { answer: own ?? null }
      await (own ? absorbed(coming, own) : adopted(coming, id))
      // Another round tells the result, also of a second guest cart.
      return null
    })
}

export type CurrentCart = ReturnType<typeof makeCurrent>
