import { show } from '../../bson/show.ts'
import type { Doc, Out } from '../../bson/values.ts'
import { failure, MongoError } from '../../errors.ts'
import type { Reply, Request } from '../command.ts'
import { once } from '../sessions/once.ts'
import type { StatementResult } from '../sessions/sessions.ts'

const writeError = ({ index, error }: Ran['errors'][number]): Reply => ({
  index,
  code: error.code,
  ...(error.details as { [field: string]: Out }),
  errmsg: error.message,
})

export type Statements<T> = {
  readonly statements: readonly T[]
  readonly ordered: boolean
  readonly run: (statement: T, index: number) => StatementResult
}

export type Ran = {
  readonly results: readonly (StatementResult & { readonly index: number })[]
  readonly errors: readonly { readonly index: number; readonly error: MongoError }[]
}

const checkNumbers = ({ stmtIds }: Doc, count: number): void => {
  if (!Array.isArray(stmtIds) || stmtIds.length === count) return
  throw failure(
    'InvalidLength',
    `Number of statement ids must match the number of batch entries. Got ${stmtIds.length} statement ids but ${count} operations. Statement ids: ${show(stmtIds)}`,
  )
}

/**
 * Runs the statements of a write command one by one, each wholly or not at all; ordered stops at the first error,
 * unordered goes on, but for in a transaction, which the first error ends.
 */
export const runStatements = <T>(
  { server, retry, body }: Request,
  { statements, ordered, run }: Statements<T>,
): Ran => {
  checkNumbers(body, statements.length)
  const results: Ran['results'][number][] = []
  const errors: Ran['errors'][number][] = []
  for (const [index, statement] of statements.entries()) {
    try {
      const done = once(retry, index, () => server.catalog.history.attempt(() => run(statement, index)))
      results.push({ ...done, index })
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      errors.push({ index, error })
      if (ordered || body.autocommit !== undefined) break
    }
  }
  return { results, errors }
}

export const sumOf = ({ results }: Ran, field: 'n' | 'nModified'): number =>
  results.reduce((sum, result) => sum + (result[field] ?? 0), 0)

export const withErrors = (reply: Reply, { errors }: Ran): Reply =>
  errors.length === 0 ? reply : { ...reply, writeErrors: errors.map(writeError) }

const maxBatch = 100_000

export const checkBatch = (count: number): void => {
  if (count < 1 || count > maxBatch) {
    throw failure('InvalidLength', `Write batch sizes must be between 1 and ${maxBatch}. Got ${count} operations.`)
  }
}

/** A write of many documents cannot be repeated safely, so it may not be numbered (outside of a transaction). */
export const checkRepeatable = ({ body }: Request, multi: boolean): void => {
  if (multi && body.txnNumber !== undefined && body.autocommit === undefined)
    throw failure('InvalidOptions', 'Cannot use retryable writes with multi=true')
}
