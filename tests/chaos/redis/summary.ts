import { type Bar, renderBars } from '../../../bench/bars.ts'
import type { Noticed } from './law.ts'
import type { PhaseOutcome, RedisOutcome } from './measure.ts'

const ms = (value: number): string => `${Math.round(value)} ms`
const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`

const failed = ({ failures }: Noticed): string =>
  Object.entries(failures)
    .map(([what, count]) => `${count} x ${what}`)
    .join(', ') || '0'

interface Limit {
  readonly what: string
  readonly of: (outcome: PhaseOutcome) => number
  readonly show: (value: number) => string
  readonly bar: string
  readonly holds: (value: number) => boolean
}

const atMost = (limit: number) => (value: number) => value <= limit

/** F7 (docs/promises.md), for each phase. */
const limits: readonly Limit[] = [
  {
    what: 'requests answered well',
    of: ({ during }) => during.success,
    show: (value) => `${value.toFixed(2)} %`,
    bar: '>= 99.9 %',
    holds: (value) => value >= 99.9,
  },
  {
    what: 'p99 more than before, from 2 s on',
    of: ({ before, during }) => during.p99 - before.p99,
    show: ms,
    bar: '<= 300 ms',
    holds: atMost(300),
  },
  { what: 'ended sessions let in again', of: ({ during }) => during.risen, show: String, bar: '0', holds: atMost(0) },
  {
    what: 'a session that ends: HTTP, slowest',
    of: ({ during }) => during.slowestHttp,
    show: ms,
    bar: '<= 1,000 ms',
    holds: atMost(1_000),
  },
  {
    what: 'a session that ends: socket, slowest',
    of: ({ during }) => during.slowestSocket,
    show: ms,
    bar: '<= 2,000 ms',
    holds: atMost(2_000),
  },
  {
    what: 'changes of carts and orders not heard',
    of: ({ during }) => during.missed,
    show: String,
    bar: '0',
    holds: atMost(0),
  },
  { what: 'queues caught up', of: ({ resumedMs }) => resumedMs, show: seconds, bar: '<= 30 s', holds: atMost(30_000) },
]

/** The worst phase for each promise, and that nothing is violated. */
export const redisBars = ({ phases, violations }: RedisOutcome): Bar[] => [
  { what: 'violations', measured: String(violations.length), bar: '0', holds: violations.length === 0 },
  ...limits.map(({ what, of, show, bar, holds }) => {
    const values = phases.map((outcome) => ({ name: outcome.during.name, value: of(outcome) }))
    const bad = values.filter(({ value }) => !holds(value))
    const measured = values.map(({ value }) => show(value)).join(', ')
    return { what, measured, bar, holds: bad.length === 0 }
  }),
]

const rowOf = ({ before, during, resumedMs }: PhaseOutcome): string => {
  const cells = [
    during.name,
    during.requests,
    failed(during),
    `${ms(before.p50)} -> ${ms(during.p50)}`,
    `${ms(before.p99)} -> ${ms(during.p99)}`,
    `${ms(before.p99Checkout)} -> ${ms(during.p99Checkout)}`,
    `${during.sessionsEnded}: ${ms(during.slowestHttp)}, ${ms(during.slowestSocket)}`,
    `${during.views}: ${ms(before.p99View)} -> ${ms(during.p99View)}`,
    seconds(resumedMs),
  ]
  return `| ${cells.join(' | ')} |`
}

/** What happened in each phase, then the promises with a measured value for each phase, then every violation. */
export const redisSummary = (outcome: RedisOutcome): string => {
  const { phases, orders, triesOfEnded, blind, violations } = outcome
  return [
    '| Redis is | requests | failed | p50, before -> then | p99 | p99 of checkouts | sessions ended: HTTP, socket, slowest | changes heard: p99 | queues caught up after |',
    '|---|---|---|---|---|---|---|---|---|',
    ...phases.map(rowOf),
    '',
    `${orders} orders confirmed; ended sessions were tried ${triesOfEnded} times; whoever watched had ${blind.length} failures of their own${blind.length > 0 ? `, the first: ${blind[0]}` : ''}. Each bar with what each phase measured, in their order:`,
    '',
    renderBars(redisBars(outcome)),
    ...violations,
  ].join('\n')
}
