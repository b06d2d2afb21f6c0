import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import { refuseLiteral } from './inputs.ts'
import { attempts, type LimitName, limits } from './limits.ts'
import { badRequest, tooComplex } from './refusal.ts'

/** What a selection set comes to, fragments expanded. */
interface Extent {
  readonly depth: number
  readonly introspectionDepth: number
  readonly selections: number
  /** Fields of its own level, and those of them that are attempts at a secret. */
  readonly fields: number
  readonly attempts: number
}

const nothing: Extent = { depth: 0, introspectionDepth: 0, selections: 0, fields: 0, attempts: 0 }

const beside = (a: Extent, b: Extent): Extent => ({
  depth: Math.max(a.depth, b.depth),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  selections: a.selections + b.selections,
  fields: a.fields + b.fields,
  attempts: a.attempts + b.attempts,
})

/** What explorers ask about the graph itself is deeper than what anybody asks about the shop. */
const isIntrospection = (name: string): boolean => name === '__schema' || name === '__type'

const above = (name: string, inner: Extent): Extent => ({
  ...(isIntrospection(name)
    ? { depth: 1, introspectionDepth: inner.depth + 1 }
    : { depth: inner.depth + 1, introspectionDepth: inner.introspectionDepth }),
  selections: inner.selections + 1,
  fields: 1,
  attempts: attempts.has(name) ? 1 : 0,
})

/** Counts of what is written, wherever it stands. */
interface Written {
  aliases: number
  directives: number
  directivesPerPlace: number
  repeatedFields: number
  refused: GraphQLError | null
}

const countPlace = (written: Written, directives: readonly DirectiveNode[] = []): void => {
  written.directives += directives.length
  written.directivesPerPlace = Math.max(written.directivesPerPlace, directives.length)
  for (const { arguments: given = [] } of directives) countArguments(written, given)
}

const countArguments = (written: Written, given: NonNullable<FieldNode['arguments']>): void => {
  for (const { value } of given) written.refused ??= refuseLiteral(value)
}

/**
 * Walks each definition once: a fragment's extent is remembered, so that fragments which double each other cost nothing. A circle
 * counts as nothing here, and validation refuses it. The depth of the calls is bounded by the tokens of a document.
 */
const makeWalk = (fragments: ReadonlyMap<string, FragmentDefinitionNode>, written: Written) => {
  const known = new Map<string, Extent>()

  const extentOfFragment = (name: string): Extent => {
    const found = known.get(name)
    if (found) return found
    const fragment = fragments.get(name)
    if (!fragment) return nothing
    known.set(name, nothing)
    countPlace(written, fragment.directives)
    const extent = extentOf(fragment.selectionSet)
    known.set(name, extent)
    return extent
  }

  const extentOfField = ({ alias, name, selectionSet, arguments: given = [] }: FieldNode): Extent => {
    if (alias) written.aliases += 1
    countArguments(written, given)
    return above(name.value, selectionSet ? extentOf(selectionSet) : nothing)
  }

  const extentOf = ({ selections }: SelectionSetNode): Extent => {
    const names = new Set<string>()
    let sum = nothing
    for (const selection of selections) {
      countPlace(written, selection.directives)
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        if (names.has(key)) written.repeatedFields += 1
        names.add(key)
        sum = beside(sum, extentOfField(selection))
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? extentOfFragment(selection.name.value)
            : extentOf(selection.selectionSet)
        // A spread is a selection too: empty fragments that double each other are as many of them.
        sum = beside(sum, { ...inner, selections: inner.selections + 1 })
      }
    }
    return sum
  }

  return { extentOf, extentOfFragment }
}

const firstAbove = (counts: Partial<Record<LimitName, number>>): GraphQLError | null => {
  const found = Object.entries(counts).find(([limit, actual]) => actual > limits[limit as LimitName])
  return found ? tooComplex(found[0] as LimitName, found[1]) : null
}

const refuseOperation = ({ operation }: OperationDefinitionNode, extent: Extent): GraphQLError | null => {
  const { depth, introspectionDepth, selections, fields } = extent
  const isMutation = operation === OperationTypeNode.MUTATION
  return firstAbove({
    depth,
    introspectionDepth,
    selections,
    ...(isMutation && { attempts: extent.attempts, mutations: fields }),
    rootFields: fields,
  })
}

const isOperation = (node: DocumentNode['definitions'][number]): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION
const isFragment = (node: DocumentNode['definitions'][number]): node is FragmentDefinitionNode =>
  node.kind === Kind.FRAGMENT_DEFINITION

/** A directive on a subscription's field makes graphql-js throw out of validation, and the planner has no plan for it. */
const hasRootDirective = ({ operation, selectionSet }: OperationDefinitionNode): boolean =>
  operation === OperationTypeNode.SUBSCRIPTION &&
  selectionSet.selections.some(({ directives = [] }) => directives.length > 0)

/**
 * Refuses a parsed document that nobody needs and that would cost validation and planning more than it may: one walk, linear in
 * its tokens. Null when it may go on.
 */
export const refuseDocument = ({ definitions }: DocumentNode): GraphQLError | null => {
  const operations = definitions.filter(isOperation)
  const fragments = definitions.filter(isFragment)
  const tooMany = firstAbove({ operations: operations.length, fragments: fragments.length })
  if (tooMany) return tooMany
  if (operations.some(hasRootDirective))
    return badRequest('A directive on the field of a subscription is not supported.')

  const written: Written = { aliases: 0, directives: 0, directivesPerPlace: 0, repeatedFields: 0, refused: null }
  const walk = makeWalk(new Map(fragments.map((node) => [node.name.value, node])), written)
  const extents = operations.map((operation) => {
    countPlace(written, operation.directives)
    for (const { defaultValue, directives } of operation.variableDefinitions ?? []) {
      countPlace(written, directives)
      if (defaultValue) written.refused ??= refuseLiteral(defaultValue)
    }
    return { operation, extent: walk.extentOf(operation.selectionSet) }
  })
  // Also those that no operation spreads: validation reads them as well.
  for (const { name } of fragments) walk.extentOfFragment(name.value)

  const { refused, ...counts } = written
  for (const { operation, extent } of extents) {
    const found = refuseOperation(operation, extent)
    if (found) return found
  }
  return firstAbove(counts) ?? refused
}
