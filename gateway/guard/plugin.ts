import { type ApolloServerPlugin, type BaseContext, type GraphQLResponse, HeaderMap } from '@apollo/server'
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
} from 'graphql'
import type { Log } from '#platform/log.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { StreamingContext } from '../execution/subgraphs.ts'
import type { GraphSchema } from '../graph.ts'
import { type Admission, type AdmissionOptions, type Admissions, makeAdmission } from './admission.ts'
import type { Asker, Budgets } from './budget.ts'
import { readCostRules } from './costRules.ts'
import { refuseVariables } from './inputs.ts'
import { limits } from './limits.ts'
import { makeNaming, type Named, notTrusted } from './naming.ts'
import { rateLimited } from './refusal.ts'
import { makeTill, type Paid, type Receipt, stream, type Till } from './till.ts'
import { idOf, type TrustedDocuments } from './trusted.ts'

/** What Apollo Server works on instead of a refused document; it never runs. */
const placeholderText = '{ __typename }'
const placeholder = parse(placeholderText, { noLocation: true })

export interface GuardDeps extends AdmissionOptions {
  readonly formatError: ErrorFormatter
  readonly budgets: Budgets
  /** The manifest as it is now: it may be replaced while we run. */
  readonly trusted: () => TrustedDocuments
  readonly log: Log
}

/** What depends on the graph. */
interface Post {
  readonly admissions: Admissions
  readonly till: Till
}

export interface Guard<Context extends BaseContext> {
  readonly plugin: ApolloServerPlugin<Context>
  /**
   * Makes ready for a graph, before anybody asks it.
   * @throws Error when its cost directives cannot be read.
   */
  prepare(schema: GraphSchema): void
}

/** One document that is read: by which graph, under which manifest, and for whom. */
interface Reading {
  readonly admissions: Admissions
  readonly trusted: TrustedDocuments
  readonly asker: Asker
}

type Errors = readonly GraphQLFormattedError[]

const formatted = (error: GraphQLError | null): Errors => (error ? [error.toJSON()] : [])

/** 429 says when to come back; a client that hears of an unknown hash goes on as if nothing was; the rest is the client's to mend. */
const headOf = ([first]: Errors): Pick<GraphQLResponse['http'], 'status' | 'headers'> => {
  const { code, retryAfter } = first?.extensions ?? {}
  if (code === 'PERSISTED_QUERY_NOT_FOUND') return { status: 200, headers: new HeaderMap() }
  if (code !== 'RATE_LIMITED') return { status: 400, headers: new HeaderMap() }
  return { status: 429, headers: new HeaderMap([['retry-after', String(retryAfter)]]) }
}

/**
 * Stands before everything that reads a document: Apollo Server gets only what was admitted and paid for, over whatever transport it
 * came. It never parses or validates itself, because a document is already there when it looks.
 */
export const makeGuard = <Context extends BaseContext & Asker & Pick<StreamingContext, 'answer'>>({
  formatError,
  budgets,
  trusted: trustedNow,
  log,
  ...options
}: GuardDeps): Guard<Context> => {
  /** One for each graph that somebody still asks: an operation is measured by the graph that runs it. */
  const posts = new WeakMap<GraphQLSchema, Post>()
  const nameOf = makeNaming()

  const answer = (errors: Errors): GraphQLResponse => ({
    http: headOf(errors),
    body: { kind: 'single', singleResult: { errors: errors.map((error) => formatError(error, error)) } },
  })

  /** A text that is new or was refused is paid for before anybody looks at it; when it is good, that comes back. */
  const readPaid = async ({ admissions, trusted, asker }: Reading, text: string): Promise<Admission> => {
    if (admissions.isGood(text)) return admissions.admit(text)
    const { allowed, retryAfter } = await budgets.take(asker, limits.refusalCost)
    if (!allowed) return { errors: formatted(rateLimited(retryAfter)) }
    const admission = admissions.admit(text)
    if (!admission.document) return admission
    await budgets.refund(asker, limits.refusalCost)
    if (trusted.mode === 'log' && !trusted.includes(admission.document))
      log.warn('a document is not trusted', { document: idOf(text) })
    return admission
  }

  const read = async (reading: Reading, named: Named): Promise<Admission> => {
    if (named.refused) return { errors: formatted(named.refused) }
    const admission = await readPaid(reading, named.text)
    if (!admission.document) return admission
    const { trusted } = reading
    if (trusted.mode === 'enforce' && !trusted.includes(admission.document)) return { errors: formatted(notTrusted) }
    named.remember()
    return admission
  }

  const plugin: ApolloServerPlugin<Context> = {
    requestDidStart: async ({ request, schema, contextValue: asker }) => {
      // A graph that comes in the middle of an operation is for the next one.
      const here = posts.get(schema)
      if (!here) throw new Error('the guard was not made ready for this graph')
      const trusted = trustedNow()
      const named = nameOf(request, trusted)
      if (!named) return
      const { document, errors } = await read({ admissions: here.admissions, trusted, asker }, named)
      // Apollo Server is told the text alone: it has no persisted queries of its own.
      request.query = named.text ?? placeholderText
      request.extensions = { ...request.extensions, persistedQuery: undefined }
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
          // What others may get as well says nothing about the budget of whoever asked first.
          const isShared = asker.answer?.mayBeShared && asker.answer.isPublic && !result.errors
          if (receipt && !isShared) result.extensions = { ...result.extensions, cost: receipt }
        },
      }
    },
  }

  return {
    plugin,
    prepare: ({ apiSchema, coreSupergraphSdl }) => {
      const till = makeTill(apiSchema, readCostRules(coreSupergraphSdl), budgets)
      posts.set(apiSchema, { admissions: makeAdmission(apiSchema, options), till })
    },
  }
}
