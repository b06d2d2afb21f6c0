import type { ApolloServerPlugin } from '@apollo/server'
import { OperationTypeNode } from 'graphql'
import type { GatewayContext } from '../transport.ts'

/** Seconds for which a public answer may be kept by whoever stands between: stock and prices are as old at most. */
const publicMaxAge = 10

/**
 * Notes of an answer what its way to the client depends on. Only queries are compressed: answers to mutations hold tokens, whose length
 * would say something about them beside input that comes back (BREACH).
 */
export const answerNotes: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue: { answer } }) => {
      if (answer) answer.isQuery = operation?.operation === OperationTypeNode.QUERY
    },
    willSendResponse: async ({ contextValue: { answer }, response: { body, http } }) => {
      const whole = body.kind === 'single' && !body.singleResult.errors
      const isShared = answer?.mayBeShared && answer.isPublic && answer.isQuery && whole
      http.headers.set('cache-control', isShared ? `public, max-age=${publicMaxAge}` : 'no-store')
    },
  }),
}
