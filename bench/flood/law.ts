import type { Bar } from '../bars.ts'
import { p99 } from '../overload/law.ts'

/** A whole checkout. */
export interface Bought {
  /** From becoming a guest to the confirmed order, and of it the order itself. */
  readonly ms: number
  readonly orderMs: number
  readonly isGood: boolean
}

/** A sign-in of the flood: its password was tried, it was sent away, or neither. */
export interface Attempt {
  readonly ms: number
  readonly outcome: 'tried' | 'refused' | 'failed'
}

export interface Flood {
  readonly seconds: number
  readonly alone: readonly Bought[]
  readonly beside: readonly Bought[]
  readonly attempts: readonly Attempt[]
}

/** What is promised while somebody floods us with sign-ins (L2). */
export const floodBars = ({ seconds, alone, beside, attempts }: Flood): Bar[] => {
  const [before, during] = [alone, beside].map((bought) => p99(bought.map(({ ms }) => ms)))
  const orders = [alone, beside].map((bought) => p99(bought.map(({ orderMs }) => orderMs)).toFixed(0))
  const timesOf = (outcome: Attempt['outcome']) =>
    attempts.filter((attempt) => attempt.outcome === outcome).map(({ ms }) => ms)
  const [tried, refused, failed] = [timesOf('tried'), timesOf('refused'), timesOf('failed')]
  const ratio = (during ?? 0) / Math.max(1, before ?? 0)
  const lost = [...alone, ...beside].filter(({ isGood }) => !isGood).length
  const shown = { bar: '', holds: true }
  return [
    {
      what: 'passwords tried',
      measured: `${(tried.length / seconds).toFixed(0)}/s, p99 ${p99(tried).toFixed(0)} ms`,
      ...shown,
    },
    {
      what: 'sent away: p99',
      measured: `${p99(refused).toFixed(0)} ms, of ${(refused.length / seconds).toFixed(0)}/s`,
      bar: '<= 50 ms',
      holds: refused.length > 0 && p99(refused) <= 50,
    },
    { what: 'neither', measured: String(failed.length), bar: '0', holds: failed.length === 0 },
    {
      what: 'a checkout: p99',
      measured: `${(before ?? 0).toFixed(0)} ms alone, ${(during ?? 0).toFixed(0)} ms beside it: ${ratio.toFixed(1)} times`,
      bar: '2 times',
      holds: ratio <= 2,
    },
    { what: 'its order: p99', measured: `${orders[0]} ms alone, ${orders[1]} ms beside it`, ...shown },
    {
      what: 'checkouts that failed',
      measured: `${lost} of ${alone.length + beside.length}`,
      bar: '0',
      holds: lost === 0,
    },
  ]
}
