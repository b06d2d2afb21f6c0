import { type Problem, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Money, parseMoney, type WireMoney } from '#kernel/money.ts'
import type { Clock } from '#kernel/time.ts'
import {
  barredPayment,
  claimFor,
  findOperation,
  isSameDemand,
  openPayment,
  operationKey,
  type Payment,
  pendingOperations,
} from '../domain/payment.ts'
import { isEnded, requestCancel, requestCapture } from '../domain/requests.ts'
import type { PaymentModel } from '../model/payments.ts'
import { declined, pending } from './answers.ts'
import type { Settling } from './settling.ts'

export interface PayingDeps {
  readonly payments: PaymentModel
  readonly settling: Settling
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
}

export interface Answer {
  readonly payment: Payment
  readonly userErrors: readonly Problem[]
}

const afterAuthorize = (payment: Payment): readonly Problem[] => {
  if (payment.canceling) return [{ code: 'ILLEGAL_STATE', message: 'The payment of this order was canceled.' }]
  if (payment.state.kind === 'DECLINED') return [declined(payment.state.code, ['input', 'token'])]
  if (payment.state.kind === 'PENDING') return [pending]
  return []
}

const afterCapture = (payment: Payment): readonly Problem[] => {
  if (payment.state.kind === 'CAPTURED') return []
  const refusal = findOperation(payment, operationKey(payment._id, 'capture'))?.refusal
  return [refusal ? declined(refusal) : pending]
}

const afterCancel = (payment: Payment): readonly Problem[] => {
  if (isEnded(payment)) return []
  if (pendingOperations(payment).length > 0) return [pending]
  return [{ code: 'PAYMENT_DECLINED', message: 'The provider refused to give the money back.' }]
}

/** What the orders service asks for. Each is idempotent by order: repeating it after a lost answer changes nothing. */
export const makePaying = ({ payments, settling, clock, ids }: PayingDeps) => {
  const ofOrder = async (orderId: string): Promise<Payment | null> =>
    (await payments.byOrderIds([orderId], 'all'))[0] ?? null

  /** Inserts the payment of an order, or finds the one that was there first. */
  const insertOrFind = async (payment: Payment): Promise<Payment> => {
    if (await payments.insert(payment)) return payment
    const known = await ofOrder(payment.orderId)
    if (known) return known
    throw new ShopError('CONFLICT', 'The payment is being written by somebody else; try again.')
  }

  const newPayment = (input: AuthorizeInput, amount: Money): Payment => {
    const { orderId, ownerId, claimedBy, provider, token } = input
    const facts = { _id: ids.next('pay'), orderId, ownerId, claimedBy: claimedBy ?? undefined, amount, provider, token }
    return openPayment(facts, settling.stamp())
  }

  return {
    /** @throws ShopError BAD_USER_INPUT naming the provider, CONFLICT when the order was to be paid with other money. */
    authorize: async (input: AuthorizeInput): Promise<Answer> => {
      const amount = parseMoney(input.amount, ['input', 'amount'])
      settling.providerOf(input.provider)
      const payment = (await ofOrder(input.orderId)) ?? (await insertOrFind(newPayment(input, amount)))
      if (!payment.canceling && !isSameDemand(payment, amount))
        throw new ShopError('CONFLICT', 'The order is being paid with another amount.', ['input', 'amount'])
      const settled = await settling.settle(payment)
      return { payment: settled, userErrors: afterAuthorize(settled) }
    },

    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE, IN_PROGRESS */
    capture: async (orderId: string): Promise<Answer> => {
      const payment = await ofOrder(orderId)
      if (!payment) throw new ShopError('NOT_FOUND', 'The order has no payment.', ['input', 'orderId'])
      const settled = await settling.perform(payment._id, requestCapture)
      return { payment: settled, userErrors: afterCapture(settled) }
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
