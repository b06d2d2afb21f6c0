import { ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import { actsFor, type User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import type { Idempotency } from '#platform/idempotency/idempotency.ts'
import { type Adjustment, checkAdjustment, type VariantStock } from '../domain/stock.ts'
import type { StockModel } from '../model/stock/stock.ts'
import type { Locations } from './locations.ts'

export interface AdjustingDeps {
  readonly stock: StockModel
  readonly locations: Pick<Locations, 'named'>
  readonly idempotency: Idempotency
  readonly clock: Clock
}

/** Changes of the units on hand at one location. */
export const makeAdjusting = ({ stock, locations, idempotency, clock }: AdjustingDeps) => {
  const read = async (variantId: string): Promise<VariantStock | undefined> => (await stock.byIds([variantId]))[0]

  /** Default deny: the stock of somebody else's variant looks like none. */
  const own = async (seller: User, variantId: string): Promise<VariantStock> => {
    const stocked = await read(parseId('var', variantId, ['input', 'variantId']))
    if (stocked && actsFor(seller, stocked.places[0]?.sellerId ?? '')) return stocked
    throw new ShopError('NOT_FOUND', 'There is no such variant.', ['input', 'variantId'])
  }

  const placeAt = (stocked: VariantStock | undefined, code: string) =>
    stocked?.places.find(({ location }) => location === code)

  /** A location is opened for a variant when the first units come. */
  const openAt = async (stocked: VariantStock, code: string) => {
    const known = placeAt(stocked, code)
    if (known) return known
    const location = await locations.named(code, ['input', 'location'])
    const { variantId, places } = stocked
    await stock.open(places[0]?.sellerId ?? '', [{ variantId, location, quantity: 0 }])
    return placeAt(await read(variantId), code)
  }

  /** The units remember the key as well: an attempt that broke off after it counted does not count again. */
  const adjustOnce = async (asker: Asker, seller: User, adjustment: Adjustment): Promise<void> => {
    const { variantId, delta, location } = adjustment
    const idempotencyKey = `${seller.id}:${adjustment.idempotencyKey}`
    const place = await openAt(await own(seller, variantId), location)
    if (!place) throw new Error(`stock of ${variantId} at ${location} was opened and is not there`)
    const act = actDone(asker, 'STOCK_ADJUSTED', variantId)
    if (await stock.adjust(place, { ...adjustment, idempotencyKey, at: clock.now(), act })) return
    if ((await stock.adjustmentOf(place._id, idempotencyKey)) === delta) return
    const message = `Only ${place.available} are free; fewer cannot be taken away.`
    throw new ShopError('OUT_OF_STOCK', message, ['input', 'delta'])
  }

  return {
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
  }
}
