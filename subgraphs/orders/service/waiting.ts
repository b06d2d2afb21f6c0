import type { Problem } from '#kernel/errors.ts'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import type { Order } from '../domain/order.ts'
import { isMoving, waitsForPayment } from '../domain/steps.ts'
import type { OrderModel } from '../model.ts'
import { pending } from './answers.ts'
import type { Driving } from './driving.ts'

export interface WaitingDeps {
  readonly orders: Pick<OrderModel, 'get'>
  readonly driving: Pick<Driving, 'drive' | 'underWay'>
  readonly clock: Clock
  /** Injected (rule R14). */
  readonly pause: (ms: Millis) => Promise<void>
}

/** How far an order is after the wait; `underWay`: why it is not yet as far as it will get by itself, or null. */
export interface Reached {
  readonly order: Order
  readonly underWay: Problem | null
}

const inProgress: Problem = {
  code: 'IN_PROGRESS',
  message: 'The same request is under way; ask again with the same key.',
}

/** How long a buyer waits for a checkout (F5: 6 s, the rest is for what comes before). It goes on without being waited for. */
const longestCheckout: Millis = 5_500
/** How long a repetition waits for the request that is under way (parameters table: idempotency). */
const longestRepetition = seconds(3)
/** The same once its buyer knows that it waits for the payment provider: one that is back answers by then, one that hangs is not waited for twice. */
const longestReminder = seconds(1)
const look: Millis = 50

/** How long a request waits for its order. */
export const makeWaiting = ({ orders, driving, clock, pause }: WaitingDeps) => {
  const latest = async (known: Order): Promise<Order> => (await orders.get(known._id)) ?? known

  const within = async (work: Promise<Order>, ms: Millis, known: Order, underWay = inProgress): Promise<Reached> => {
    const reached = await Promise.race([work, pause(ms)])
    return reached ? { order: reached, underWay: null } : { order: await latest(known), underWay }
  }

  return {
    /** Drives a new order. */
    drive: (order: Order): Promise<Reached> => within(driving.drive(order._id, order), longestCheckout, order),

    /** For repetitions of a request: waits for whoever drives the order in any process, or drives it when nobody does. */
    join: async (known: Order): Promise<Reached> => {
      if (waitsForPayment(known, clock.now(), longestCheckout))
        return within(driving.underWay(known._id) ?? driving.drive(known._id), longestReminder, known, pending)
      let order = known
      for (let waited: Millis = 0; waited < longestRepetition; waited += look) {
        const here = driving.underWay(order._id)
        // An order that was written a moment ago is in the hands of another process; one that has stood still since is in nobody's.
        if (here || !isMoving(order, clock.now(), longestRepetition))
          return within(here ?? driving.drive(order._id), longestRepetition - waited, order)
        await pause(look)
        order = await latest(order)
      }
      return { order, underWay: inProgress }
    },
  }
}
