import type { Millis } from '#kernel/time.ts'

/**
 * Answers that may be lost at any moment and are then read again from the store (rule R12). Keys carry everything that changes
 * the answer; private data never goes in under a shared key.
 */
export interface Cache {
  /** True when other processes find what this one keeps. */
  readonly isShared: boolean
  /** The value, or `undefined` when it is absent, expired or the cache is away. */
  get<T>(key: string): Promise<T | undefined>
  set<T>(key: string, value: T, ttl: Millis): Promise<void>
  delete(key: string): Promise<void>
  stop(): Promise<void>
}
