import { type ApolloServerPlugin, type BaseContext, HeaderMap } from '@apollo/server'
import { type GraphQLFormattedError, parse } from 'graphql'
import type { ErrorFormatter } from '../errors.ts'
import { type AdmissionOptions, makeAdmission } from './admission.ts'
import { refuseVariables } from './inputs.ts'

/** What Apollo Server works on instead of a refused document; it never runs. */
const placeholder = parse('{ __typename }', { noLocation: true })

export interface GuardDeps extends AdmissionOptions {
  readonly formatError: ErrorFormatter
}

const formatted = (error: { toJSON(): GraphQLFormattedError } | null) => (error ? [error.toJSON()] : [])

/**
 * Stands before everything that reads a document: Apollo Server gets only what was admitted, over whatever transport it came. It
 * never parses or validates itself, because a document is already there when it looks.
 */
export const makeGuard = <Context extends BaseContext>({
  formatError,
  ...options
}: GuardDeps): ApolloServerPlugin<Context> => {
  let admissions: ReturnType<typeof makeAdmission> | null = null
  return {
    serverWillStart: async () => ({
      schemaDidLoadOrUpdate: ({ apiSchema }) => {
        admissions = makeAdmission(apiSchema, options)
      },
    }),
    requestDidStart: async ({ request }) => {
      if (!admissions) throw new Error('the guard has no schema')
      const text = request.query
      if (!text) return
      const { document, errors } = admissions.admit(text)
      const refused = errors ?? formatted(refuseVariables(request.variables ?? {}))
      return {
        didResolveSource: async (context) => {
          const resolved: { document?: typeof document } = context
          resolved.document = refused.length > 0 ? placeholder : document
        },
        responseForOperation: async () =>
          refused.length === 0
            ? null
            : {
                http: { status: 400, headers: new HeaderMap() },
                body: {
                  kind: 'single',
                  singleResult: { errors: refused.map((error) => formatError(error, error)) },
                },
              },
      }
    },
  }
}
