import { type Bar, barsOf, renderBars } from '../../bench/bars.ts'
import { operationsOf, percentile, seconds } from './bars.ts'
import { counted, type Outcome } from './chaos.ts'

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none'

/** What happened, and what is promised of it, as a table in Markdown; then every violation. */
export const summary = (outcome: Outcome, bars: readonly Bar[]): string => {
  const { kills, freezes, storms, down, begun, skipped, withoutOrder, history, stumbles, recoveriesMs, orders } =
    outcome
  const times = history.filter((one) => one.outcome !== 'unknown' && one.what !== 'act').map(({ tookMs }) => tookMs)
  const open = history.flatMap(({ outcome: how, told }) => (how === 'unknown' ? [told] : []))
  const faults = `${kills} kill -9, ${freezes} freezes, ${storms} storms${down ? ', 1 provider away' : ''}`
  const shown = [
    ['faults', faults],
    ['checkouts', `${begun} begun, ${skipped} not begun (too many open), ${withoutOrder} given up before an order`],
    ['operations', `${operationsOf(history).length} (${history.length} requests)`],
    ['refusals before an order', listed(counted(stumbles))],
    ['answers that left it open', listed(counted(open))],
    ['answers', `p50 ${seconds(percentile(times, 0.5))}, p99 ${seconds(percentile(times, 0.99))}`],
    ...(recoveriesMs.length > 0
      ? [
          [
            'ready again after a death: p50',
            `${seconds(percentile(recoveriesMs, 0.5))}; slowest: ${outcome.slowestToRecover}`,
          ] as const,
        ]
      : []),
    ['orders', listed(orders)],
  ] as const
  const told = barsOf(shown.map(([what, measured]) => [what, measured, '', null]))
  return [renderBars([...told, ...bars]), ...outcome.violations].join('\n')
}
