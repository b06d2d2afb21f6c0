import { ShopError } from '#kernel/errors.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import { outOfStock, type Stock, type StockLine, unitsLeft } from '../domain/stock.ts'
import { nextStep, type OwnStock, type Share, standingOf } from '../domain/taking.ts'
import type { StockModel } from '../model/stock/stock.ts'

export interface TakingDeps {
  readonly stock: StockModel
  readonly clock: Clock
  readonly pause: (ms: Millis) => Promise<unknown>
}

/** An order that takes units, and until when it holds them; null: it takes them for good. */
export interface Taker {
  readonly orderId: string
  readonly until: Millis | null
}

/** Rounds before a race is given up, to be tried again by whoever drives the order; each lost one means that another order won. */
const maxRounds = 25
/** Somebody who has a part of what they want gives it back, or finds the rest, within a few round trips. */
const patience: Millis = 20
const maxWaits = 10

const none: OwnStock = { variantId: '', v: 0, places: [] }

/**
 * Takes the units of a variant from its places, all or none. Each step is one guarded update of one place; the state is read again after
 * it, until the order has neither too little nor too much: so it comes to the same whoever else acts, for this order or for others, and
 * wherever an earlier attempt broke off. With one place the first update decides, and nothing is read again.
 */
export const makeTaking = ({ stock, clock, pause }: TakingDeps) => {
  const releaseExpired = async (row: Pick<Stock, '_id' | 'variantId' | 'holds'>): Promise<void> => {
    for (const hold of row.holds) if (hold.expiresAt <= clock.now()) await stock.release(row, hold)
  }

  const read = async (orderId: string, variantId: string): Promise<OwnStock> =>
    (await stock.ofOrder(orderId, [variantId])).get(variantId) ?? none

  const takeAt = async ({ orderId, until }: Taker, { place, quantity }: Share, all: number): Promise<boolean> => {
    if (place.available < quantity) await releaseExpired(place)
    if (until === null) return stock.claimFree(place, { orderId, quantity })
    const part = quantity < all && { of: all }
    return stock.hold(place, { orderId, quantity, expiresAt: until, ...part })
  }

  const takeAll = async (taker: Taker, shares: readonly Share[], all: number): Promise<boolean> => {
    for (const share of shares) {
      if (!(await takeAt(taker, share, all))) return false
      if (share.quantity < all) await crashPoint('products.partTaken')
    }
    return true
  }

  /** What is held at a place, or was claimed there by mistake, comes back. */
  const giveBack = async (orderId: string, shares: readonly Share[]): Promise<void> => {
    for (const { place, quantity } of shares) {
      if (!(await stock.release(place, { orderId, quantity }))) await stock.unclaim(place, { orderId, quantity })
    }
  }

  const sellHeld = async (orderId: string, stocked: OwnStock, line: StockLine): Promise<boolean> => {
    const { held, isOver } = standingOf(stocked, { orderId, quantity: line.quantity })
    if (isOver || held.length === 0) return false
    for (const { place, quantity } of held) await stock.claimHeld(place, { orderId, quantity })
    return true
  }

  /** Everything that the order has of it. */
  const ownOf = (stocked: OwnStock, orderId: string, quantity: number): readonly Share[] => {
    const { held, claimed } = standingOf(stocked, { orderId, quantity })
    return [...held, ...claimed]
  }

  return {
    releaseExpired,

    /** Whatever the order has of a variant comes back. */
    giveUp: async (orderId: string, { variantId, quantity }: StockLine): Promise<void> =>
      giveBack(orderId, ownOf(await read(orderId, variantId), orderId, quantity)),

    /**
     * Null when the order has its units: held, or already sold to it; the refusal otherwise, and then it has none.
     * @param known the stock as it was read a moment ago
     * @throws ShopError CONFLICT when others were faster again and again
     */
    take: async (taker: Taker, line: StockLine, known?: OwnStock): Promise<ShopError | null> => {
      const { orderId } = taker
      const { variantId, quantity } = line
      let waits = 0
      for (let round = 0; round < maxRounds; round++) {
        const isOld = round === 0 && known !== undefined
        const stocked = isOld ? known : await read(orderId, variantId)
        if (taker.until === null && (await sellHeld(orderId, stocked, line))) continue
        const step = nextStep(stocked, { orderId, quantity }, clock.now())
        if (step.kind === 'settled') return null
        if (step.kind === 'over') return outOfStock(variantId, unitsLeft(stocked, clock.now()))
        if (step.kind === 'giveBack') await giveBack(orderId, step.shares)
        if (step.kind === 'take') {
          const taken = await takeAll(taker, step.shares, quantity)
          if (taken && stocked.places.length === 1) return null
        }
        if (step.kind !== 'short' || isOld) continue
        const own = ownOf(stocked, orderId, quantity)
        await giveBack(orderId, own)
        if (!step.mayChange || waits >= maxWaits)
          return outOfStock(
            variantId,
            unitsLeft(own.length > 0 ? await read(orderId, variantId) : stocked, clock.now()),
          )
        waits += 1
        await pause(patience)
      }
      throw new ShopError('CONFLICT', 'The stock is being changed by others; try again.')
    },
  }
}

export type Taking = ReturnType<typeof makeTaking>
