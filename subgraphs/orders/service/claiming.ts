import type { Clock } from '#kernel/time.ts'
import type { BuyersClient } from '../clients/ports.ts'
import { claim } from '../domain/claiming.ts'
import type { OrderModel } from '../model.ts'
import type { Changing } from './changing.ts'

export interface ClaimingDeps {
  readonly orders: Pick<OrderModel, 'claimable'>
  readonly changing: Pick<Changing, 'change'>
  readonly buyers: BuyersClient
  readonly clock: Clock
}

export const makeClaiming = ({ orders, changing, buyers, clock }: ClaimingDeps) => ({
  /**
   * What guests have ordered with the address of an account, or before they signed in to it, becomes the account's. An account
   * whose address is not proved gets nothing. Doing it again changes nothing.
   */
  claimFor: async (accountId: string): Promise<void> => {
    const proved = await buyers.proved(accountId)
    if (!proved) return
    for (const id of await orders.claimable(proved.email, proved.guestIds)) {
      await changing.change(id, (order) => claim(order, { accountId, ...proved }, clock.now()))
    }
  },
})

export type Claiming = ReturnType<typeof makeClaiming>
