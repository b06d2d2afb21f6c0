import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Data } from './run.ts'

const asked: readonly string[] = ['__schema', '__type']

type Named = ReadonlyMap<string, FragmentDefinitionNode>

const only = (set: SelectionSetNode, named: Named): SelectionNode[] =>
  set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return asked.includes(selection.name.value) ? [selection] : []
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? named.get(selection.name.value) : selection
    const inner = fragment ? only(fragment.selectionSet, named) : []
    if (inner.length === 0) return []
    const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: inner }
    return [{ kind: Kind.INLINE_FRAGMENT, directives: selection.directives, selectionSet }]
  })

/** What an operation asks of the schema itself (`__schema`, `__type`), as a function of its variables; null when it asks nothing. */
export const compileIntrospection = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  named: Named,
): ((variables: Readonly<Data>) => Data) | null => {
  const selections = only(operation.selectionSet, named)
  if (selections.length === 0) return null
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } }, ...named.values()],
  }
  return (variableValues) => {
    const { data, errors } = executeSync({ schema, document, variableValues })
    if (errors?.[0]) throw errors[0]
    return { ...data }
  }
}
