import { ShopError } from '#kernel/errors.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import { makeSerial } from '#platform/serial.ts'
import type { Siblings } from '../clients/ports.ts'
import { confirm, decide, expire, recordStep, type StepOutcome } from '../domain/checkout.ts'
import { recordUndo } from '../domain/compensation.ts'
import { numberOf, type Order, type StepName, type UndoName } from '../domain/order.ts'
import { isStuck, resume } from '../domain/steps.ts'
import type { OrderModel } from '../model.ts'
import type { Changing } from './changing.ts'
import { closeOutcome, outcomeOf, paymentOutcome, stockOutcome, unlessSilent } from './outcomes.ts'

export interface DrivingDeps {
  readonly orders: Pick<OrderModel, 'get' | 'lastNumber' | 'due'>
  readonly changing: Changing
  readonly siblings: Siblings
  readonly clock: Clock
}

const firstNumber = 100_001
/** Numbers tried before the confirmation is left to the next driver: more rivals than this in one moment are in other processes. */
const maxNumbers = 100
/** More than the steps there are, forth and back. */
const maxTurns = 20
/** Orders continued at once by the job. */
const batch = 10

type RemoteStep = Exclude<StepName, 'CONFIRM'>

const makeCommands = ({ carts, stock, payments }: Siblings) => {
  const steps: Readonly<Record<RemoteStep, (order: Order) => Promise<StepOutcome>>> = {
    HOLD_STOCK: async (order) => stockOutcome(order, await stock.hold(order)),
    AUTHORIZE_PAYMENT: async (order) => paymentOutcome(await payments.authorize(order)),
    CLAIM_STOCK: async (order) => stockOutcome(order, await stock.claim(order)),
    CAPTURE_PAYMENT: async (order) => paymentOutcome(await payments.capture(order._id)),
    CLOSE_CART: async (order) => closeOutcome(await carts.close(order.cartId, order._id)),
  }
  const undos: Readonly<Record<UndoName, (order: Order) => Promise<StepOutcome>>> = {
    CANCEL_PAYMENT: async (order) => outcomeOf((await payments.cancel(order._id)).problems),
    RELEASE_STOCK: async (order) => outcomeOf(await stock.release(order)),
    RESTOCK_STOCK: async (order) => outcomeOf(await stock.restock(order)),
  }
  return { steps, undos }
}

/** How one turn ended: the order as it stands, and whether there is more to do now. */
interface Turn {
  readonly order: Order
  readonly goesOn: boolean
}

/**
 * Carries orders through their checkout, or back. What to do next is decided from what is written down, every remote command
 * is idempotent by order and every outcome counts once, so any number of drivers of one order do no harm: after a crash, a lost
 * answer, or at the same time.
 */
