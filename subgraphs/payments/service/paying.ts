import { cardDataProblems } from '#kernel/cardData.ts'
import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Money, parseMoney, type WireMoney } from '#kernel/money.ts'
import type { Clock } from '#kernel/time.ts'
import { makeSerial } from '#platform/serial.ts'
import { isEnded, requestCancel } from '../domain/canceling.ts'
import {
  barredPayment,
  claimFor,
  findOperation,
  isSameDemand,
  isUnsent,
  openPayment,
  operationKey,
  type Payment,
  pendingOperations,
} from '../domain/payment.ts'
import { partKey, requestCapture, requestPartCapture, requestRelease } from '../domain/requests.ts'
import type { PaymentModel } from '../model/payments.ts'
import { declined, pending, unavailable } from './answers.ts'
import type { Asking } from './asking.ts'
import type { Settling } from './settling.ts'
import type { Attempt, EndOfAttempt, Velocity } from './velocity.ts'

export interface PayingDeps {
  readonly payments: PaymentModel
  readonly settling: Settling
  readonly asking: Pick<Asking, 'providerOf'>
  readonly velocity: Velocity
  readonly clock: Clock
  readonly ids: Ids
}

export interface AuthorizeInput {
  readonly orderId: string
  readonly ownerId: string
  readonly claimedBy?: string | null
  readonly amount: WireMoney
  readonly provider: string
  readonly token: string
  readonly clientAddress?: string | null
}

export interface CapturePartInput {
  readonly orderId: string
  readonly amount: WireMoney
  readonly idempotencyKey: string
}

export interface Answer {
  /** Null: it was refused before anything was written. */
  readonly payment: Payment | null
  readonly userErrors: readonly Problem[]
}

/** The attempt of whoever has written the payment, and makes its first call to the provider. */
interface Own {
  readonly holder: string
  readonly attempt: Attempt
}

type Opened =
  | { readonly payment: Payment; readonly own?: Own; readonly refusal?: undefined }
  | { readonly payment?: undefined; readonly own?: undefined; readonly refusal: Problem }

/** What must be no card data, with its place in the input. */
const textsOf = (input: AuthorizeInput) =>
  (['orderId', 'ownerId', 'provider', 'token'] as const).map((name) => [input[name], ['input', name]] as const)

const afterAuthorize = (payment: Payment): readonly Problem[] => {
  if (payment.canceling) return [{ code: 'ILLEGAL_STATE', message: 'The payment of this order was canceled.' }]
  if (payment.state.kind === 'DECLINED') return [declined(payment.state.code, ['input', 'token'])]
  if (payment.state.kind !== 'PENDING') return []
  return [pendingOperations(payment).every(isUnsent) ? unavailable : pending]
}

/** What came of the operation of this key. */
const afterOperation = (payment: Payment, key: string): readonly Problem[] => {
  const operation = findOperation(payment, key)
  if (operation?.state === 'refused') return [declined(operation.refusal ?? '')]
  return operation?.state === 'pending' ? [pending] : []
}

const afterCancel = (payment: Payment): readonly Problem[] => {
  if (isEnded(payment)) return []
  if (pendingOperations(payment).length > 0) return [pending]
  return [{ code: 'PAYMENT_DECLINED', message: 'The provider refused to give the money back.' }]
}

