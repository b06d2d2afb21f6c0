import type { Bar } from '../../bench/bars.ts'
import { barOf, knownShare, percentile, seconds, slowest } from './bars.ts'
import { type Buying, usualMeans } from './buyers.ts'
import type { Outcome } from './chaos.ts'
import {
  anything,
  badCalls,
  badWebhooks,
  freezes,
  inTurn,
  kills,
  type Play,
  providerDown,
  providerHung,
} from './faults.ts'
import type { Operation } from './history.ts'

/** A kind of trouble, how much of it, and what must hold (docs/promises.md). */
export interface Scenario {
  readonly says: string
  readonly play: Play
  /** Checkouts that begin in a second. */
  readonly rate: number
  /** Faults one after the other. */
  readonly times: number
  /** How long bad weather lasts. */
  readonly seconds: number
  /** Seconds, about, between two faults. */
  readonly pause: number
  /** The longest freeze, in seconds. */
  readonly freeze: number
  readonly means: Buying['means']
  /** Besides "nothing is violated". */
  readonly bars: (outcome: Outcome) => readonly Bar[]
}

const usual = { rate: 20, times: 12, seconds: 60, pause: 4, freeze: 40, means: usualMeans }

const atRestWithin = (limit: number) => (outcome: Outcome) =>
  barOf('at rest after the last fault', outcome.settledMs, { limit: limit * 1_000, show: seconds })

const readyAgain = ({ recoveriesMs }: Outcome) =>
  barOf('ready again after a death: p99', percentile(recoveriesMs, 0.99), { limit: 5_000, show: seconds })

const known = (outcome: Outcome): Bar => {
  const share = knownShare(outcome)
  return {
    what: 'operations with a known outcome after at most 3 repetitions',
    measured: `${share.toFixed(2)} %`,
    bar: '>= 99 %',
    holds: share >= 99,
  }
}

/** Orders that were placed, or asked for again, while the provider was down. */
const whileDown = ({ history, down }: Outcome, afterMs = 0) =>
  history.filter(
    ({ what, beganAt }) =>
      what === 'place' && down !== null && beganAt >= down.from + afterMs && beganAt < down.to - 1_000,
  )

/** Besides what F5 says: who wants what is sold out never gets as far as the provider. */
const allowedWhileDown: ReadonlySet<string> = new Set(['PAYMENT_PENDING', 'PAYMENT_UNAVAILABLE', 'OUT_OF_STOCK'])

const providerBars = (outcome: Outcome): readonly Bar[] => {
  // Who has waited for it until it was back may well have paid.
  const isBack = ({ beganAt, tookMs }: Operation): boolean => beganAt + tookMs >= (outcome.down?.to ?? 0)
  const other = whileDown(outcome).filter((one) => !allowedWhileDown.has(one.code ?? one.told) && !isBack(one))
  const later = whileDown(outcome, 5_000).map(({ tookMs }) => tookMs)
  return [
    barOf('slowest answer while the provider is down', slowest(whileDown(outcome)), { limit: 6_000, show: seconds }),
    // Not the slowest: two of those who come every 10 s find out whether it is back.
    barOf('the same from 5 s on, p95: the breaker is open', percentile(later, 0.95), { limit: 1_000, show: seconds }),
    {
      what: 'answers meanwhile that are neither PAYMENT_PENDING nor PAYMENT_UNAVAILABLE (nor OUT_OF_STOCK)',
      measured: [
        `${other.length} of ${whileDown(outcome).length}`,
        ...other.map(({ code, told }) => code ?? told),
      ].join(' '),
      bar: '0',
      holds: other.length === 0,
    },
    atRestWithin(30)(outcome),
  ]
}

const webhookBars = ({ history, forged }: Outcome): readonly Bar[] => {
  const acted = history.filter(({ what }) => what === 'act')
  const accepted = Object.entries(forged).filter(([status]) => !status.startsWith('4'))
  return [
    barOf('slowest order after its buyer has acted', slowest(acted), { limit: 60_000, show: seconds }),
    barOf('orders that did not hear of their buyer', acted.filter(({ outcome }) => outcome !== 'ok').length, {
      limit: 0,
      show: String,
    }),
    {
      what: 'forged and old webhooks, answers by status',
      measured: Object.entries(forged)
        .map(([status, count]) => `${count} x ${status}`)
        .join(', '),
      bar: '4xx',
      holds: accepted.length === 0,
    },
  ]
}

export const scenarios = {
  F2: {
    ...usual,
    says: 'any process is killed with kill -9, 50 times',
    play: kills,
    times: 50,
    bars: (outcome) => [known(outcome), readyAgain(outcome), atRestWithin(60)(outcome)],
  },
  F3: {
    ...usual,
    says: 'processes that hold leases are stopped for 0.5 to 40 s and go on',
    play: freezes,
    rate: 5,
    bars: (outcome) => [atRestWithin(60)(outcome)],
  },
  F4: {
    ...usual,
    says: 'a tenth of each: answers that never come, connections reset after and before, 500 after the charge, 429, 503, 3 s slow',
    play: badCalls,
    rate: 5,
    seconds: 120,
    bars: (outcome) => [atRestWithin(60)(outcome)],
  },
  F5: {
    ...usual,
    says: 'nobody listens at the payment provider for 60 s',
    play: providerDown,
    rate: 10,
    means: () => 'tok_ok',
    bars: providerBars,
  },
  'F5-hung': {
    ...usual,
    says: 'the payment provider takes every request for 60 s and answers none',
    play: providerHung,
    rate: 10,
    means: () => 'tok_ok',
    bars: providerBars,
  },
  F6: {
    ...usual,
    says: 'buyers act at the provider while its webhooks come twice, late, stale, badly signed, or never',
    play: badWebhooks,
    rate: 3,
    seconds: 120,
    means: (random) => (random.chance(0.7) ? 'tok_requires_action' : 'tok_ok'),
    bars: (outcome) => [...webhookBars(outcome), atRestWithin(60)(outcome)],
  },
  all: {
    ...usual,
    says: 'all of it, in any order',
    play: anything,
    rate: 5,
    times: 30,
    bars: (outcome) => [known(outcome), readyAgain(outcome), atRestWithin(60)(outcome)],
  },
  short: {
    ...usual,
    says: 'a little of each, as in CI',
    play: inTurn(kills, freezes, providerDown, badCalls, badWebhooks),
    rate: 4,
    times: 1,
    seconds: 2,
    pause: 1,
    freeze: 1.5,
    bars: (outcome) => webhookBars(outcome),
  },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios

export const isScenario = (name: string): name is ScenarioName => Object.hasOwn(scenarios, name)
