import { mostUnfinished, type Unfinished, unfinishedSince } from '#platform/unfinished.ts'
import { pendingOperations } from '../domain/payment.ts'
import type { PaymentModel } from '../model/payments.ts'

/** Calls to the provider that nobody knows the end of, for metrics. */
export const makeUnfinished = (payments: Pick<PaymentModel, 'unfinished'>) => async (): Promise<Unfinished> => {
  const open = (await payments.unfinished(mostUnfinished)).flatMap((payment) => pendingOperations(payment))
  const times = open.map(({ at }) => at)
  return unfinishedSince('providerCall', times)
}
