import { percentile } from '../bars.ts'
import type { Asked } from './crowd.ts'
import type { Ended } from './sessions.ts'
import type { Heard } from './views.ts'

/** A stretch of the run, in milliseconds of it. */
export interface Stretch {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** What is kept of the whole run. */
export interface Kept {
  readonly asked: readonly Asked[]
  readonly ended: readonly Ended[]
  readonly risen: readonly number[]
  readonly heard: readonly Heard[]
}

/** What people noticed in one stretch. */
export interface Noticed {
  readonly name: string
  readonly requests: number
  readonly failures: Readonly<Record<string, number>>
  /** In percent. */
  readonly success: number
  readonly p50: number
  /** From two seconds after its begin on (F7). */
  readonly p99: number
  readonly p99Checkout: number
  readonly sessionsEnded: number
  readonly slowestHttp: number
  readonly slowestSocket: number
  readonly risen: number
  readonly views: number
  readonly missed: number
  readonly p99View: number
}

const settlingMs = 2_000

export const counted = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]))

/** What of the run lies in this stretch: what began there. */
export const noticed = ({ name, from, to }: Stretch, { asked, ended, risen, heard }: Kept): Noticed => {
  const isHere = ({ at }: { readonly at: number }): boolean => at >= from && at < to
  const here = asked.filter(isHere)
  const failed = here.filter(({ told }) => told !== 'ok')
  const later = here.filter(({ at }) => at >= from + settlingMs)
  const out = ended.filter(isHere)
  const views = heard.filter(isHere)
  const p99 = (list: readonly { readonly ms: number }[]): number =>
    percentile(
      list.map(({ ms }) => ms),
      0.99,
    )
  return {
    name,
    requests: here.length,
    failures: counted(failed.map(({ kind, told }) => `${kind} ${told}`)),
    success: here.length === 0 ? 0 : 100 - (100 * failed.length) / here.length,
    p50: percentile(
      later.map(({ ms }) => ms),
      0.5,
    ),
    p99: p99(later),
    p99Checkout: p99(later.filter(({ kind }) => kind === 'checkout')),
    sessionsEnded: out.length,
    slowestHttp: Math.max(0, ...out.map(({ httpMs }) => httpMs)),
    slowestSocket: Math.max(0, ...out.map(({ socketMs }) => socketMs)),
    risen: risen.filter((at) => isHere({ at })).length,
    views: views.length,
    missed: views.filter(({ ms }) => ms === null).length,
    p99View: percentile(
      views.flatMap(({ ms }) => ms ?? []),
      0.99,
    ),
  }
}
