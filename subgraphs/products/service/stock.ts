import { type Problem, ShopError } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import { type StockLine, sumDemand } from '../domain/stock.ts'
import { type OwnPlace, sharesBack } from '../domain/taking.ts'
import { makeTaking, type TakingDeps } from './taking.ts'

/** Expired holds taken away at once by the sweeper. */
const sweepBatch = 100

const idsOf = (lines: readonly StockLine[]): string[] => lines.map(({ variantId }) => variantId)

interface Closing {
  readonly isOpen: (place: OwnPlace) => boolean
  readonly close: (place: OwnPlace, line: StockLine) => Promise<void>
}

/**
 * The stock operations of checkout. All are idempotent by order: repeating one after an unknown outcome changes nothing.
 * Several variants are taken in sorted order, and given back when a later one refuses; there are no multi-document transactions.
 */
export const makeStockService = ({ stock, clock, pause }: TakingDeps) => {
  const taking = makeTaking({ stock, clock, pause })

  /** Runs an action over all lines; when one refuses, undoes those done and reports every refusal. */
  const allOrNone = async (
    orderId: string,
    lines: readonly StockLine[],
    act: (line: StockLine) => Promise<ShopError | null>,
  ): Promise<void> => {
    const done: StockLine[] = []
    const problems: Problem[] = []
    for (const line of lines) {
      const refused = await act(line)
      await crashPoint('products.stockTaken')
      if (refused) problems.push(...refused.problems)
      else done.push(line)
    }
    const [first, ...rest] = problems
    if (!first) return
    for (const line of done) {
      await taking.giveUp(orderId, line)
      await crashPoint('products.stockGivenBack')
    }
    throw new ShopError(first.code, first.message, first.field, rest)
  }

  const claimLine = async (orderId: string, line: StockLine): Promise<ShopError | null> => {
    const isSold = await stock.claimHeld({ variantId: line.variantId }, { orderId, quantity: line.quantity })
    return isSold ? null : taking.take({ orderId, until: null }, line)
  }

  /** Closes all places of the lines that are open, and looks again: one that is opened meanwhile is closed as well. */
  const closeAll = async (orderId: string, lines: readonly StockLine[], { isOpen, close }: Closing): Promise<void> => {
    for (;;) {
      const stocks = await stock.ofOrder(orderId, idsOf(lines))
      const open = lines.flatMap((line) =>
        (stocks.get(line.variantId)?.places ?? []).filter(isOpen).map((place) => ({ place, line })),
      )
      if (open.length === 0) return
      for (const { place, line } of open) await close(place, line)
    }
  }

  /** The order is over: what is held comes back, and nothing is held for it or sold to it any more. */
  const end = (orderId: string, lines: readonly StockLine[]): Promise<void> =>
    closeAll(orderId, lines, {
      isOpen: ({ ended }) => !ended?.includes(orderId),
      close: async (place) => {
        const held = place.holds.find((hold) => hold.orderId === orderId)
        await stock.end(place, { orderId, quantity: held?.quantity ?? 0 })
        await crashPoint('products.stockReleased')
      },
    })

  const restockSold = async (orderId: string, lines: readonly StockLine[]): Promise<void> => {
    const stocks = await stock.ofOrder(orderId, idsOf(lines))
    for (const { variantId, quantity } of lines) {
      const stocked = stocks.get(variantId)
      for (const share of stocked ? sharesBack(stocked, { orderId, quantity }) : []) {
        await stock.restock(share.place, { orderId, quantity: share.quantity })
        await crashPoint('products.stockRestocked')
      }
    }
  }

  const restockIfSold = (orderId: string, lines: readonly StockLine[]): Promise<void> =>
    closeAll(orderId, lines, {
      isOpen: ({ restocks }) => !restocks?.includes(orderId),
      close: async (place, { quantity }) => {
        const [claim] = place.claims ?? []
        if (claim) await stock.restock(place, { orderId, quantity: claim.quantity ?? quantity })
        else await stock.refuseClaims(place, orderId)
        await crashPoint('products.stockRestocked')
      },
    })

  return {
    /** @throws ShopError OUT_OF_STOCK with one problem per variant; then nothing is held. */
    holdStock: async (orderId: string, lines: readonly StockLine[], until: Millis): Promise<void> => {
      const demand = sumDemand(lines)
      const stocks = await stock.ofOrder(orderId, idsOf(demand))
      await allOrNone(orderId, demand, (line) => taking.take({ orderId, until }, line, stocks.get(line.variantId)))
    },

    /**
     * @throws ShopError OUT_OF_STOCK when a hold has ended and the units are gone; then nothing is claimed, and the order is over: the same
     *   command, sent twice, does not succeed when nobody expects it any more (R8).
     */
    claimStock: async (orderId: string, lines: readonly StockLine[]): Promise<void> => {
      const demand = sumDemand(lines)
      try {
        await allOrNone(orderId, demand, (line) => claimLine(orderId, line))
      } catch (error) {
        if (error instanceof ShopError && error.code === 'OUT_OF_STOCK') await end(orderId, demand)
        throw error
      }
    },

    releaseStock: (orderId: string, lines: readonly StockLine[]): Promise<void> => end(orderId, sumDemand(lines)),

    /** `claimed`: whether the claim was answered as done; otherwise only what was claimed comes back, and a late claim is refused. */
    restockStock: async (orderId: string, lines: readonly StockLine[], claimed: boolean): Promise<void> => {
      const demand = sumDemand(lines)
      await (claimed ? restockSold(orderId, demand) : restockIfSold(orderId, demand))
    },

    /** Gives the units of expired holds back; safe to run anywhere, any number of times. */
    sweepHolds: async (): Promise<void> => {
      for (const row of await stock.withExpiredHolds(clock.now(), sweepBatch)) await taking.releaseExpired(row)
    },
  }
}
