import type { ApolloServerPlugin } from '@apollo/server'

/** Names `application/json` and nothing newer: such a client takes every status but 200 for a broken connection. */
const onlyPlainJson = (accept: string | undefined): boolean =>
  accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/graphql-response\+json/i.test(accept)

/**
 * GraphQL over HTTP, "application/json": a well-formed request gets 200 whatever is wrong with its document or variables; all other
 * media types keep the 400. A request that is not well-formed has no source, and its 400 stays.
 */
export const statusCodes: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, source }) => {
      if (response.http.status !== 400 || source === undefined) return
      if (onlyPlainJson(request.http?.headers.get('accept'))) response.http.status = 200
    },
  }),
}
