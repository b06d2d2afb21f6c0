import type { Clock } from '#kernel/time.ts'
import type { Bus } from '#platform/bus/bus.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { makeCopies } from '#platform/cache/copies.ts'
import { endWhenChanged } from '#platform/cache/invalidation.ts'
import type { AccountModel } from './accounts.ts'

/** What everybody may know of a seller; nothing else of an account is ever copied. */
interface ShownSeller {
  readonly id: string
  readonly shopName: string
}

export interface SellersDeps {
  readonly accounts: Pick<AccountModel, 'byIds' | 'store'>
  readonly bus: Bus
  readonly cache: Cache
  readonly clock: Clock
}

/** Sellers as products name them: copies that are a second old at most, or as old as they are, and noted, while the database is away. */
export const makeSellers = ({ accounts, bus, ...deps }: SellersDeps) => {
  const copies = makeCopies<ShownSeller>({ ...deps, name: 'sellers' })
  endWhenChanged({ bus, topic: 'accounts changed', outbox: accounts.store.outbox, copies: [copies] })
  const load = async (ids: readonly string[]) => {
    const found = await accounts.byIds(ids)
    return new Map(
      found.flatMap(({ _id, shopName }) => (shopName === null ? [] : [[_id, { id: _id, shopName }] as const])),
    )
  }
  return { byIds: (ids: readonly string[]) => copies.read(ids, load) }
}

export type Sellers = ReturnType<typeof makeSellers>
