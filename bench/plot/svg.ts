import type { Results, Row } from '../results.ts'
import { renderMachine, short } from '../table.ts'
import { logScale, spread, ticksAround } from './scale.ts'

const panel = { width: 400, height: 270, left: 58, right: 74, top: 46, bottom: 40 } as const
const page = { columns: 2, margin: 20, head: 66 } as const

/** Colours that people with any colour vision tell apart (Okabe and Ito). */
const curves = [
  { part: 'p50', colour: '#0072B2' },
  { part: 'p95', colour: '#E69F00' },
  { part: 'p99', colour: '#D55E00' },
] as const

/** What the project promises, drawn as a line where it applies. */
const bars: readonly { readonly series: string; readonly concurrency: number; readonly p95: number }[] = [
  { series: 'addToCart', concurrency: 16, p95: 50 },
]

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const px = (value: number): string => value.toFixed(1)

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${px(x)}" y="${px(y)}" ${attributes}>${escaped(content)}</text>`

const line = (x1: number, y1: number, x2: number, y2: number, attributes: string): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${attributes}/>`

const barOf = (series: string) => bars.find((bar) => bar.series === series)

/** Levels stand side by side at equal distances: 1, 16 and 64 users are three cases, not points of a measure. */
const makeAxes = (series: string, rows: readonly Row[]) => {
  const latencies = rows.flatMap(({ latency }) => (latency ? [latency.p50, latency.p95, latency.p99] : []))
  const ticks = ticksAround([...latencies, ...(barOf(series) ? [barOf(series)?.p95 ?? 1] : [])])
  const [left, right] = [panel.left, panel.width - panel.right]
  const [top, bottom] = [panel.top, panel.height - panel.bottom]
  const distance = rows.length > 1 ? (right - left - 40) / (rows.length - 1) : 0
  return {
    ticks,
    left,
    right,
    bottom,
    x: (index: number): number => left + 20 + index * distance,
    y: logScale({ min: ticks[0] ?? 1, max: ticks.at(-1) ?? 10 }, bottom, top),
  }
}

type Axes = ReturnType<typeof makeAxes>

const drawGrid = (rows: readonly Row[], { ticks, left, right, bottom, x, y }: Axes): string[] => [
  ...ticks.flatMap((tick) => [
    line(left, y(tick), right, y(tick), 'stroke="#e3e3e3"'),
    text(left - 8, y(tick) + 4, String(tick), 'text-anchor="end" class="axis"'),
  ]),
  line(left, bottom, right, bottom, 'stroke="#777"'),
  ...rows.map(({ concurrency }, index) =>
    text(x(index), bottom + 17, String(concurrency), 'text-anchor="middle" class="axis"'),
  ),
  text((left + right) / 2, bottom + 33, 'users at once', 'text-anchor="middle" class="axis"'),
]

const drawCurves = (rows: readonly Row[], { x, y, right }: Axes): string[] => {
  const measured = rows.flatMap(({ latency }, index) => (latency ? [{ latency, index }] : []))
  const last = measured.at(-1)
  if (!last) return [text(panel.left + 24, panel.height / 2, 'nothing but errors', 'class="bad"')]
  const labels = spread(
    curves.map(({ part }) => y(last.latency[part])),
    14,
  )
  return curves.flatMap(({ part, colour }, order) => {
    const points = measured.map(({ latency, index }) => `${px(x(index))},${px(y(latency[part]))}`)
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...measured.map(({ latency, index }) => {
        const hint = `<title>${part} ${short(latency[part])} ms</title>`
        return `<circle cx="${px(x(index))}" cy="${px(y(latency[part]))}" r="3.5" fill="${colour}">${hint}</circle>`
      }),
      text(
        right + 4,
        (labels[order] ?? 0) + 4,
        `${part} ${short(last.latency[part])}`,
        `fill="${colour}" class="label"`,
      ),
    ]
  })
}

const drawBar = (series: string, rows: readonly Row[], { x, y }: Axes): string[] => {
  const bar = barOf(series)
  const index = rows.findIndex(({ concurrency }) => concurrency === bar?.concurrency)
  if (!bar || index < 0) return []
  const [cx, cy] = [x(index), y(bar.p95)]
  return [
    line(cx - 26, cy, cx + 26, cy, 'stroke="#007a5a" stroke-width="3" stroke-dasharray="6 3"'),
    text(cx, cy - 6, `p95 bar ${bar.p95} ms`, 'text-anchor="middle" class="bar"'),
  ]
}

const drawPanel = (series: string, rows: readonly Row[], index: number): string => {
  const x = page.margin + (index % page.columns) * panel.width
  const y = page.head + Math.floor(index / page.columns) * panel.height
  const axes = makeAxes(series, rows)
  const errors = rows.reduce((sum, row) => sum + row.errors, 0)
  const rates = rows.map(({ perSecond }) => short(perSecond)).join(' / ')
  return [
    `<g transform="translate(${x} ${y})">`,
    text(panel.left, 18, series, 'class="title"'),
    text(panel.left, 34, `ms; ${rates} per second`, 'class="axis"'),
    errors > 0 ? text(panel.width - 4, 18, `${errors} errors`, 'text-anchor="end" class="bad"') : '',
    ...drawGrid(rows, axes),
    ...drawCurves(rows, axes),
    ...drawBar(series, rows, axes),
    '</g>',
  ].join('\n')
}

const style = `text { font: 12px system-ui, 'DejaVu Sans', sans-serif; } .head { font-size: 17px; font-weight: 600; }
.title { font-size: 15px; font-weight: 600; } .axis { fill: #555; font-size: 11px; } .label { font-size: 11px; font-weight: 600; }
.bad { fill: #b00020; font-weight: 600; } .bar { fill: #007a5a; font-size: 11px; paint-order: stroke; stroke: white; stroke-width: 3px; }`

/** An SVG with a panel for each series: latency by number of users, on logarithmic axes of their own. */
export const drawPlot = ({ date, commit, machine, seconds, rows }: Results): string => {
  const bySeries = [...Map.groupBy(rows, ({ series }) => series)]
  const width = page.columns * panel.width + 2 * page.margin
  const height = page.head + Math.ceil(bySeries.length / page.columns) * panel.height + page.margin
  const when = date.slice(0, 16).replace('T', ' ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>${style}</style>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(
      page.margin,
      28,
      `Latency by users at once, ${seconds} s each (${when} UTC, commit ${commit ?? 'unknown'})`,
      'class="head"',
    ),
    text(page.margin, 47, renderMachine(machine), 'class="axis"'),
    ...bySeries.map(([series, its], index) => drawPanel(series, its, index)),
    '</svg>\n',
  ].join('\n')
}
