import type { ExecutionResult, GraphQLError } from 'graphql'

/** An object of an answer. */
export type Data = Record<string, unknown>

/** Where in an answer something stands. */
export type ResponsePath = readonly (string | number)[]

export interface SubgraphRequest {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** One fetch of a plan, as it is asked for. */
export interface FetchRequest extends SubgraphRequest {
  readonly subgraph: string
  readonly kind: 'query' | 'mutation'
  /** The answer is the same for everybody, so it is asked for in nobody's name and may be shared. */
  readonly isPublic: boolean
}

/** @throws anything when there is no answer. */
export type Send = (request: FetchRequest) => Promise<ExecutionResult>

/** One run of a plan: what was fetched so far, merged, and what went wrong. */
export interface Run {
  readonly data: Data
  readonly variables: Readonly<Data>
  readonly errors: GraphQLError[]
  readonly send: Send
}

/** A part of a plan, ready to run. It puts failures into the run and never throws. */
export type Step = (run: Run) => Promise<void>

export const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A property of the object itself: clients choose response names, and every object inherits a `constructor`. */
export const own = (object: Data, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined)
