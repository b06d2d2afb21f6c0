import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { errorCodes } from '#kernel/errors.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { withoutInput } from './inputErrors.ts'

/** Codes that a client may see besides the shop's own. */
const protocolCodes = [
  'BAD_REQUEST',
  'DOCUMENT_NOT_TRUSTED',
  'DOCUMENT_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
  'OPERATION_RESOLUTION_FAILURE',
  'OVERLOADED',
  'PERSISTED_QUERY_NOT_FOUND',
  'UNAUTHORIZED_FIELD_OR_TYPE',
]

/** What else of an error's extensions a client sees: the field at fault, whether and when to come back, the limit and by how much. */
const shownExtensions: ReadonlySet<string> = new Set([
  'code',
  'field',
  'retryable',
  'retryAfter',
  'limit',
  'max',
  'actual',
])

const shown: ReadonlySet<unknown> = new Set([...errorCodes, ...protocolCodes])

/**
 * What of an error a client sees: message, place, code, and whether a retry may help. Names of subgraphs, addresses and stacks
 * never leave (rule R17); an error without a known code becomes one masked sentence, and the log gets the rest.
 */
export const makeErrorFormatter =
  (log: Log) =>
  ({ message, path, locations, extensions }: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const place = { ...(path && { path }), ...(locations && { locations }) }
    if (!shown.has(extensions?.code) || extensions?.code === 'INTERNAL_SERVER_ERROR') {
      log.error('an operation failed', { path: path?.join('.') ?? '', ...faultFields(unwrapResolverError(thrown)) })
      return { message: 'Something went wrong on our side.', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } }
    }
    const told = Object.entries(extensions ?? {}).filter(
      ([name, value]) => shownExtensions.has(name) && value !== undefined,
    )
    return { message: withoutInput(message), ...place, extensions: Object.fromEntries(told) }
  }

export type ErrorFormatter = ReturnType<typeof makeErrorFormatter>

/** A formatted error as an object that transports can serialise. */
export const asGraphQLError = ({ message, path, locations, extensions }: GraphQLFormattedError): GraphQLError => {
  const error = new GraphQLError(message, { path, extensions })
  // The constructor takes places from a parsed document only, which is not kept for so long.
  return locations ? Object.defineProperty(error, 'locations', { value: locations, enumerable: true }) : error
}
