import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { compileIntrospection } from './introspection.ts'
import { copy } from './merge.ts'
import type { FetchNode } from './plan.ts'
import type { Planner } from './planner.ts'
import { applyRewrites } from './rewrites.ts'
import { type Data, isObject, type Run, type Send, type Step } from './run.ts'
import { fieldsOf } from './selections.ts'
import { makeShapes, type Shaping } from './shape.ts'
import { compileSteps, rootTypeOf, type StepContext } from './steps.ts'

/** One operation of a document, planned and ready to run, for any viewer and any variables. */
export interface PreparedOperation {
  /** Runs a query or a mutation. */
  execute(variables: Readonly<Data>, send: Send): Promise<ExecutionResult>
  /** What a subscription opens at a subgraph; null for other operations. */
  readonly source: FetchNode | null
  /** All that it fetches is the same for everybody. */
  readonly isPublic: boolean
  /** Completes one event of the source with what other subgraphs know. The event is not changed. */
  executeEvent(event: ExecutionResult, variables: Readonly<Data>, send: Send): Promise<ExecutionResult>
}

export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  )

/** An object with a key of this name is not an object of this name: nothing good can be asked for under it. */
const refusePrototype = (document: DocumentNode): void => {
  visit(document, {
    Field: ({ alias }) => {
      if (alias?.value === '__proto__') throw badRequest('A field cannot be called __proto__.')
    },
  })
}

const isMeta = (name: string): boolean => name.startsWith('__')

/** An error that came with the data of an event keeps its place. */
const placed = ({ message, path, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { path, extensions })

export interface OperationToPrepare {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly isPublic: (fetch: FetchNode) => boolean
}

/**
 * Plans an operation of a valid document and makes the functions that run it.
 * @throws GraphQLError when it cannot be planned.
 */
export const prepareOperation = (
  { schema, supergraph, plan }: Planner,
  { document, operation, isPublic }: OperationToPrepare,
): PreparedOperation => {
  refusePrototype(document)
  const node = plan(document, operation.name?.value)
  const source = node?.kind === 'Subscription' ? node.primary : null
  let allPublic = source === null || isPublic(source)
  const context: StepContext = {
    schema: supergraph,
    isPublic: (fetch) => {
      const found = isPublic(fetch)
      allPublic &&= found
      return found
    },
  }
  const tree = node?.kind === 'Subscription' ? node.rest : node
  const step: Step | null = tree ? compileSteps(tree, context) : null
  const named = fragmentsOf(document)
  const fragments = { schema, supergraph, named }
  const root = rootTypeOf(schema, operation)
  const selected = [{ set: operation.selectionSet, when: [] }]
  // An interface of which no type can be reached: there is no plan then, and null without a word would look like an answer.
  const unanswered = node
    ? undefined
    : fieldsOf(fragments, selected, root).find(({ node: { name } }) => !isMeta(name.value))
  if (unanswered)
    throw badRequest(`No subgraph can answer what is asked of ${root.name}.${unanswered.node.name.value}.`)
  const introspect = compileIntrospection(schema, operation, named)
  const complete = makeShapes(fragments).objectOf(root, selected)

  const answer = ({ data, variables, errors }: Run): ExecutionResult => {
    const shaping: Shaping = { variables, introspected: introspect?.(variables) ?? {}, errors: [], path: [] }
    const shaped = (complete(data, shaping) ?? null) as Data | null
    // Where a subgraph has said what is wrong, the nulls that follow from it say nothing new.
    const all = errors.length > 0 ? errors : shaping.errors
    return all.length > 0 ? { errors: all, data: shaped } : { data: shaped }
  }

  const run = async (started: Run): Promise<ExecutionResult> => {
    if (step) await step(started)
    return answer(started)
  }

  return {
    source,
    isPublic: allPublic,
    execute: (variables, send) => run({ data: {}, variables, errors: [], send }),
    executeEvent: async (event, variables, send) => {
      if (!isObject(event.data)) return event
      // Events may be shared by subscribers, and what is fetched is written into the data.
      const data = step || source?.outputRewrites ? copy(event.data) : event.data
      applyRewrites(supergraph, source?.outputRewrites, data)
      return run({ data, variables, errors: (event.errors ?? []).map(placed), send })
    },
  }
}
