import { failure } from '../errors.ts'
import { applyChanges, type Change, persistChange, revertChanges, type Unit } from './change.ts'
import type { Collection } from './collection.ts'
import { type Clock, type LogicalTime, makeClock } from './logicalClock.ts'
import { makePast } from './past.ts'
import type { StoredRecord } from './records.ts'
import type { Store } from './store.ts'

/** What a writer may be stopped by: a document, a collection, or the name of one that is about to be. */
export type Target = StoredRecord | Collection | string

/** Stands between a command and what open transactions hold; throws Conflict. */
export type Guard = {
  readonly touch: (target: Target) => void
  /** Called with all changes of a unit before it is committed. */
  readonly check: (changes: readonly Change[]) => void
}

/** A change met something an open transaction holds, or that was committed behind a transaction's back. */
export class Conflict extends Error {
  /** Settles when the holder ends; undefined when waiting is of no use. */
  readonly released: Promise<void> | undefined

  constructor(released: Promise<void> | undefined) {
    super('WriteConflict')
    this.released = released
  }
}

type Batch = { readonly promise: Promise<void>; readonly units: Unit[] }

/** The transaction a unit was: its session and number. */
export type Origin = { readonly session: string; readonly number: bigint }

export type CommitListener = (changes: readonly Change[], time: LogicalTime, origin?: Origin) => void

/**
 * Every change happens in a unit of work: wholly, or not at all. The store hears of a unit when it is committed; until
 * the store has it on disk the unit can still be reverted. Outside of a unit a change is a unit of its own.
 */
export const makeHistory = (store: Store, clock: Clock = makeClock()) => {
  const past = makePast(clock.now())
  const listeners: CommitListener[] = []
  const revertListeners: ((from: LogicalTime) => void)[] = []
  const settleListeners: ((until: LogicalTime) => void)[] = []
  const batches = new Set<Batch>()
  const pins = new Map<object, LogicalTime>()
  let latest: Batch | undefined
  let open: Change[] | undefined
  let spare: Change[] = []
  let guard: Guard | undefined
  let notes: ((time: LogicalTime) => void)[] = []

  const oldestPin = (): LogicalTime => (pins.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...pins.values()))

  const settled = (until: LogicalTime): void => {
    for (const listener of settleListeners) listener(until)
  }

  const begin = (promise: Promise<void>): Batch => {
    const batch: Batch = { promise, units: [] }
    batches.add(batch)
    const done = (): void => {
      batches.delete(batch)
      settled(batch.units.at(-1)?.time ?? 0)
    }
    promise.then(done, () => undefined)
    return batch
  }

  const awaitDisk = (unit: Unit): void => {
    const promise = store.settled()
    if (promise === undefined) {
      settled(unit.time)
      return
    }
    if (latest?.promise !== promise) latest = begin(promise)
    latest.units.push(unit)
  }

  /** Makes changes that memory holds already a unit: told to the store, to the past and to the listeners. */
  const commit = (changes: readonly Change[], origin?: Origin): LogicalTime => {
    const unit = { time: clock.tick(), changes }
    for (const change of changes) persistChange(change, store)
    for (const note of notes) note(unit.time)
    past.add(unit, oldestPin())
    for (const listener of listeners) listener(changes, unit.time, origin)
    awaitDisk(unit)
    return unit.time
  }

  const record = (change: Change): void => {
    if (open === undefined) commit([change])
    else open.push(change)
  }

  /** Runs work as one unit: committed when it returns, taken back when it throws. */
  const run = <T>(work: () => T): T => {
    if (open !== undefined) return work()
    const changes = spare
    open = changes
    try {
      const result = work()
      if (changes.length > 0) {
        guard?.check(changes)
        spare = []
        commit(changes)
      }
      return result
    } catch (error) {
      revertChanges(changes)
      spare = []
      throw error
    } finally {
      open = undefined
      if (notes.length > 0) notes = []
    }
  }

  /** Within a unit: takes back what this part of it changed when it throws. */
  const attempt = <T>(work: () => T): T => {
    if (open === undefined) return run(work)
    const changes = open
    const mark = changes.length
    try {
      return work()
    } catch (error) {
      revertChanges(changes, mark)
      changes.length = mark
      throw error
    }
  }

  const since = (time: LogicalTime): Unit[] => {
    const units = past.since(time)
    if (units === undefined)
      throw failure('SnapshotTooOld', 'Read timestamp is older than the oldest available timestamp.')
    return units
  }

  /**
   * Runs work on the state of a past moment with changes of its own (a transaction's log) on top; what it changes is
   * appended to `own`. Afterwards memory is as it was. Throws SnapshotTooOld (239).
   */
  const asOf = <T>(time: LogicalTime, own: Change[], work: () => T): T => {
    const later = since(time)
    for (let index = later.length - 1; index >= 0; index--) revertChanges(later[index]?.changes ?? [])
    applyChanges(own)
    open = own
    try {
      return work()
    } finally {
      open = undefined
      revertChanges(own)
      for (const unit of later) applyChanges(unit.changes)
    }
  }

  /** Takes back every unit the disk has not got, the newest first; answers how many. Their replies must fail. */
  const revertUnsettled = (): number => {
    const lost = [...batches].flatMap(({ units }) => units)
    for (let index = lost.length - 1; index >= 0; index--) revertChanges(lost[index]?.changes ?? [])
    batches.clear()
    latest = undefined
    const [oldest] = lost
    if (oldest === undefined) return 0
    past.removeSince(oldest.time)
    for (const listener of revertListeners) listener(oldest.time)
    return lost.length
  }

  return {
    clock,
    run,
    attempt,
    record,
    commit,
    asOf,
    since,
    revertUnsettled,
    /** Throws Conflict when the target is held by somebody else. */
    touch: (target: Target): void => {
      if (guard !== undefined) guard.touch(target)
    },
    /** Who stands between commands and open transactions from now on. */
    setGuard: (next: Guard | undefined): void => {
      guard = next
    },
    /** Does something with the unit under way when it is committed, if it is: into the same commit of the store. */
    atCommit: (note: (time: LogicalTime) => void): void => {
      notes.push(note)
    },
    /** What the unit under way has changed so far. */
    changes: (): readonly Change[] => open ?? [],
    /** While pinned, what was committed since is kept as long as memory allows. */
    pin: (owner: object, time: LogicalTime): void => {
      pins.set(owner, time)
    },
    unpin: (owner: object): void => {
      pins.delete(owner)
    },
    onCommit: (listener: CommitListener): void => {
      listeners.push(listener)
    },
    /** Told when every unit up to this time is on disk and will stay. */
    onSettled: (listener: (until: LogicalTime) => void): void => {
      settleListeners.push(listener)
    },
    /** Told when units from this time on were taken back because the disk refused them. */
    onRevert: (listener: (from: LogicalTime) => void): void => {
      revertListeners.push(listener)
    },
  }
}

export type History = ReturnType<typeof makeHistory>
