import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import {
  answerTo,
  type Charge,
  captureCharge,
  confirmCharge,
  openCharge,
  refundCharge,
  voidCharge,
} from './domain/charge.ts'
import type { ChargeModel } from './model/charges.ts'
import type { AuthorizeCall, FollowUpCall, PaymentProvider, ProviderAnswer } from './provider.ts'

export interface SandboxDeps {
  readonly charges: ChargeModel
  readonly clock: Clock
  readonly ids: Ids
  readonly pause: (ms: Millis) => Promise<void>
}

/** How long `tok_slow` takes to answer. */
const slowness = seconds(2)

const stored = (charge: Charge | null, key: string): ProviderAnswer => {
  const answer = charge && answerTo(charge, key)
  if (!answer) throw new ShopError('NOT_FOUND', 'The sandbox has no such charge.')
  return answer
}

const silence = (): Promise<never> => new Promise(() => undefined)

/**
 * A payment provider without money, for development and tests. What it does depends on the token alone; its books are kept in
 * the database, so that a restart forgets neither a charge nor an answer.
 */
export const makeSandbox = ({ charges, clock, ids, pause }: SandboxDeps): PaymentProvider => {
  /** How the first answer to a token travels; repeated calls get the stored answer at once. */
  const delivery: Readonly<Record<string, () => Promise<unknown>>> = {
    tok_slow: () => pause(slowness),
    tok_timeout_after_charge: silence,
  }

  const authorize = async (call: AuthorizeCall): Promise<ProviderAnswer> => {
    const known = await charges.byKey(call.key)
    if (known) return stored(known, call.key)
    const charge = openCharge(`ch_${ids.next('txn')}`, call, clock.now())
    if (!(await charges.insert(charge))) return stored(await charges.byKey(call.key), call.key)
    await delivery[call.token]?.()
    return stored(charge, call.key)
  }

  const follow =
    (act: typeof captureCharge) =>
    async (call: FollowUpCall): Promise<ProviderAnswer> => {
      const now = clock.now()
      return stored(await charges.update(call.reference, (charge) => act(charge, call, now)), call.key)
    }

  return {
    name: 'sandbox',
    authorize,
    confirm: follow(confirmCharge),
    capture: follow(captureCharge),
    void: follow(voidCharge),
    refund: follow(refundCharge),
    lookup: async (key) => {
      const charge = await charges.byKey(key)
      return charge && answerTo(charge, key)
    },
  }
}
