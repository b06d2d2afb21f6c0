import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql'
import { isShopError } from '#kernel/errors.ts'
import { faultFields, type Log } from './log.ts'
import { asUnavailable } from './mongo.ts'

export type ErrorFormatter = (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError

/** An answer that does not fit the schema is a GraphQLError too, and its text shows the value: it has a path but no code. */
const isMisfit = ({ path, extensions }: GraphQLFormattedError): boolean =>
  path !== undefined && (extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR')

/** Refusals keep their code; faults become one masked sentence, and the log gets the rest. */
export const makeErrorFormatter =
  (log: Log): ErrorFormatter =>
  (formatted, thrown) => {
    const cause = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown
    const refused = isShopError(cause) ? cause : asUnavailable(cause)
    if (refused) {
      const { code, field } = refused.problems[0]
      return {
        ...formatted,
        message: refused.message,
        extensions: { code, retryable: refused.retryable, ...(field && { field }) },
      }
    }
    if (cause instanceof GraphQLError && !isMisfit(formatted))
      return { ...formatted, extensions: { code: formatted.extensions?.code ?? 'BAD_USER_INPUT' } }
    log.error('a resolver failed', { path: formatted.path?.join('.') ?? '', ...faultFields(cause) })
    return {
      message: 'Something went wrong on our side.',
      path: formatted.path,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    }
  }

/** A result with its errors formatted. */
export const formatResult = (result: ExecutionResult, formatError: ErrorFormatter): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => formatError(error.toJSON(), error)) as never }
    : result
