import { hours, seconds } from '#kernel/time.ts'

/** Bounds of sockets (parameters table: WS). Times in milliseconds, sizes in bytes. */
export const socketLimits = {
  initWithin: seconds(3),
  messageBytes: 64 * 1024,
  messagesPerMinute: 100,
  operationsPerSocket: 20,
  /** Ids come back with every message; stock clients make UUIDs. */
  operationIdLength: 128,
  socketsPerUser: 10,
  socketsPerProcess: 12_000,
  pingEvery: seconds(12),
  /** Pings in a row without an answer after which the other side is taken for dead. */
  missedPings: 2,
  /** What may wait for a client that reads slowly, and for how long. */
  backlogBytes: 1_000_000,
  backlogFor: seconds(30),
  life: hours(2),
  /** All sockets are closed within this time when the process stops, so that they do not all come back at once. */
  closeAllWithin: seconds(5),
  /** No slower than this, so that a process with few sockets stops at once. */
  closedPerSecond: 2_000,
  /** How long a client has to answer the closing of its socket. */
  goodbye: seconds(2),
} as const
