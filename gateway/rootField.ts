import { Kind, type OperationDefinitionNode } from 'graphql'

/** The first root field of an operation of a valid document: a name of the graph, however the client calls what it asks. */
export const rootFieldOf = ({ selectionSet: { selections } }: OperationDefinitionNode): string => {
  const [first] = selections
  return first?.kind === Kind.FIELD ? first.name.value : 'fragment'
}
