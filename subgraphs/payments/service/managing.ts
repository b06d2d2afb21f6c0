import { type Problem, ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import { parseMoney, type WireMoney } from '#kernel/money.ts'
import { actDone } from '#platform/audit.ts'
import { hasRole, type Viewer } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import { findOperation, type Payment, pendingOperations } from '../domain/payment.ts'
import { refundKey, requestConfirm, requestRefund } from '../domain/requests.ts'
import type { Access, PaymentModel } from '../model/payments.ts'
import { declined, pending } from './answers.ts'
import type { Settling } from './settling.ts'

export interface ManagingDeps {
  readonly payments: PaymentModel
  readonly settling: Settling
}

export interface RefundInput {
  readonly paymentId: string
  readonly amount: WireMoney
  readonly idempotencyKey: string
}

/** Whose payments a viewer may see: staff and services all, a shopper the own ones and those of the absorbed guest session. */
export const accessOf = (viewer: Viewer): Access => {
  if (viewer.kind === 'service' || hasRole(viewer, 'SUPPORT', 'ADMIN')) return 'all'
  if (viewer.kind === 'anonymous') return { ownerIds: [] }
  return { ownerIds: viewer.kind === 'user' && viewer.guestId ? [viewer.id, viewer.guestId] : [viewer.id] }
}

const maxKey = 255

const checkKey = (key: string): void => {
  if (key.length >= 1 && key.length <= maxKey) return
  throw new ShopError('BAD_USER_INPUT', `A key has 1 to ${maxKey} characters.`, ['input', 'idempotencyKey'])
}

const afterConfirm = (payment: Payment): readonly Problem[] => {
  if (payment.state.kind === 'DECLINED') return [declined(payment.state.code)]
  return pendingOperations(payment).length > 0 ? [pending] : []
}

/** What buyers and staff do with a payment. */
export const makeManaging = ({ payments, settling }: ManagingDeps) => {
  const visible = async (viewer: Viewer, id: string): Promise<Payment> => {
    const paymentId = parseId('pay', id, ['input', 'paymentId'])
    const [payment] = await payments.byIds([paymentId], accessOf(viewer))
    if (payment) return payment
    throw new ShopError('NOT_FOUND', 'There is no such payment.', ['input', 'paymentId'])
  }

  return {
    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE, IN_PROGRESS */
    confirm: async (asker: Asker, paymentId: string) => {
      const { _id } = await visible(asker.viewer, paymentId)
      const payment = await settling.perform(_id, requestConfirm, actDone(asker, 'PAYMENT_CONFIRMED', _id))
      return { payment, userErrors: afterConfirm(payment) }
    },

    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE, and BAD_USER_INPUT, CURRENCY_MISMATCH, IDEMPOTENCY_KEY_REUSED naming the field. */
    refund: async (asker: Asker, input: RefundInput) => {
      checkKey(input.idempotencyKey)
      const amount = parseMoney(input.amount, ['input', 'amount'])
      const request = { key: input.idempotencyKey, amount }
      const { _id } = await visible(asker.viewer, input.paymentId)
      const act = actDone(asker, 'PAYMENT_REFUNDED', _id)
      const payment = await settling.perform(_id, (current, at) => requestRefund(current, request, at), act)
      const operation = findOperation(payment, refundKey(payment, request.key))
      const refusal = operation?.refusal ? [declined(operation.refusal)] : []
      return { payment, userErrors: operation?.state === 'pending' ? [pending] : refusal }
    },
  }
}
