/** The disk did not take a batch of writes: nothing of it is there. */
export class DiskError extends Error {}

/**
 * Where committed units of work go. All that is written in one event-loop turn, and all that comes while the disk is
 * busy, becomes durable together or not at all.
 */
export type Store = {
  /** Everything stored, given away once: each collection's description, and its documents in their natural order. */
  readonly collections: () => { id: number; description: Buffer }[]
  readonly documents: (collection: number) => Iterable<{ id: number; bytes: Buffer }>
  readonly putCollection: (id: number, description: Buffer) => void
  readonly dropCollection: (id: number) => void
  readonly put: (collection: number, id: number, bytes: Buffer) => void
  readonly remove: (collection: number, id: number) => void
  /** Replies of retryable writes: they must survive a crash together with the writes they tell of. */
  readonly replies: () => { session: string; number: bigint; bytes: Buffer }[]
  readonly putReply: (session: string, number: bigint, bytes: Buffer) => void
  readonly removeReply: (session: string) => void
  /** What change streams can still tell, by increasing numbers. */
  readonly oplog: () => { number: number; bytes: Buffer }[]
  readonly putOplog: (number: number, bytes: Buffer) => void
  /** Forgets the entries below the number. */
  readonly trimOplog: (number: number) => void
  /**
   * Undefined when nothing waits to be written, else settles when all that was written so far is on disk; throws
   * DiskError when the disk refuses it.
   */
  readonly settled: () => Promise<void> | undefined
  /** A copy of all that is on disk, made while the server goes on. */
  readonly copyTo: (file: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Keeps nothing: for tests and throw-away databases. */
export const makeEphemeralStore = (): Store => ({
  collections: () => [],
  documents: () => [],
  putCollection: () => undefined,
  dropCollection: () => undefined,
  put: () => undefined,
  remove: () => undefined,
  replies: () => [],
  putReply: () => undefined,
  removeReply: () => undefined,
  oplog: () => [],
  putOplog: () => undefined,
  trimOplog: () => undefined,
  settled: () => undefined,
  copyTo: async () => {
    throw new DiskError('an ephemeral database has no file')
  },
  close: async () => undefined,
})
