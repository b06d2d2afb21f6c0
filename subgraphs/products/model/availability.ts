import type { Model } from 'mongoose'
import type { Clock } from '#kernel/time.ts'
import type { OutboxSource } from '#platform/outbox/source.ts'
import { byVariant, type Stock } from '../domain/stock.ts'
import type { AvailabilityChanged } from '../events.ts'

const type: AvailabilityChanged['type'] = 'AvailabilityChanged'

/** Nothing for sale, and not told; there again, and not told. Each is answered by a partial index that holds nothing else. */
const untold = {
  $or: [
    { soldOut: false, available: { $lte: 0 } },
    { soldOut: false, isActive: false },
    { soldOut: true, available: { $gt: 0 }, isActive: true },
  ],
}

const sells = ({ available, isActive }: Pick<Stock, 'available' | 'isActive'>): boolean => isActive && available > 0

/** Which row an event is about, and what it tells of it: consumers are told of the variant. */
const idOf = (row: Stock): string => `${row._id}:${row.v}:${sells(row) ? 'sells' : 'out'}`
const rowOf = (id: string) => {
  const [row = '', , state] = id.split(':')
  return { row, soldOut: state === 'out' }
}

/**
 * Tells consumers that a variant was sold out or is there again. The fact is read from the state: each row remembers what was
 * told last (`soldOut`), and as long as that is not what is, there is something to tell. So the updates that sell carry no event,
 * and a sale that empties and fills a variant again and again is told as often as somebody looks, not as often as it happens. A variant is
 * sold out when all of its places are: that one of several is empties is told as "still there", which changes nothing for anybody.
 */
export const makeAvailabilitySource = <Row>(model: Model<Row>, clock: Clock): OutboxSource => {
  const rows = model as unknown as Model<Stock>

  const read = async (filter: object, limit = 0): Promise<Stock[]> =>
    rows.collection
      .find(filter as never, { projection: { variantId: 1, location: 1, available: 1, isActive: 1, v: 1 }, limit })
      .toArray() as never

  const told = async ({ id }: { readonly id: string }): Promise<void> => {
    const { row, soldOut } = rowOf(id)
    await rows.collection.updateOne({ _id: row as never }, { $set: { soldOut } })
  }

  return {
    name: `availability in ${model.collection.name}`,
    pending: async (limit) => {
      const changed = await read(untold, limit)
      if (changed.length === 0) return []
      const all = byVariant(await read({ variantId: { $in: changed.map(({ variantId }) => variantId) } }))
      const inStock = new Map(all.map(({ variantId, places }) => [variantId, places.some(sells)]))
      return changed.map((row) => {
        const { variantId } = row
        const payload: AvailabilityChanged['payload'] = { variantId, inStock: inStock.get(variantId) ?? sells(row) }
        return { id: idOf(row), type, at: new Date(clock.now()), aggregateId: variantId, payload }
      })
    },
    done: async (events) => {
      for (const event of events) await told(event)
    },
    /** A state that nobody took in is not kept: the next one is told. */
    bury: told,
    // A state has no time since when it waits.
    depth: async () => ({ pending: await rows.countDocuments(untold), dead: 0, oldestAt: null }),
    dead: async () => [],
    replay: async () => 0,
    /** The relay's own poll is soon enough, and makes one fact of several changes. */
    onCommit: () => undefined,
    wake: () => undefined,
  }
}
