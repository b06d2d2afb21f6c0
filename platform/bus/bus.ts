/**
 * Fan-out to whoever listens now: wake-ups, not facts. A lost message costs freshness, never truth, because every listener reads
 * the store (rules R12, R15). Facts travel through the outbox.
 */
export interface Bus {
  /** Tells every present subscriber of the topic. Never throws and never waits for subscribers. */
  publish(topic: string): void
  /** Calls `listener` at every publish of the topic until the returned function is called. */
  subscribe(topic: string, listener: () => void): () => void
  stop(): Promise<void>
}
