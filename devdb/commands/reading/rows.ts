import type { Doc } from '../../bson/values.ts'

/** Where a cursor takes its rows from. */
export type RowSource = {
  /** The bytes of the next row; undefined when there is none, or none yet. */
  readonly take: () => Buffer | undefined
  /** Takes back the last row, to give it again: it did not fit. */
  readonly back: (row: Buffer) => void
  /** There will never be another row. */
  readonly exhausted: () => boolean
  /** Calls back when there may be new rows; answers how to stop that. */
  readonly onNews: (listener: () => void) => () => void
  /** Memory that lives only because of this cursor. */
  readonly heldBytes: () => number
  readonly close: () => void
  /** Where a change stream would go on after what was taken. */
  readonly resumeToken?: () => Doc
  /** A change stream goes on after its collection was dropped: the drop is an event of it. */
  readonly survivesDrop?: boolean
}

// A reference in an array; stored documents are held by the store already, so only replaced ones would be kept alive.
const referenceBytes = 8

type Fixed = {
  readonly input: Iterator<Buffer>
  readonly project: ((row: Buffer) => Buffer) | undefined
  readonly stored: boolean
}

/** Rows decided at the start: `drain` takes all the input has left, as it is; a row is projected when it is taken. */
export const fixedRows = ({ input, project, stored }: Fixed): RowSource & { readonly drain: () => void } => {
  let rows: Buffer[] = []
  let at = 0
  let held = 0
  let ended = false
  let returned: Buffer | undefined

  const pull = (): Buffer | undefined => {
    if (ended) return undefined
    const { value, done } = input.next()
    if (done === true) ended = true
    return done === true ? undefined : value
  }

  const take = (): Buffer | undefined => {
    if (returned !== undefined) {
      const row = returned
      returned = undefined
      return row
    }
    const row = at < rows.length ? rows[at++] : pull()
    return row === undefined || project === undefined ? row : project(row)
  }

  return {
    take,
    back: (row) => {
      returned = row
    },
    drain: () => {
      for (let row = pull(); row !== undefined; row = pull()) {
        rows.push(row)
        held += stored ? referenceBytes : row.length + referenceBytes
      }
    },
    exhausted: () => ended && at >= rows.length && returned === undefined,
    onNews: () => () => undefined,
    heldBytes: () => held,
    close: () => {
      rows = []
      at = 0
      held = 0
      ended = true
      returned = undefined
    },
  }
}
