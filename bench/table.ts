import type { Machine, Row } from './results.ts'

/** Three digits are all that a noisy machine can vouch for. */
export const short = (value: number | null | undefined): string => {
  if (value === null || value === undefined || Number.isNaN(value)) return '-'
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}

/** Columns as wide as their widest cell, the first one to the left, numbers to the right. */
export const layOut = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => (column === 0 ? (row[0] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}

const processCells = ({ processes }: Row, name: string): string[] => {
  const used = processes[name]
  return used
    ? [short(used.cpuSecondsPer1000), `${used.rssBeforeMb.toFixed(0)}-${used.rssAfterMb.toFixed(0)}`]
    : ['', '']
}

const processNames = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row.processes)))]

const cellsOf = (row: Row, processes: readonly string[]): string[] => [
  row.series,
  String(row.concurrency),
  short(row.perSecond),
  ...(['p50', 'p95', 'p99', 'max'] as const).map((part) => short(row.latency?.[part])),
  String(row.errors),
  ...processes.flatMap((name) => processCells(row, name)),
]

const firstErrors = (rows: readonly Row[]): string[] =>
  rows.flatMap(({ series, concurrency, errors, firstError }) =>
    firstError === null ? [] : [`  ${series} at ${concurrency}: ${errors} errors, the first: ${firstError}`],
  )

/** All rows for the screen; milliseconds, CPU seconds per 1,000 requests, and memory before and after. */
export const renderTable = (rows: readonly Row[]): string => {
  const processes = processNames(rows)
  const heads = ['', 'users', 'per s', 'p50 ms', 'p95', 'p99', 'max', 'errors']
  const head = [...heads, ...processes.flatMap((name) => [`${name} cpu s/1k`, 'MB'])]
  return [layOut([head, ...rows.map((row) => cellsOf(row, processes))]), ...firstErrors(rows)].join('\n')
}

/** The machine in one line. */
export const renderMachine = ({ cores, cpu, memoryGb, node, loadAverage }: Machine): string =>
  `${cores} cores (${cpu}), ${memoryGb} GB, Node ${node}, load average before start ${loadAverage.map(short).join(' ')}`
