import type { Snapshot } from '../dumpState/snapshot.ts'

/** A promise that a snapshot can keep or break (docs/promises.md). */
export interface Invariant {
  readonly id: string
  readonly says: string
  /** What breaks it: one sentence for each offending row; none when it holds. */
  readonly offences: (snapshot: Snapshot) => readonly string[]
}

export interface Verdict {
  readonly id: string
  readonly says: string
  readonly offences: readonly string[]
}

/** Offences of each row. */
export const ofEach = <Row>(rows: readonly Row[], offence: (row: Row) => string | false): string[] =>
  rows.flatMap((row) => offence(row) || [])

/** Ids that come more than once. */
export const repeated = (ids: readonly string[]): string[] => {
  const groups = Map.groupBy(ids, (id) => id)
  return [...groups].filter(([, same]) => same.length > 1).map(([id]) => id)
}

export const sumOf = <Row>(rows: readonly Row[], amount: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + amount(row), 0)

/** Orders that may keep money and stock. */
const living: ReadonlySet<string> = new Set(['pending', 'paid', 'fulfilled', 'refunded'])
/** Orders that were paid and sold. */
const sold: ReadonlySet<string> = new Set(['paid', 'fulfilled', 'refunded'])

type Order = Snapshot['orders'][number]
export const isLiving = ({ state }: Order): boolean => living.has(state)
export const isSold = ({ state }: Order): boolean => sold.has(state)

export const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]))
