import { type Panel, rows } from './panels.ts'

/** Panels of one row of the screen, which is 24 units wide. */
const perLine = 3
const size = { w: 24 / perLine, h: 8 }

const datasource = { type: 'prometheus', uid: 'prometheus' }

const panelOf = ({ title, queries, unit = 'short' }: Panel, id: number, place: { x: number; y: number }) => ({
  id,
  title,
  type: 'timeseries',
  datasource,
  gridPos: { ...size, ...place },
  fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    legendFormat,
  })),
})

const layOut = () => {
  const panels: object[] = []
  let y = 0
  for (const [title, own] of Object.entries(rows)) {
    panels.push({
      id: panels.length + 1,
      title,
      type: 'row',
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
      panels: [],
    })
    for (const [index, panel] of own.entries()) {
      const place = { x: (index % perLine) * size.w, y: y + 1 + Math.floor(index / perLine) * size.h }
      panels.push(panelOf(panel, panels.length + 1, place))
    }
    y += 1 + Math.ceil(own.length / perLine) * size.h
  }
  return panels
}

/** The dashboard as Grafana loads it from a file (schema 39, Grafana 10 and above). */
export const dashboard = {
  uid: 'emporion',
  title: 'Emporion',
  tags: ['emporion'],
  timezone: 'browser',
  schemaVersion: 39,
  refresh: '30s',
  time: { from: 'now-1h', to: 'now' },
  panels: layOut(),
}
