import { type ApolloServerPlugin, type BaseContext, type GraphQLResponse, HeaderMap } from '@apollo/server'
import { type DocumentNode, type GraphQLError, type GraphQLFormattedError, OperationTypeNode, parse } from 'graphql'
import type { ErrorFormatter } from '../errors.ts'
import { type Admission, type AdmissionOptions, type Admissions, makeAdmission } from './admission.ts'
import type { Asker, Budgets } from './budget.ts'
import { readCostRules } from './costRules.ts'
import { refuseVariables } from './inputs.ts'
import { limits } from './limits.ts'
import { rateLimited } from './refusal.ts'
import { makeTill, type Paid, type Receipt, stream, type Till } from './till.ts'

/** What Apollo Server works on instead of a refused document; it never runs. */
const placeholder = parse('{ __typename }', { noLocation: true })

export interface GuardDeps extends AdmissionOptions {
  readonly formatError: ErrorFormatter
  readonly budgets: Budgets
}

/** What depends on the graph. */
interface Post {
  readonly admissions: Admissions
  readonly till: Till
}

type Errors = readonly GraphQLFormattedError[]

const formatted = (error: GraphQLError | null): Errors => (error ? [error.toJSON()] : [])

/** 429 says when to come back; every other refusal is the client's to mend. */
const headOf = ([first]: Errors): Pick<GraphQLResponse['http'], 'status' | 'headers'> => {
  const { code, retryAfter } = first?.extensions ?? {}
  if (code !== 'RATE_LIMITED') return { status: 400, headers: new HeaderMap() }
  return { status: 429, headers: new HeaderMap([['retry-after', String(retryAfter)]]) }
}

/**
 * Stands before everything that reads a document: Apollo Server gets only what was admitted and paid for, over whatever transport it
 * came. It never parses or validates itself, because a document is already there when it looks.
 */
export const makeGuard = <Context extends BaseContext & Asker>({
  formatError,
  budgets,
  ...options
}: GuardDeps): ApolloServerPlugin<Context> => {
  let post: Post | null = null

  const answer = (errors: Errors): GraphQLResponse => ({
    http: headOf(errors),
    body: { kind: 'single', singleResult: { errors: errors.map((error) => formatError(error, error)) } },
  })

  /** A text that is new or was refused is paid for before anybody looks at it; when it is good, that comes back. */
  const read = async ({ admissions }: Post, text: string, asker: Asker): Promise<Admission> => {
    if (admissions.isGood(text)) return admissions.admit(text)
    const { allowed, retryAfter } = await budgets.take(asker, limits.refusalCost)
    if (!allowed) return { errors: formatted(rateLimited(retryAfter)) }
    const admission = admissions.admit(text)
    if (admission.document) await budgets.refund(asker, limits.refusalCost)
    return admission
  }

  return {
    serverWillStart: async () => ({
      schemaDidLoadOrUpdate: ({ apiSchema, coreSupergraphSdl = '' }) => {
        const till = makeTill(apiSchema, readCostRules(coreSupergraphSdl), budgets)
        post = { admissions: makeAdmission(apiSchema, options), till }
      },
    }),

    requestDidStart: async ({ request, contextValue: asker }) => {
      // A schema that comes in the middle of an operation is for the next one.
      const here = post
      if (!here) throw new Error('the guard has no schema')
      if (!request.query) return
      const { document, errors } = await read(here, request.query, asker)
      const variables = request.variables ?? {}
      const refused = errors ?? formatted(refuseVariables(variables))
      let paid: Paid | null = null
      let receipt: Receipt | null = null
      return {
        didResolveSource: async (context) => {
          const resolved: { document?: DocumentNode } = context
          resolved.document = refused.length > 0 ? placeholder : document
        },
        responseForOperation: async ({ operation }) => {
          if (refused.length > 0) return answer(refused)
          if (!document || !operation) return null
          const outcome = await here.till.pay(asker, { document, operation, variables })
          if ('refused' in outcome) {
            receipt = outcome.receipt
            return answer(formatted(outcome.refused))
          }
          paid = outcome
          return null
        },
        willSendResponse: async ({ operation, response: { body } }) => {
          if (body.kind !== 'single') return
          const result = body.singleResult
          const isStream = operation?.operation === OperationTypeNode.SUBSCRIPTION && !result.errors
          if (paid) receipt = await paid.settle(isStream ? stream : result.data)
          if (receipt) result.extensions = { ...result.extensions, cost: receipt }
        },
      }
    },
  }
}
