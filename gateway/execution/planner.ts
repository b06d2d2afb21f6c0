/** The only file that knows Apollo's planner and its model of a supergraph (Elastic-2.0). */
import { operationFromDocument, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { PlanNode, SubscriptionNode } from './plan.ts'

export interface Planner {
  /** The graph as clients see it. */
  readonly schema: GraphQLSchema
  /** The graph with what is hidden from clients: subgraphs answer in its types. */
  readonly supergraph: GraphQLSchema
  /**
   * What to fetch from which subgraph for one operation of a valid document; nothing for what the schema itself answers.
   * @throws GraphQLError when the operation is too large to be planned.
   */
  plan(document: DocumentNode, operationName: string | undefined): PlanNode | SubscriptionNode | undefined
}

/** @throws GraphQLError when the text is no supergraph. */
export const makePlanner = (supergraphSdl: string): Planner => {
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: true })
  const apiSchema = supergraph.apiSchema()
  const planner = new QueryPlanner(supergraph)
  return {
    schema: apiSchema.toGraphQLJSSchema(),
    supergraph: supergraph.schema.toGraphQLJSSchema(),
    plan: (document, operationName) =>
      planner.buildQueryPlan(operationFromDocument(apiSchema, document, { operationName })).node,
  }
}
