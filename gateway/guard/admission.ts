import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { limits } from './limits.ts'
import { refuseDocument } from './measure.ts'
import { tooComplex } from './refusal.ts'

/** A document that may run, or why it may not. */
export type Admission =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLFormattedError[] }

const coded = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  })

const tokensExceeded = /contains more tha[nt] \d+ tokens/

const asParseError = (error: unknown): GraphQLError => {
  if (!(error instanceof GraphQLError)) throw error
  return tokensExceeded.test(error.message) ? tooComplex('tokens') : coded(error, 'GRAPHQL_PARSE_FAILED')
}

/** Errors as they may be kept: their places as numbers, without the parsed document behind them. */
const formatted = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
  errors.map((error) => {
    const { locations, ...rest } = error.toJSON()
    return { ...rest, ...(locations && { locations: locations.slice(0, limits.errors) }) }
  })

export interface AdmissionOptions {
  /** In production nobody may ask about the graph itself. */
  readonly introspection: boolean
  /** "Did you mean ..." tells names of the graph. */
  readonly suggestions: boolean
}

/**
 * Decides once for each text whether it may run, whoever sends it and over whatever transport: parse, measure, validate, in the
 * order of what they cost. Both outcomes are remembered, within a bound.
 */
export const makeAdmission = (schema: GraphQLSchema, { introspection, suggestions }: AdmissionOptions) => {
  const known = new LRUCache<string, Admission>({
    max: limits.knownDocuments,
    maxSize: limits.knownCharacters,
    sizeCalculation: ({ errors = [] }, text) => errors.reduce((sum, { message }) => sum + message.length, text.length),
  })
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const options = { maxErrors: limits.errors - 1, hideSuggestions: !suggestions }

  const errorsOf = (document: DocumentNode): readonly GraphQLError[] => {
    const refused = refuseDocument(document)
    return refused
      ? [refused]
      : validate(schema, document, rules, options).map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'))
  }

  const decide = (text: string): Admission => {
    try {
      // Places cost as much memory as the document itself, so they are looked for only when there is something to show.
      const document = parse(text, { maxTokens: limits.tokens, noLocation: true })
      const errors = errorsOf(document)
      if (errors.length === 0) return { document }
      const located = errors[0]?.extensions.code === 'GRAPHQL_VALIDATION_FAILED'
      return { errors: formatted(located ? errorsOf(parse(text, { maxTokens: limits.tokens })) : errors) }
    } catch (error) {
      return { errors: formatted([asParseError(error)]) }
    }
  }

  return {
    /** Whether this text was read before and is good: then it costs nothing to ask. */
    isGood: (text: string): boolean => known.get(text)?.document !== undefined,
    admit: (text: string): Admission => {
      const found = known.get(text) ?? decide(text)
      known.set(text, found)
      return found
    },
  }
}

export type Admissions = ReturnType<typeof makeAdmission>
