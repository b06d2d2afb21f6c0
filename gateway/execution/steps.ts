import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { compileFetch } from './fetch.ts'
import type { ConditionNode, FetchNode, PlanNode } from './plan.ts'
import type { Run, Step } from './run.ts'

export interface StepContext {
  readonly schema: GraphQLSchema
  readonly isPublic: (fetch: FetchNode) => boolean
}

/** A plan with something that is not run here. */
export class PlanNotCovered extends Error {
  override readonly name = 'PlanNotCovered'

  constructor({ kind }: { readonly kind: string }) {
    super(`Plans with ${kind} are not covered.`)
  }
}

const nothing: Step = async () => undefined

const inSequence = (steps: readonly Step[]): Step => {
  const [first = nothing] = steps
  if (steps.length < 2) return first
  return async (run) => {
    for (const step of steps) await step(run)
  }
}

const inParallel = (steps: readonly Step[]): Step => {
  const [first = nothing] = steps
  if (steps.length < 2) return first
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)))
  }
}

const isList = (part: string | number): boolean => part === '@'

/** A plan as a function, made once for each plan. */
export const compileSteps = (node: PlanNode, context: StepContext, path: readonly string[] = []): Step => {
  const below = (child: PlanNode, place = path): Step => compileSteps(child, context, place)
  switch (node.kind) {
    case 'Sequence':
      return inSequence(node.nodes.map((child) => below(child)))
    case 'Parallel':
      return inParallel(node.nodes.map((child) => below(child)))
    case 'Flatten':
      return below(node.node, [...path, ...node.path.filter((part) => !isList(part)).map(String)])
    case 'Fetch':
      return compileFetch({ node, path, schema: context.schema, isPublic: context.isPublic(node) })
    case 'Condition':
      return whether(node, below)
    default:
      throw new PlanNotCovered(node)
  }
}

/** `@include` and `@skip` that the planner has found to decide over whole fetches. Variables have their defaults by now. */
const whether = ({ condition, ifClause, elseClause }: ConditionNode, below: (node: PlanNode) => Step): Step => {
  const yes = ifClause ? below(ifClause) : nothing
  const no = elseClause ? below(elseClause) : nothing
  return (run: Run) => (run.variables[condition] === true ? yes(run) : no(run))
}

export const rootTypeOf = (schema: GraphQLSchema, { operation }: OperationDefinitionNode) => {
  const type = schema.getRootType(operation)
  if (!type) throw new Error(`The graph has no ${operation}.`)
  return type
}
