import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Asker, Budgets } from './budget.ts'
import { actualCost, countFields, estimate } from './cost.ts'
import type { CostRules } from './costRules.ts'
import { type CostTree, makeCostTree, type Variables } from './costTree.ts'
import { limits } from './limits.ts'
import { rateLimited, tooComplex } from './refusal.ts'

/** What a client is told about the cost of its operation, in `extensions.cost`. */
export interface Receipt {
  /** The most that it could have cost: so much had to be there. */
  readonly requested: number
  /** What it has cost, by its answer. */
  readonly actual: number
  /** What is left in the budget, the difference put back. */
  readonly remaining: number
}

export interface Purchase {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Variables
}

/** An operation that may run; `settle` is told the data it came to, or `stream` when it goes on. */
export interface Paid {
  readonly settle: (data: unknown) => Promise<Receipt>
}

export interface Unpaid {
  readonly refused: GraphQLError
  readonly receipt: Receipt
}

/** Stands for the data of a subscription: what it asked for at most is what it costs, once. */
export const stream = Symbol('stream')

/** Nothing is free: also what answers with nothing was received, looked up and answered. */
const atLeastOne = (cost: number): number => Math.max(1, cost)

/** Takes what an operation may cost before it runs, and gives back afterwards what it did not. */
export const makeTill = (schema: GraphQLSchema, rules: CostRules, budgets: Budgets) => {
  /** Of operations that were paid for. A short document can have a large tree, so their fields are what is bounded. */
  const trees = new LRUCache<OperationDefinitionNode, CostTree>({
    max: limits.knownDocuments,
    maxSize: limits.knownFields,
    sizeCalculation: (tree) => 1 + countFields(tree),
  })

  return {
    pay: async (asker: Asker, { document, operation, variables }: Purchase): Promise<Paid | Unpaid> => {
      const known = trees.get(operation)
      const tree = known ?? makeCostTree({ schema, rules, document, operation })
      const { cost, nodes } = estimate(tree, variables)
      // Whoever sends a document first pays for its planning, whatever it answers: else new texts without an answer would be free.
      const planning = known ? 0 : Math.ceil(countFields(tree) / limits.fieldsPlannedPerPoint)
      const requested = atLeastOne(cost) + planning
      const unpaid = (refused: GraphQLError, remaining: number): Unpaid => ({
        refused,
        receipt: { requested, actual: 0, remaining },
      })
      if (nodes > limits.nodes) return unpaid(tooComplex('nodes', nodes), await budgets.refund(asker, 0))
      if (cost > limits.cost) return unpaid(tooComplex('cost', cost), await budgets.refund(asker, 0))
      const { allowed, retryAfter, remaining } = await budgets.take(asker, requested)
      if (!allowed) return unpaid(rateLimited(retryAfter), remaining)
      trees.set(operation, tree)
      return {
        settle: async (data) => {
          const actual = data === stream ? requested : planning + atLeastOne(actualCost(tree, data))
          // Lists without a size may turn out longer than thought; that is nobody's fault and stays with us.
          return { requested, actual, remaining: await budgets.refund(asker, Math.max(0, requested - actual)) }
        },
      }
    },
  }
}

export type Till = ReturnType<typeof makeTill>