export const makeDriving = ({ orders, changing, siblings, clock }: DrivingDeps) => {
  const { steps, undos } = makeCommands(siblings)
  const inLine = makeSerial()
  const running = new Map<string, Promise<Order>>()
  /** Orders under way whose payment has news: their driver looks at it, which mostly has heard the same as its answer. */
  const news = new Set<string>()

  /** The last number that this process has heard of: all up to it are given away, since none is left out. */
  let lastKnown: number | null = null

  /**
   * The next number after the last; when another process was faster, the one after that. None is left out, none given twice. `record` is
   * the outcome that led here: it is written with the number.
   */
  const giveNumber = async (known: Order, record: (order: Order) => Order): Promise<Order> => {
    for (let count = 0; count < maxNumbers; count++) {
      const number = (lastKnown ?? (await orders.lastNumber()) ?? firstNumber - 1) + 1
      const now = clock.now()
      const change = (order: Order): Order => confirm(record(order), number, now)
      const confirmed = await changing.changeNumbered(known._id, change, known)
      lastKnown = confirmed && (numberOf(confirmed) ?? lastKnown)
      if (confirmed) return confirmed
    }
    throw new ShopError('CONFLICT', 'Too many orders are confirmed at this moment; this one follows.')
  }

  const runConfirm = async (order: Order, record: (order: Order) => Order): Promise<Turn> => {
    // In line within this process: rivals would only try the same numbers.
    const confirmed = await inLine('number', () => giveNumber(order, record))
    await crashPoint('orders.numberGiven')
    return { order: confirmed, goesOn: true }
  }

  const runStep = async (order: Order, step: StepName): Promise<Turn> => {
    if (step === 'CONFIRM') return runConfirm(order, (current) => current)
    const outcome = await unlessSilent(() => steps[step](order))
    await crashPoint('orders.stepAnswered')
    const now = clock.now()
    const record = (current: Order): Order => recordStep(current, step, outcome, now)
    if (step === 'CAPTURE_PAYMENT' && outcome.kind === 'done') return runConfirm(order, record)
    const next = await changing.change(order._id, record, order)
    await (next.undo ? crashPoint('orders.turnedBack') : crashPoint('orders.stepWritten'))
    return { order: next, goesOn: outcome.kind !== 'unknown' }
  }

  const runUndo = async (order: Order, step: UndoName): Promise<Turn> => {
    const outcome = await unlessSilent(() => undos[step](order))
    await crashPoint('orders.undoAnswered')
    const now = clock.now()
    const next = await changing.change(order._id, (current) => recordUndo(current, step, outcome, now), order)
    await crashPoint('orders.undoWritten')
    return { order: next, goesOn: outcome.kind === 'done' }
  }

  const turn = async (order: Order): Promise<Turn> => {
    const now = clock.now()
    const decision = decide(order, now)
    if (decision.kind === 'run') return runStep(order, decision.step)
    if (decision.kind === 'undo') return runUndo(order, decision.step)
    if (decision.kind !== 'expire') return { order, goesOn: false }
    return { order: await changing.change(order._id, (current) => expire(current, now), order), goesOn: true }
  }

  const run = async (id: string, known?: Order): Promise<Order> => {
    let current = known ?? (await orders.get(id))
    if (!current) throw new ShopError('NOT_FOUND', 'There is no such order.')
    for (let count = 0; count < maxTurns; count++) {
      const { order, goesOn } = await turn(current)
      if (!goesOn) return order
      current = order
    }
    return current
  }

  /** As `run`, and on when there was news of the payment meanwhile and the order waits for some. */
  const runWithNews = async (id: string, known?: Order): Promise<Order> => {
    try {
      let order = await run(id, known)
      while (news.delete(id) && isStuck(order)) {
        const now = clock.now()
        order = await run(id, await changing.change(id, (current) => resume(current, now), order))
      }
      return order
    } finally {
      // In the same breath as the last look at the news.
      running.delete(id)
      news.delete(id)
    }
  }

  /**
   * Drives an order until it is done, waits, or an answer does not come; whoever is already driving it in this process is waited for.
   * `known`: the order as it was written just now, which saves a read. An older one does no harm: every write checks the version.
   */
  const drive = (id: string, known?: Order): Promise<Order> =>
    inLine(id, () => {
      const own = runWithNews(id, known)
      running.set(id, own)
      return own
    })

  const takeOver = async (id: string): Promise<void> => {
    const now = clock.now()
    await drive(id, await changing.change(id, (order) => resume(order, now)))
  }

  return {
    drive,
    /** What a driver that is under way in this process will reach: for repetitions of one request. */
    underWay: (id: string): Promise<Order> | null => running.get(id) ?? null,
    /** Goes on with an order whose payment has news; nothing to do for one that does not wait for any. */
    advance: async (id: string): Promise<void> => {
      if (running.has(id)) {
        news.add(id)
        return
      }
      const order = await orders.get(id)
      if (order && isStuck(order)) await takeOver(id)
    },
    /** Takes over orders that stand still: after a crash, when a sibling did not answer, when time is up (I11). */
    continueDue: async (now: Millis = clock.now()): Promise<void> => {
      const due = await orders.due(now, batch)
      const results = await Promise.allSettled(due.map(takeOver))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

export type Driving = ReturnType<typeof makeDriving>