/** What the orders service asks for. Each is idempotent by order: repeating it after a lost answer changes nothing. */
export const makePaying = ({ payments, settling, asking, velocity, clock, ids }: PayingDeps) => {
  const inLine = makeSerial()

  const ofOrder = async (orderId: string): Promise<Payment | null> =>
    (await payments.byOrderIds([orderId], 'all'))[0] ?? null

  /** Inserts the payment of an order, or finds the one that was there first. */
  const insertOrFind = async (payment: Payment): Promise<Payment> => {
    if (await payments.insert(payment)) return payment
    const known = await ofOrder(payment.orderId)
    if (known) return known
    throw new ShopError('CONFLICT', 'The payment is being written by somebody else; try again.')
  }

  const known = async (orderId: string): Promise<Payment> => {
    const payment = await ofOrder(orderId)
    if (payment) return payment
    throw new ShopError('NOT_FOUND', 'The order has no payment.', ['input', 'orderId'])
  }

  /** Makes the first call of a new payment, and counts how it went for the next attempt of this buyer. */
  const attemptOnce = async (payment: Payment, { holder, attempt }: Own): Promise<Payment> => {
    let as: EndOfAttempt = 'unknown'
    try {
      const settled = await settling.settle(payment, holder)
      if (settled.state.kind !== 'PENDING') as = settled.state.kind === 'DECLINED' ? 'declined' : 'succeeded'
      return settled
    } finally {
      await attempt.end(as)
    }
  }

  /** The payment of an order, written now unless it is there. One after another, so that an attempt counts once for an order. */
  const findOrOpen = (input: AuthorizeInput, amount: Money) =>
    inLine(input.orderId, async (): Promise<Opened> => {
      const payment = await ofOrder(input.orderId)
      if (payment) return { payment }
      const { orderId, ownerId, claimedBy, provider, token, clientAddress } = input
      const attempt = await velocity.begin({ ownerId, address: clientAddress ?? '', token })
      if (!('end' in attempt)) return { refusal: attempt }
      const at = settling.stamp()
      const facts = { orderId, ownerId, claimedBy: claimedBy ?? undefined, amount, provider, token }
      const opened = openPayment({ _id: ids.next('pay'), ...facts }, at)
      const written = await insertOrFind(opened).catch(async (error: unknown) => {
        await attempt.end('unknown')
        throw error
      })
      if (written._id === opened._id) return { payment: written, own: { holder: at.id, attempt } }
      await attempt.end('unknown')
      return { payment: written }
    })

  return {
    /**
     * @throws ShopError BAD_USER_INPUT naming the provider, the amount or what looks like card data, CONFLICT when the order was to be
     *   paid with other money.
     */
    authorize: async (input: AuthorizeInput): Promise<Answer> => {
      refuseIfAny(cardDataProblems(textsOf(input)))
      const amount = parseMoney(input.amount, ['input', 'amount'])
      if (amount.minor <= 0) throw new ShopError('BAD_USER_INPUT', 'An amount is more than zero.', ['input', 'amount'])
      asking.providerOf(input.provider)
      const { payment, own, refusal } = await findOrOpen(input, amount)
      if (!payment) return { payment: null, userErrors: [refusal] }
      if (!payment.canceling && !isSameDemand(payment, amount))
        throw new ShopError('CONFLICT', 'The order is being paid with another amount.', ['input', 'amount'])
      const settled = own ? await attemptOnce(payment, own) : await settling.settle(payment)
      return { payment: settled, userErrors: afterAuthorize(settled) }
    },

    /** Captures all that is still reserved. @throws ShopError NOT_FOUND, ILLEGAL_STATE, IN_PROGRESS */
    capture: async (orderId: string): Promise<Answer> => {
      const payment = await known(orderId)
      const { _id } = payment
      const settled = await settling.perform(_id, requestCapture, { known: payment })
      const isDone = settled.state.kind === 'CAPTURED'
      return { payment: settled, userErrors: isDone ? [] : afterOperation(settled, operationKey(_id, 'capture')) }
    },

    /** Captures a part; the rest stays reserved. @throws as `capture`, and for what is wrong with the amount or the key */
    capturePart: async (input: CapturePartInput): Promise<Answer> => {
      const { _id } = await known(input.orderId)
      const part = { key: input.idempotencyKey, amount: parseMoney(input.amount, ['input', 'amount']) }
      const settled = await settling.perform(_id, (payment, at) => requestPartCapture(payment, part, at))
      return { payment: settled, userErrors: afterOperation(settled, partKey(settled, 'capture', part.key)) }
    },

    /** Sets free what is reserved and not captured. @throws ShopError NOT_FOUND, ILLEGAL_STATE, IN_PROGRESS */
    release: async (orderId: string): Promise<Answer> => {
      const { _id } = await known(orderId)
      const settled = await settling.perform(_id, requestRelease)
      return { payment: settled, userErrors: afterOperation(settled, operationKey(_id, 'void')) }
    },

    /** The account that has claimed the order sees its payment; an order without one tells it when it asks for one. */
    follow: async ({ orderId, accountId }: { readonly orderId: string; readonly accountId: string }): Promise<void> => {
      const payment = await ofOrder(orderId)
      if (payment) await payments.update(payment._id, (state) => ({ payment: claimFor(state, accountId), events: [] }))
    },

    /** An order without a payment gets one that is voided, so that a late authorisation finds the door closed (I10). */
    cancel: async (orderId: string): Promise<Answer> => {
      const payment =
        (await ofOrder(orderId)) ?? (await insertOrFind(barredPayment(ids.next('pay'), orderId, clock.now())))
      const settled = await settling.perform(payment._id, requestCancel)
      return { payment: settled, userErrors: afterCancel(settled) }
    },
  }
}
