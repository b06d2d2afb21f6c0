import { ShopError } from '#kernel/errors.ts'
import type { Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { listenTo, makeFeed, readAfter } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import { type SeenOrder, seenWith } from '../domain/access.ts'
import { type EventName, seqOf } from '../domain/order.ts'
import type { OrderModel } from '../model.ts'
import { type OrderArgs, type Reading, readAccess } from './reading.ts'

/** One event of an order, with the order as it stands when the event is sent. */
export interface OrderUpdate {
  readonly seq: number
  readonly event: EventName | 'Snapshot'
  /** The subscriber's number is not one of this order: the present state is told instead. */
  readonly isReset: boolean
  readonly order: SeenOrder
}

export interface WatchingDeps {
  readonly orders: Pick<OrderModel, 'get' | 'topic' | 'seqsOf'>
  readonly reading: Pick<Reading, 'find' | 'orHolder'>
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

/** An order keeps all its events, so only a number that it has not reached yet cannot be gone on from. */
const updatesAfter = (order: SeenOrder, after: number | null): OrderUpdate[] => {
  const seq = seqOf(order)
  if (after === null || after > seq) return [{ seq, event: 'Snapshot', isReset: after !== null, order }]
  return order.events.slice(after).map((event) => ({ seq: event.seq, event: event.event, isReset: false, order }))
}

/** Live views of orders. */
export const makeWatching = ({ orders, reading, bus, log, pollMs }: WatchingDeps) => {
  const poll = makeSharedPoll({ everyMs: pollMs, read: orders.seqsOf, log })
  return {
    /** First the present state (or what came after `after`), then every event (R15). @throws ShopError NOT_FOUND, BAD_USER_INPUT */
    orderUpdated: async (viewer: Viewer, args: OrderArgs & { readonly after?: number | null }) => {
      const after = readAfter(args.after)
      const access = reading.orHolder(args, readAccess(viewer))
      const order = await reading.find(args, access)
      if (!order) throw new ShopError('NOT_FOUND', 'There is no such order.', ['id'])
      const { _id: id } = order
      const read = async (seen: number | null): Promise<OrderUpdate[]> => {
        const now = await orders.get(id)
        const shown = now && seenWith(now, access)
        return shown ? updatesAfter(shown, seen) : []
      }
      return makeFeed({ listen: listenTo(bus, orders.topic(id), { poll, id }), after, read, log })
    },
  }
}

export type Watching = ReturnType<typeof makeWatching>
