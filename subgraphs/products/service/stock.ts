import { type Problem, ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import { hasRole, type User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { Idempotency } from '#platform/idempotency/idempotency.ts'
import {
  type Adjustment,
  checkAdjustment,
  outOfStock,
  type Stock,
  type StockLine,
  sumDemand,
  unitsLeft,
} from '../domain/stock.ts'
import type { StockModel } from '../model/stock.ts'

export interface StockDeps {
  readonly stock: StockModel
  readonly idempotency: Idempotency
  readonly clock: Clock
}

/** Expired holds taken away at once by the sweeper. */
const sweepBatch = 100

/**
 * The stock operations of checkout. All are idempotent by order: repeating one after an unknown outcome changes nothing.
 * Several variants are taken in sorted order, and given back when a later one refuses; there are no multi-document transactions.
 */
export const makeStockService = ({ stock, idempotency, clock }: StockDeps) => {
  const releaseExpired = async (row: Stock): Promise<void> => {
    for (const hold of row.holds) if (hold.expiresAt <= clock.now()) await stock.release(row._id, hold)
  }

  const leftOf = async (variantId: string): Promise<number> =>
    unitsLeft((await stock.byIds([variantId]))[0] ?? null, clock.now())

  /** Null when held; the refusal otherwise. */
  const holdLine = async (orderId: string, line: StockLine, expiresAt: number): Promise<ShopError | null> => {
    if (await stock.hold(orderId, line, expiresAt)) return null
    if (await stock.isHeldOrClaimed(orderId, line.variantId)) return null
    const [row] = await stock.byIds([line.variantId])
    if (!row || unitsLeft(row, clock.now()) < line.quantity)
      return outOfStock(line.variantId, unitsLeft(row ?? null, clock.now()))
    await releaseExpired(row)
    if (await stock.hold(orderId, line, expiresAt)) return null
    return outOfStock(line.variantId, await leftOf(line.variantId))
  }

  const claimLine = async (orderId: string, line: StockLine): Promise<ShopError | null> => {
    if (await stock.claimHeld(orderId, line)) return null
    if (await stock.isClaimed(orderId, line.variantId)) return null
    if (await stock.claimFree(orderId, line)) return null
    return outOfStock(line.variantId, await leftOf(line.variantId))
  }

  /** Runs an action over all lines; when one refuses, undoes those done and reports every refusal. */
  const allOrNone = async (
    lines: readonly StockLine[],
    act: (line: StockLine) => Promise<ShopError | null>,
    undo: (line: StockLine) => Promise<unknown>,
  ): Promise<void> => {
    const done: StockLine[] = []
    const problems: Problem[] = []
    for (const line of sumDemand(lines)) {
      const refused = await act(line)
      await crashPoint('products.stockTaken')
      if (refused) problems.push(...refused.problems)
      else done.push(line)
    }
    const [first, ...rest] = problems
    if (!first) return
    for (const line of done) {
      await undo(line)
      await crashPoint('products.stockGivenBack')
    }
    throw new ShopError(first.code, first.message, first.field, rest)
  }

  /** The units remember the key as well: an attempt that broke off after it counted does not count again. */
  const adjustOnce = async (asker: Asker, seller: User, adjustment: Adjustment): Promise<void> => {
    const { variantId, delta } = adjustment
    const idempotencyKey = `${seller.id}:${adjustment.idempotencyKey}`
    const [row] = await stock.byIds([parseId('var', variantId, ['input', 'variantId'])])
    if (!row || (row.sellerId !== seller.id && !hasRole(seller, 'ADMIN'))) {
      throw new ShopError('NOT_FOUND', 'There is no such variant.', ['input', 'variantId'])
    }
    const act = actDone(asker, 'STOCK_ADJUSTED', variantId)
    if (await stock.adjust({ ...adjustment, idempotencyKey }, clock.now(), act)) return
    if ((await stock.adjustmentOf(variantId, idempotencyKey)) === delta) return
    throw new ShopError('OUT_OF_STOCK', `Only ${row.available} are free; fewer cannot be taken away.`, [
      'input',
      'delta',
    ])
  }

  return {
    /** @throws ShopError OUT_OF_STOCK with one problem per variant; then nothing is held. */
    holdStock: (orderId: string, lines: readonly StockLine[], expiresAt: number): Promise<void> =>
      allOrNone(
        lines,
        (line) => holdLine(orderId, line, expiresAt),
        (line) => stock.release(line.variantId, { orderId, quantity: line.quantity }),
      ),

    /** @throws ShopError OUT_OF_STOCK when a hold has ended and the units are gone; then nothing is claimed. */
    claimStock: (orderId: string, lines: readonly StockLine[]): Promise<void> =>
      allOrNone(
        lines,
        (line) => claimLine(orderId, line),
        (line) => stock.restock(orderId, line),
      ),

    /** The order is over: what is held comes back, and nothing is held for it or sold to it any more, however late it is asked for. */
    releaseStock: async (orderId: string, lines: readonly StockLine[]): Promise<void> => {
      for (const line of sumDemand(lines)) {
        await stock.end(orderId, line)
        await crashPoint('products.stockReleased')
      }
    },

    /** `claimed`: whether the claim was answered as done; otherwise only what was claimed comes back, and a late claim is refused. */
    restockStock: async (orderId: string, lines: readonly StockLine[], claimed: boolean): Promise<void> => {
      for (const line of sumDemand(lines)) {
        await (claimed ? stock.restock(orderId, line) : stock.restockIfClaimed(orderId, line))
        await crashPoint('products.stockRestocked')
      }
    },

    /**
     * The same key of the same person answers with the present state, for 72 h.
     * @throws ShopError BAD_USER_INPUT, NOT_FOUND, OUT_OF_STOCK, IDEMPOTENCY_KEY_REUSED (other input), IN_PROGRESS
     */
    adjustStock: async (asker: Asker, seller: User, adjustment: Adjustment): Promise<void> => {
      checkAdjustment(adjustment)
      const { idempotencyKey: key, ...input } = adjustment
      const field = ['input', 'idempotencyKey']
      await idempotency.once({ actor: seller.id, operation: 'adjustStock', key, input, field }, async () => {
        await adjustOnce(asker, seller, adjustment)
        return { value: true, isFinal: true }
      })
    },

    /** Gives the units of expired holds back; safe to run anywhere, any number of times. */
    sweepHolds: async (): Promise<void> => {
      for (const row of await stock.withExpiredHolds(clock.now(), sweepBatch)) await releaseExpired(row)
    },
  }
}
