import { isShopError, ShopError } from '#kernel/errors.ts'
import type { PaymentsClient } from '../clients/ports.ts'

const unknown = (): ShopError =>
  new ShopError('BAD_USER_INPUT', 'There is no such payment provider; `paymentProviders` names them.', [
    'input',
    'payment',
    'provider',
  ])

/** Which providers an order may name. Those that were heard of once are remembered: they change with a release only. */
export const makeProviders = (payments: Pick<PaymentsClient, 'providers'>) => {
  let known: ReadonlySet<string> = new Set()
  return {
    /**
     * @throws ShopError BAD_USER_INPUT. While payments does not answer nobody can tell: the order is written, and payments refuses it.
     */
    refuseUnknown: async (name: string): Promise<void> => {
      if (known.has(name)) return
      try {
        known = new Set(await payments.providers())
      } catch (error) {
        if (isShopError(error)) return
        throw error
      }
      if (!known.has(name)) throw unknown()
    },
  }
}

export type Providers = ReturnType<typeof makeProviders>
