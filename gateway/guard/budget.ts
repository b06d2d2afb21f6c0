import { networkOf } from '#kernel/network.ts'
import { seconds } from '#kernel/time.ts'
import type { Client, Viewer } from '#platform/auth.ts'
import type { Config } from '#platform/config.ts'
import type { Budget, Limiter, Withdrawal } from '#platform/limiter/limiter.ts'

/** Who asks. */
export interface Asker {
  readonly viewer: Viewer
  readonly client: Client
}

export type BudgetSettings = Pick<Config, 'costBucket' | 'costPerSecondUser' | 'costPerSecondNetwork'>

/**
 * The budget of points that operations draw on. An account has its own; everybody else shares the one of the network they come from,
 * guests included: anybody can become as many guests as he likes.
 */
export const makeBudgets = (limiter: Limiter, settings: BudgetSettings) => {
  const { costBucket: capacity, costPerSecondUser, costPerSecondNetwork } = settings
  const refilledBy = (perSecond: number): Budget => ({ capacity, per: (capacity / perSecond) * seconds(1) })
  const ofUser = refilledBy(costPerSecondUser)
  const ofNetwork = refilledBy(costPerSecondNetwork)
  const accountOf = ({ viewer, client }: Asker): readonly [string, Budget] =>
    viewer.kind === 'user'
      ? [`cost:user:${viewer.id}`, ofUser]
      : [`cost:network:${networkOf(client.address)}`, ofNetwork]

  return {
    take: (asker: Asker, cost: number): Promise<Withdrawal> => limiter.take(...accountOf(asker), cost),
    /** Resolves to what is left. */
    refund: (asker: Asker, cost: number): Promise<number> => limiter.refund(...accountOf(asker), cost),
  }
}

export type Budgets = ReturnType<typeof makeBudgets>
