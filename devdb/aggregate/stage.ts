import type { Doc, Value } from '../bson/values.ts'
import type { Request } from '../commands/command.ts'
import { MongoError } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { SortField } from '../query/sort.ts'
import type { Filter } from '../query/tree.ts'

/** Documents on their way through a pipeline. They may be shared with the stored ones: a stage never changes them. */
export type Rows = Iterable<Doc>

/** What a pipeline works in while it runs. */
export type Context = {
  readonly request: Request
  readonly database: string
  /** Undefined when the aggregate is one of a whole database. */
  readonly collection: string | undefined
  /** Milliseconds of the clock after which the pipeline fails with code 50. */
  readonly deadline: number | undefined
  /** Whether a blocking stage may hold more than its share of memory (`allowDiskUse`). */
  readonly mayExceedMemory: boolean
  /** Reads a pipeline that is known only now, such as a view's. */
  readonly parse: Parsing['pipeline']
}

export type Run = (rows: Rows, context: Context) => Rows

/** What a stage does, and what the planner may know of it. */
export type Body = {
  readonly run: Run
  readonly match?: { readonly filter: Filter; readonly spec: Doc; readonly scope: Scope }
  readonly sort?: readonly SortField[]
  readonly skip?: number
  readonly limit?: number
  /** The only paths it may change. Given, each of its documents comes from one input document, on which a `$match` of other paths may as well be done. */
  readonly modifies?: readonly string[]
  /** It only counts its input: what is in the documents does not matter to it. */
  readonly countsOnly?: boolean
}

export type Stage = Body & { readonly name: string; readonly spec: Value }

/** Where a pipeline stands: some stages are allowed in some places only. */
export type Place = 'collection' | 'database' | '$facet' | '$lookup' | '$unionWith'

export type Parsing = {
  readonly scope: Scope
  readonly pipeline: (spec: Value, scope: Scope, place: Place) => readonly Stage[]
}

/** Reads the specification of a stage; throws MongoDB's own error for a bad one. */
export type ParseStage = (spec: Value, parsing: Parsing) => Body

/** A stage that makes one document of each. */
export const mapping = (transform: (doc: Doc) => Doc): Run =>
  function* (rows) {
    for (const doc of rows) yield transform(doc)
  }

/** Runs `parse`; what it throws tells its place first, in MongoDB's words. */
export const inContext = <T>(place: string, parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    throw new MongoError(error.code, error.codeName, `${place} :: caused by :: ${error.message}`, error.details)
  }
}
