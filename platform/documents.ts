import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'

/** A document that may be executed, or what is wrong with it. */
export type CheckedDocument =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] }

/** The gateway's plans and our own clients make a bounded number of documents; strangers do not get here. */
const maxDocuments = 2_000

const rules = [...specifiedRules, NoSchemaIntrospectionCustomRule]

/** Parses and validates a document of a schema once, however often it is executed. */
export const makeDocuments = (schema: GraphQLSchema) => {
  const known = new LRUCache<string, CheckedDocument>({ max: maxDocuments })

  const check = (query: string): CheckedDocument => {
    try {
      const document = parse(query, { noLocation: true })
      const errors = validate(schema, document, rules)
      return errors.length > 0 ? { errors } : { document }
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError('This is not a GraphQL document.')] }
    }
  }

  return (query: string): CheckedDocument => {
    const checked = known.get(query) ?? check(query)
    known.set(query, checked)
    return checked
  }
}
