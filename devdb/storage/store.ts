/** Where committed writes go. Puts and removals of one event-loop turn become durable together. */
export type Store = {
  /** Everything stored: first each collection's description, then its documents in their natural order. */
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
  /** Undefined when nothing waits to be written, else settles when it is on disk. */
  readonly settled: () => Promise<void> | undefined
  readonly close: () => void
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
  settled: () => undefined,
  close: () => undefined,
})
