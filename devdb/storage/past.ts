import { type Change, isDocumentChange, type Unit } from './change.ts'
import type { LogicalTime } from './logicalClock.ts'

// What snapshots may look back to: bounded, for every kept change holds the bytes that were replaced.
const keptChanges = 10_000
const keptBytes = 4 * 1024 * 1024
const pinnedChanges = 200_000
const pinnedBytes = 64 * 1024 * 1024

const sizeOf = (changes: readonly Change[]): number => {
  let size = 0
  for (const change of changes) if (isDocumentChange(change)) size += change.before?.length ?? 0
  return size
}

/** The committed units of the near past, oldest first; bounded more widely while a snapshot is in use. */
export const makePast = (start: LogicalTime) => {
  let units: Unit[] = []
  let first = 0
  let changes = 0
  let bytes = 0
  let floor = start

  const forgetOldest = (): void => {
    const oldest = units[first++]
    if (oldest === undefined) return
    floor = oldest.time
    changes -= oldest.changes.length
    bytes -= sizeOf(oldest.changes)
    if (first < 4096 || first * 2 < units.length) return
    units = units.slice(first)
    first = 0
  }

  return {
    add: (unit: Unit, pin: LogicalTime): void => {
      units.push(unit)
      changes += unit.changes.length
      bytes += sizeOf(unit.changes)
      while (first < units.length) {
        const pinned = (units[first]?.time ?? 0) > pin
        if (pinned ? changes <= pinnedChanges && bytes <= pinnedBytes : changes <= keptChanges && bytes <= keptBytes)
          break
        forgetOldest()
      }
    },
    /** Undefined when that time is further back than what is kept. */
    since: (time: LogicalTime): Unit[] | undefined => {
      if (time < floor) return undefined
      let at = units.length
      while (at > first && (units[at - 1]?.time ?? 0) > time) at--
      return units.slice(at)
    },
    removeSince: (time: LogicalTime): void => {
      while (units.length > first && (units[units.length - 1]?.time ?? 0) >= time) {
        const unit = units.pop()
        changes -= unit?.changes.length ?? 0
        bytes -= sizeOf(unit?.changes ?? [])
      }
    },
  }
}
