import type { GraphQLSchema } from 'graphql'
import { metrics } from '#platform/metrics/table.ts'
import type { GatewayInterface } from './apolloGateway.ts'
import type { StreamingContext } from './execution/subgraphs.ts'
import { type Graph, type GraphOptions, type GraphSchema, makeGraph } from './graph.ts'

export interface SupergraphOptions<Context> extends GraphOptions<Context> {
  readonly supergraphSdl: string
  /** Makes ready what else depends on the graph, before anybody is told of it; when this throws, the graph is not used. */
  readonly prepare?: (schema: GraphSchema) => void
}

/** A gateway for Apollo Server whose graph can be replaced while it runs. */
export interface SupergraphGateway extends GatewayInterface {
  /**
   * Takes the place of the graph. What has begun ends on the graph with which it began, and the new one is used whole or not at all.
   * @throws Error when the text cannot be used; the graph before it stays.
   */
  replace(supergraphSdl: string): Promise<void>
}

/**
 * ApolloGateway with what it lacks: our executor, which runs subscriptions too, the enforcer of the auth directives, and a graph that is
 * replaced as a whole. Every operation, over whatever transport it came, passes the one executor made here; the schema that it was
 * validated against says which graph runs it.
 * @throws Error when the text is no supergraph, or carries auth directives and there is no enforcer.
 */
export const makeSupergraphGateway = <Context extends StreamingContext>(
  options: SupergraphOptions<Context>,
): SupergraphGateway => {
  const { supergraphSdl, prepare } = options
  const first = makeGraph(supergraphSdl, options)
  /** Those before the present one are here as long as an operation runs on them. */
  const graphs = new WeakMap<GraphQLSchema, Graph<Context>>()
  const listeners = new Set<(schema: GraphSchema) => void>()
  let loadOptions: Parameters<GatewayInterface['load']>[0] | null = null
  let current = first
  const unwatch = metrics.plansKept.watch(() => [{ value: current.plansKept() }])

  const use = async (graph: Graph<Context>, given: NonNullable<typeof loadOptions>): Promise<void> => {
    const schema = await graph.load(given)
    prepare?.(schema)
    graphs.set(schema.apiSchema, graph)
    for (const listener of listeners) listener(schema)
    current = graph
  }

  return {
    load: async (given) => {
      loadOptions = given
      await use(first, given)
      return {
        executor: async (incoming) => {
          const graph = graphs.get(incoming.schema)
          if (!graph) throw new Error('An operation of a graph that was never loaded.')
          return graph.execute(incoming)
        },
      }
    },
    replace: async (text) => {
      if (!loadOptions) throw new Error('A graph is replaced after the first one was loaded.')
      await use(makeGraph(text, options), loadOptions)
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => {
      unwatch()
      return current.stop()
    },
  }
}
