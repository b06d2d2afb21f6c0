import type { StatementResult } from './sessions.ts'

/** How a write command asks whether a statement of it was executed before, and tells what it did. */
export type Retry = {
  readonly recall: (statement: number) => StatementResult | undefined
  readonly remember: (statement: number, result: StatementResult) => void
}

/**
 * Executes a statement of a retryable write at most once: a repetition answers what it did the first time. Without a
 * transaction number (`retry` undefined) it is simply executed.
 */
export const once = (retry: Retry | undefined, index: number, execute: () => StatementResult): StatementResult => {
  if (retry === undefined) return execute()
  const known = retry.recall(index)
  if (known !== undefined) return known
  const result = execute()
  retry.remember(index, result)
  return result
}
