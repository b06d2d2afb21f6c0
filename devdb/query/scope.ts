import type { Collation } from '../bson/collation.ts'
import type { Value } from '../bson/values.ts'

/**
 * What a command fixes before it reads its filters, expressions and updates: how strings compare, the values of `let`,
 * and the moment that `$$NOW` and `$currentDate` mean. Names in `variables` are known when an expression is parsed;
 * their values are read when it is evaluated, so `$lookup` may set them anew for each document.
 */
export type Scope = {
  readonly collation: Collation | undefined
  readonly variables: Map<string, Value | undefined>
  readonly now: Date
}

/** No collation, no variables. */
export const plainScope = (now: Date = new Date()): Scope => ({ collation: undefined, variables: new Map(), now })
