import { GraphQLError } from 'graphql'
import { type LimitName, limits } from './limits.ts'

const sentences: Partial<Readonly<Record<LimitName, string>>> = {
  tokens: 'The document has too many tokens',
  depth: 'The document goes too deep',
  introspectionDepth: 'The introspection goes too deep',
  aliases: 'The document has too many aliases',
  rootFields: 'The operation has too many fields at its top',
  repeatedFields: 'The document repeats too many fields',
  directives: 'The document has too many directives',
  directivesPerPlace: 'There are too many directives at one place',
  operations: 'The document has too many operations',
  fragments: 'The document has too many fragments',
  selections: 'The operation selects too much once its fragments are expanded',
  mutations: 'The operation has too many mutations',
  attempts: 'The operation has more than one attempt at a password or token',
  inputList: 'A list in the input is too long',
  inputDepth: 'The input is nested too deep',
  nodes: 'The operation may answer with too many objects',
  cost: 'The operation costs too much',
}

/**
 * The refusal of a document that is above a limit: `DOCUMENT_TOO_COMPLEX` with the limit's name, what it allows and, where it is
 * known, what the document has. It tells nothing of the document itself.
 */
export const tooComplex = (limit: LimitName, actual?: number): GraphQLError => {
  const max = limits[limit]
  const counted = actual === undefined ? {} : { actual: Math.min(Math.ceil(actual), Number.MAX_SAFE_INTEGER) }
  return new GraphQLError(`${sentences[limit] ?? limit}: at most ${max}.`, {
    extensions: { code: 'DOCUMENT_TOO_COMPLEX', limit, max, ...counted },
  })
}

export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })

/** `retryAfter` in milliseconds; the client is told whole seconds. */
export const rateLimited = (retryAfter: number): GraphQLError =>
  new GraphQLError('Too many requests; slow down.', {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfter: Math.max(1, Math.ceil(retryAfter / 1_000)) },
  })
