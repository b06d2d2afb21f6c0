import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboard } from '../deploy/grafana/dashboard.ts'
import { rows } from '../deploy/grafana/panels.ts'
import { told } from '../platform/metrics/kinds.ts'
import '../platform/metrics/table.ts'
import { unitNames } from '../platform/config.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string; readonly labels: { severity: string } }[]
  }[]
}

const alerts = (parse(read('deploy/prometheus/alerts.yml')) as Alerts).groups.flatMap(({ rules }) => rules)
const panels = Object.values(rows).flat()
const queries = [
  ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...panels.flatMap(({ title, queries: own }) => Object.values(own).map((expr) => [`panel ${title}`, expr] as const)),
]

const histogramParts = ['_bucket', '_sum', '_count']

/** Names of series with their labels, ours and those of Node. Prometheus adds what it knows of the target. */
const known = new Map<string, readonly string[]>(
  told.flatMap(({ name, kind, labels }) =>
    kind === 'histogram'
      ? histogramParts.map((part) => [name + part, [...labels, 'le']] as const)
      : [[name, labels] as const],
  ),
)
const ofTarget = ['job', 'unit', 'instance']
const node = new Registry()
collectDefaultMetrics({ register: node })
for (const { name } of await node.getMetricsAsJSON()) known.set(name, ['kind', 'type'])
known.set('up', [])

/** What looks like a metric, with its selector. */
const used = (expr: string) =>
  [...expr.matchAll(/\b((?:emporion|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = '', selector = '']) => ({
      name,
      labels: [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
    }),
  )

const problemsOf = (expr: string): string[] =>
  used(expr).flatMap(({ name, labels }) => {
    const own = known.get(name)
    if (!own) return [`${name} does not exist`]
    return labels.filter((label) => ![...own, ...ofTarget].includes(label)).map((label) => `${name} has no ${label}`)
  })

describe('what is drawn and what alarms', () => {
  test.each(queries)('%s uses metrics and labels that exist', (_where, expr) => {
    expect(used(expr).length).toBeGreaterThan(0)
    expect(problemsOf(expr)).toEqual([])
  })

  test('given a query with a metric or a label that does not exist, then it is found', () => {
    expect(problemsOf('rate(emporion_nothing_total[5m])')).toEqual(['emporion_nothing_total does not exist'])
    expect(problemsOf('emporion_sockets{colour="red"}')).toEqual(['emporion_sockets has no colour'])
  })

  test('given the metrics of the shop, then each is drawn', () => {
    const drawn = new Set(
      panels.flatMap(({ queries: own }) => Object.values(own).flatMap(used)).map(({ name }) => name),
    )
    const nameOf = ({ name, kind }: (typeof told)[number]) => (kind === 'histogram' ? `${name}_bucket` : name)
    expect(told.map(nameOf).filter((name) => !drawn.has(name))).toEqual([])
  })

  test('given the panels, then the dashboard of Grafana is made of them', async () => {
    const file = '../deploy/grafana/dashboards/emporion.json'
    await expect(`${JSON.stringify(dashboard, null, 2)}\n`).toMatchFileSnapshot(file)
  })

  test('given the units, then Prometheus looks for each of them, at the port where they show metrics', () => {
    const { scrape_configs: scrapes } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[]
    }
    expect(scrapes[0]?.dns_sd_configs[0]).toMatchObject({ names: [...unitNames], port: 9_464 })
  })
})

describe('the runbook', () => {
  const runbook = read('docs/runbook.md')
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)

  test('given the alerts, then each has its section, and no section is without an alert', () => {
    const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
  })

  test('given the commands that it tells to run, then they exist', () => {
    const told = [...runbook.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name)
    expect(told.length).toBeGreaterThan(2)
    expect(told.filter((name) => !scripts.includes(name))).toEqual([])
  })

  test('given the metrics that it names, then they exist', () => {
    const named = [...runbook.matchAll(/`(emporion_\w+|nodejs_\w+|process_\w+)/g)].map(([, name = '']) => name)
    const families = new Set([...told.map(({ name }) => name), ...known.keys()])
    expect(named.filter((name) => !families.has(name))).toEqual([])
  })
})
