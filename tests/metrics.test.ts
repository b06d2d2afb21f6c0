import { expect, test } from 'vitest'
import { told } from '../platform/metrics/kinds.ts'
import '../platform/metrics/table.ts'

const rows = told.map(
  ({ name, kind, labels, help }) =>
    `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
)

const page = `# Metrics

Made of \`platform/metrics/table.ts\` by \`tests/metrics.test.ts\`, which fails when they differ (\`npx vitest run tests/metrics.test.ts -u\` writes
anew). Each process shows them at \`/metrics\` on its \`METRICS_PORT\`, beside those of Node itself that \`prom-client\` collects (\`process_*\`,
\`nodejs_*\`: CPU, memory, file descriptors, event loop, garbage collection). Histograms of durations have \`_bucket\`, \`_sum\` and \`_count\`.

| metric | kind | labels | what it says |
|---|---|---|---|
${rows.join('\n')}
`

test('given the table of metrics, then the document says the same', async () => {
  await expect(page).toMatchFileSnapshot('../docs/metrics.md')
})

test('given the table of metrics, then names end in what they are counted in', () => {
  for (const { name, kind } of told) {
    expect(name).toMatch(/^emporion_[a-z_]+$/)
    expect(name.endsWith('_total'), name).toBe(kind === 'counter')
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/)
  }
})
