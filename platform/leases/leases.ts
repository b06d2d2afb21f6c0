import { type Millis, seconds } from '#kernel/time.ts'
import { faultFields, type Log } from '../log.ts'

/** Who has a lease. A holder shows that it lives by raising `beat`; `fence` rises each time the lease changes hands (rule R8). */
export interface LeaseRow {
  readonly _id: string
  /** Null: it was handed back. */
  readonly holder: string | null
  readonly fence: number
  readonly beat: number
}

export interface LeaseStore {
  all(): Promise<LeaseRow[]>
  /** Raises the beat of all that this holder has. */
  beat(holder: string): Promise<void>
  /** False when it is not as it was seen (null: nobody ever had it) any more. */
  take(name: string, seen: LeaseRow | null, holder: string): Promise<boolean>
  /** Hands back all that this holder has. */
  giveBack(holder: string): Promise<void>
}

/** A lease as its holder sees it. */
export interface Lease {
  /** Higher than that of every holder before. */
  readonly fence: number
  /** False as soon as somebody else may have it: whoever begins something asks first. */
  isHeld(): boolean
}

export interface LeasesOptions {
  readonly store: LeaseStore
  readonly holder: string
  /** Whether another holder is certainly no more, so that nobody need wait for its leases. */
  readonly isGone: (holder: string) => boolean
  readonly log: Log
  /** How long a holder may be silent. */
  readonly ttlMs?: Millis
  readonly everyMs?: Millis
  /** Milliseconds that no change of the clock moves; injected by tests. */
  readonly monotonic?: () => Millis
}

interface Held {
  readonly fence: number
  readonly until: Millis
}

interface Seen {
  readonly row: LeaseRow
  readonly since: Millis
}

/**
 * Leases by name, of which each has one holder at a time over any number of processes. No clock of one process is ever compared with
 * that of another (F14): a holder counts from before it raised its beat, and a rival from when it saw the beat last, so the holder always
 * gives up first. Takeover: the time to live and a round, which is 6 s; at once after a hand-back.
 */
export const makeLeases = (options: LeasesOptions) => {
  const { store, holder, isGone, log } = options
  const { ttlMs = seconds(5), everyMs = seconds(1), monotonic = () => performance.now() } = options
  const wanted = new Map<string, () => void>()
  const held = new Map<string, Held>()
  const seen = new Map<string, Seen>()
  let isFailing = false
  let stopping = false
  let running: Promise<void> | null = null

  const isHeld = (name: string, fence: number): boolean => {
    const own = held.get(name)
    return own?.fence === fence && monotonic() < own.until
  }

  const isFree = (row: LeaseRow): boolean => {
    if (row.holder === null || isGone(row.holder)) return true
    const before = seen.get(row._id)
    if (before?.row.fence !== row.fence || before.row.beat !== row.beat) {
      seen.set(row._id, { row, since: monotonic() })
      return false
    }
    return monotonic() - before.since > ttlMs
  }

  const hold = (name: string, fence: number, since: Millis): void => {
    const isNew = held.get(name)?.fence !== fence
    held.set(name, { fence, until: since + ttlMs })
    seen.delete(name)
    if (isNew) wanted.get(name)?.()
  }

  const compete = async (name: string, row: LeaseRow | null): Promise<void> => {
    held.delete(name)
    if (stopping || (row && !isFree(row))) return
    const began = monotonic()
    if (await store.take(name, row, holder)) hold(name, (row?.fence ?? 0) + 1, began)
  }

  const round = async (): Promise<void> => {
    const began = monotonic()
    await store.beat(holder)
    const rows = new Map((await store.all()).map((row) => [row._id, row]))
    for (const name of wanted.keys()) {
      const row = rows.get(name) ?? null
      // Also one that was taken here without hearing of it: the answer was lost.
      if (row?.holder === holder) hold(name, row.fence, began)
      else await compete(name, row)
    }
  }

  const tell = (error: unknown): void => {
    if (!isFailing && !stopping) log.warn('leases cannot be renewed', faultFields(error))
    isFailing = true
  }

  const go = (): Promise<void> => {
    running ??= round()
      .then(() => {
        isFailing = false
      }, tell)
      .finally(() => {
        running = null
      })
    return running
  }
  const timer = setInterval(() => void go(), everyMs)

  return {
    /** Competes for a lease from now on; `gained` is called each time it is won. */
    want: (name: string, gained: () => void = () => undefined): void => {
      wanted.set(name, gained)
    },
    /** The lease, while it is held here. */
    get: (name: string): Lease | null => {
      const own = held.get(name)
      if (!own || !isHeld(name, own.fence)) return null
      return { fence: own.fence, isHeld: () => isHeld(name, own.fence) }
    },
    /** One round now: whatever is free and wanted is held afterwards. */
    go,
    /** Hands everything back, so that nobody waits for the time to live. */
    stop: async (): Promise<void> => {
      stopping = true
      clearInterval(timer)
      await running
      held.clear()
      await store.giveBack(holder)
    },
  }
}

export type Leases = ReturnType<typeof makeLeases>
