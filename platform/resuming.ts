import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'

/** The root field of a subscription, when it is selected directly. */
const rootField = (operation: OperationDefinitionNode): FieldNode | undefined =>
  operation.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD)

/** Whether a subscription is a feed that can be gone on with: its field takes `after`. */
export const isResumable = (schema: GraphQLSchema, operation: OperationDefinitionNode | null | undefined): boolean => {
  const field = operation && rootField(operation)
  const definition = field && schema.getSubscriptionType()?.getFields()[field.name.value]
  return definition?.args.some(({ name }) => name === 'after') ?? false
}

/** The same subscription from another place: the `after` of its field is this number, whatever the client wrote. */
export const resumedAfter = (document: DocumentNode, after: number): DocumentNode => {
  const argument = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'after' },
    value: { kind: Kind.INT, value: String(after) },
  } as const
  return visit(document, {
    [Kind.OPERATION_DEFINITION]: (operation) => {
      const root = rootField(operation)
      const selections = operation.selectionSet.selections.map((selection) =>
        selection === root && root
          ? { ...root, arguments: [...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'), argument] }
          : selection,
      )
      return { ...operation, selectionSet: { ...operation.selectionSet, selections } }
    },
  })
}
