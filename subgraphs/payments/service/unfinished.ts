import type { Unfinished } from '#platform/subgraph.ts'
import { pendingOperations } from '../domain/payment.ts'
import type { PaymentModel } from '../model/payments.ts'

/** More than this is not counted: it is too much by far. */
const most = 1_000

/** Calls to the provider that nobody knows the end of, for metrics. */
export const makeUnfinished = (payments: Pick<PaymentModel, 'unfinished'>) => async (): Promise<Unfinished> => {
  const found = (await payments.unfinished(most)).flatMap((payment) => pendingOperations(payment))
  const times = found.map(({ at }) => at)
  return { name: 'providerCall', count: found.length, oldestAt: times.length > 0 ? Math.min(...times) : null }
}
