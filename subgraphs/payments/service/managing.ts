import { cardDataProblems } from '#kernel/cardData.ts'
import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import { parseMoney, type WireMoney } from '#kernel/money.ts'
import { actDone } from '#platform/audit.ts'
import { hasRole, type Viewer } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import type { Idempotency } from '#platform/idempotency/idempotency.ts'
import { findOperation, isUnsent, type Operation, type Payment, pendingOperations } from '../domain/payment.ts'
import { partKey, requestConfirm, requestRefund } from '../domain/requests.ts'
import type { Access, PaymentModel } from '../model/payments.ts'
import { declined, pending, unavailable } from './answers.ts'
import type { Settling } from './settling.ts'

export interface ManagingDeps {
  readonly payments: PaymentModel
  readonly settling: Settling
  readonly idempotency: Idempotency
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

const actorIdOf = (viewer: Viewer): string => ('id' in viewer ? viewer.id : viewer.kind)

const keyField = ['input', 'idempotencyKey']

const afterConfirm = (payment: Payment): readonly Problem[] => {
  if (payment.state.kind === 'DECLINED') return [declined(payment.state.code)]
  const open = pendingOperations(payment)
  if (open.length === 0) return []
  return [open.every(isUnsent) ? unavailable : pending]
}

const afterRefund = (operation: Operation | undefined): readonly Problem[] => {
  if (operation?.state === 'pending') return [pending]
  return operation?.refusal ? [declined(operation.refusal)] : []
}

/** What buyers and staff do with a payment. */
export const makeManaging = ({ payments, settling, idempotency }: ManagingDeps) => {
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
      const payment = await settling.perform(_id, requestConfirm, { act: actDone(asker, 'PAYMENT_CONFIRMED', _id) })
      return { payment, userErrors: afterConfirm(payment) }
    },

    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE, and BAD_USER_INPUT, CURRENCY_MISMATCH, IDEMPOTENCY_KEY_REUSED naming the field. */
    refund: async (asker: Asker, input: RefundInput) => {
      refuseIfAny(cardDataProblems([[input.idempotencyKey, keyField]]))
      const amount = parseMoney(input.amount, ['input', 'amount'])
      const { _id } = await visible(asker.viewer, input.paymentId)
      const { idempotencyKey: key } = input
      const actor = actorIdOf(asker.viewer)
      const keyed = { actor, operation: 'refundPayment', key, input: [_id, amount], field: keyField }
      // Two people of the staff may choose the same key for two refunds.
      const own = { key: `${actor}:${key}`, amount }
      const act = actDone(asker, 'PAYMENT_REFUNDED', _id)
      const userErrors = await idempotency.once(keyed, async () => {
        const payment = await settling.perform(_id, (current, at) => requestRefund(current, own, at), { act })
        const operation = findOperation(payment, partKey(payment, 'refund', own.key))
        return { value: afterRefund(operation), isFinal: operation?.state !== 'pending' }
      })
      return { payment: await visible(asker.viewer, _id), userErrors }
    },
  }
}
