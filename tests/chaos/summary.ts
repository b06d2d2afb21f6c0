import { counted, type Outcome } from './chaos.ts'

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`

/** Operations by key, and how many of them came to a known outcome with at most three repetitions. */
const known = ({ history }: Outcome) => {
  const operations = [...Map.groupBy(history, ({ what, key }) => `${what} ${key}`).values()]
  const ended = operations.filter((tries) => tries.some(({ outcome }) => outcome !== 'unknown'))
  const times = history.filter(({ outcome }) => outcome !== 'unknown').map(({ tookMs }) => tookMs)
  return { all: operations.length, ended: ended.length, tries: history.length, times }
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none'

/** What happened, as rows of a table in Markdown, and every violation. */
export const summary = (outcome: Outcome): string => {
  const { all, ended, tries, times } = known(outcome)
  const { kills, freezes, storms, begun, skipped, withoutOrder, recoveriesMs, settledMs, orders, violations } = outcome
  const share = all === 0 ? 0 : (100 * ended) / all
  return [
    '| what | measured |',
    '|---|---|',
    `| seed | ${outcome.seed} |`,
    `| faults | ${kills} kill -9, ${freezes} freezes, ${storms} storms at the provider |`,
    `| checkouts | ${begun} begun, ${skipped} not begun (too many open), ${withoutOrder} given up before an order |`,
    `| operations | ${all} (${tries} requests), ${share.toFixed(2)} % with a known outcome after at most 3 repetitions |`,
    `| answers that left it open | ${listed(counted(outcome.history.flatMap(({ outcome: how, told }) => (how === 'unknown' ? [told] : []))))} |`,
    `| answers | p50 ${seconds(percentile(times, 0.5))}, p99 ${seconds(percentile(times, 0.99))} |`,
    `| ready again after a death | p50 ${seconds(percentile(recoveriesMs, 0.5))}, p99 ${seconds(percentile(recoveriesMs, 0.99))} |`,
    `| at rest after the last fault | ${seconds(settledMs)} |`,
    `| orders | ${listed(orders)} |`,
    `| violations | ${violations.length} |`,
    ...violations,
  ].join('\n')
}
