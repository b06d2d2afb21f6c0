import type { Model } from 'mongoose'
import type { Clock } from '#kernel/time.ts'
import type { OutboxSource } from '#platform/outbox/source.ts'
import type { AvailabilityChanged } from '../events.ts'

interface AvailabilityRow {
  readonly _id: string
  readonly v: number
  readonly available: number
}

const type: AvailabilityChanged['type'] = 'AvailabilityChanged'

/** Sold out, and not told; there again, and not told. Each is answered by a partial index that holds nothing else. */
const untold = {
  $or: [
    { soldOut: false, available: { $lte: 0 } },
    { soldOut: true, available: { $gt: 0 } },
  ],
}

/**
 * Tells consumers that a variant was sold out or is there again. The fact is read from the state: the document remembers what was
 * told last (`soldOut`), and as long as that is not what is, there is something to tell. So the updates that sell carry no event,
 * and a sale that empties and fills a variant again and again is told as often as somebody looks, not as often as it happens.
 */
export const makeAvailabilitySource = <Row>(model: Model<Row>, clock: Clock): OutboxSource => {
  const rows = model as unknown as Model<AvailabilityRow>

  const told = async (variantId: string, inStock: boolean): Promise<void> => {
    await rows.collection.updateOne({ _id: variantId as never }, { $set: { soldOut: !inStock } })
  }

  return {
    name: `availability in ${model.collection.name}`,
    pending: async (limit) => {
      const found = await rows.collection.find(untold as never, { projection: { available: 1, v: 1 }, limit }).toArray()
      return found.map(({ _id, v, available }) => {
        const payload: AvailabilityChanged['payload'] = { variantId: String(_id), inStock: available > 0 }
        return { id: `${_id}:${v}`, type, at: new Date(clock.now()), aggregateId: payload.variantId, payload }
      })
    },
    done: ({ payload }) => {
      const { variantId, inStock } = payload as AvailabilityChanged['payload']
      return told(variantId, inStock)
    },
    /** A state that nobody took in is not kept: the next one is told. */
    bury: ({ payload }) => {
      const { variantId, inStock } = payload as AvailabilityChanged['payload']
      return told(variantId, inStock)
    },
    // A state has no time since when it waits.
    depth: async () => ({ pending: await rows.countDocuments(untold), dead: 0, oldestAt: null }),
    dead: async () => [],
    replay: async () => 0,
    /** The relay's own poll is soon enough, and makes one fact of several changes. */
    onCommit: () => undefined,
    wake: () => undefined,
  }
}
