import { type DocumentNode, GraphQLError, Kind, OperationTypeNode, parse } from 'graphql'

/** Parameters table: tokens of a document. */
export const maxTokens = 1_500

const suspicious = /\bsubscription\b[\s\S]*@/

const hasRootDirective = (document: DocumentNode): boolean =>
  document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.SUBSCRIPTION &&
      definition.selectionSet.selections.some(({ directives }) => (directives ?? []).length > 0),
  )

/**
 * Refuses what the libraries behind cannot bear: a directive on the root field of a subscription makes graphql-js throw out of
 * validation (an internal error for anybody who asks), and the planner has no plan for it. Null when the document may go on.
 */
export const refuseDocument = (document: DocumentNode): GraphQLError | null =>
  hasRootDirective(document)
    ? new GraphQLError('A directive on the field of a subscription is not supported.', {
        extensions: { code: 'BAD_REQUEST' },
      })
    : null

/** The same for a text that nobody has parsed yet: it is parsed only when it looks as if it had to be. */
export const refuseEarly = (text: unknown): GraphQLError | null => {
  if (typeof text !== 'string' || !suspicious.test(text)) return null
  try {
    return refuseDocument(parse(text, { maxTokens, noLocation: true }))
  } catch {
    return null // The regular parser will say what is wrong with it.
  }
}
