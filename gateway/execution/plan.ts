/** What a plan consists of: the part of the planner's own types that we run. */

/** What a fetch takes from the objects it is about, to tell the subgraph which ones are meant. */
export type Requirement =
  | {
      readonly kind: 'Field'
      readonly name: string
      readonly alias?: string
      readonly selections?: readonly Requirement[]
    }
  | { readonly kind: 'InlineFragment'; readonly typeCondition?: string; readonly selections: readonly Requirement[] }

/** A path holds names and `... on Type`. */
export type Rewrite =
  | { readonly kind: 'ValueSetter'; readonly path: readonly string[]; readonly setValueTo: unknown }
  | { readonly kind: 'KeyRenamer'; readonly path: readonly string[]; readonly renameKeyTo: string }

export interface FetchNode {
  readonly kind: 'Fetch'
  readonly serviceName: string
  /** The text for the subgraph. */
  readonly operation: string
  readonly operationKind: 'query' | 'mutation' | 'subscription'
  /** The variables of the operation that the text uses. */
  readonly variableUsages?: readonly string[]
  readonly requires?: readonly Requirement[]
  readonly inputRewrites?: readonly Rewrite[]
  readonly outputRewrites?: readonly Rewrite[]
}

export type PlanNode =
  | FetchNode
  | { readonly kind: 'Sequence'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Parallel'; readonly nodes: readonly PlanNode[] }
  /** `@` in a path stands for the items of a list. */
  | { readonly kind: 'Flatten'; readonly path: readonly (string | number)[]; readonly node: PlanNode }
  | ConditionNode
  | { readonly kind: 'Defer' }

export interface ConditionNode {
  readonly kind: 'Condition'
  /** The name of a variable. */
  readonly condition: string
  readonly ifClause?: PlanNode
  readonly elseClause?: PlanNode
}

/** The stream of one subgraph, and what completes each of its events. */
export interface SubscriptionNode {
  readonly kind: 'Subscription'
  readonly primary: FetchNode
  readonly rest?: PlanNode
}
