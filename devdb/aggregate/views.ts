import { type Collation, parseCollation } from '../bson/collation.ts'
import type { Doc, Value } from '../bson/values.ts'
import { failure, location, MongoError } from '../errors.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Namespace } from './source.ts'

const maxDepth = 20

/** A view as what it is in the end: a pipeline over a collection. */
export type ResolvedView = {
  readonly on: Namespace
  /** The pipelines of all views on the way, the innermost first. */
  readonly pipeline: readonly Value[]
  readonly collation: Collation | undefined
}

/** Follows a view, and views on views, to its collection; undefined for what is no view. Throws 165 beyond 20 levels. */
export const resolveView = (catalog: Catalog, { database, collection }: Namespace): ResolvedView | undefined => {
  const first = catalog.view(database, collection)
  if (first === undefined) return undefined
  const pipeline: Value[] = []
  let depth = 0
  let name = collection
  for (let view = catalog.view(database, name); view !== undefined; view = catalog.view(database, name)) {
    if (++depth > maxDepth)
      throw new MongoError(
        165,
        'ViewDepthLimitExceeded',
        `View depth too deep or view cycle detected; maximum depth is ${maxDepth}`,
      )
    pipeline.unshift(...view.pipeline)
    name = view.on
  }
  return {
    on: { database, collection: name },
    pipeline,
    collation: parseCollation(first.options.spec.collation),
  }
}

/** Throws what MongoDB refuses in a view on views: that it is below itself (5), too deep (165), or compares strings otherwise (167). */
export const checkViewGraph = (catalog: Catalog, { database, collection }: Namespace, spec: Doc): void => {
  let name = spec.viewOn
  for (let depth = 1; typeof name === 'string'; depth++) {
    if (name === collection) throw failure('GraphContainsCycle', `View cycle detected: ${database}.${collection}`)
    if (depth >= maxDepth)
      throw failure('ViewDepthLimitExceeded', `View depth limit exceeded; maximum depth is ${maxDepth}`)
    const below = catalog.view(database, name)
    if (below === undefined) return
    if (parseCollation(below.options.spec.collation) !== parseCollation(spec.collation))
      throw failure(
        'OptionNotSupportedOnView',
        `View ${database}.${collection} has conflicting collation with view ${database}.${name}`,
      )
    name = below.on
  }
}

/** Throws 166 when the name is a view's: nothing can be written to one. */
export const refuseView = (catalog: Catalog, { database, collection }: Namespace): void => {
  if (catalog.view(database, collection) !== undefined)
    throw failure('CommandNotSupportedOnView', `Namespace ${database}.${collection} is a view, not a collection`)
}

/** A view compares strings in one way only: throws 167 for another `collation` than its own. */
export const checkViewCollation = (view: ResolvedView, asked: Value | undefined): void => {
  if (asked !== undefined && parseCollation(asked) !== view.collation)
    throw new MongoError(167, 'OptionNotSupportedOnView', "Cannot override a view's default collation")
}

/** Throws 40602 and their like for stages a view must not have. */
export const checkViewPipeline = (stages: readonly { readonly name: string }[]): void => {
  const writing = stages.find(({ name }) => name === '$out' || name === '$merge')
  if (writing !== undefined)
    throw new MongoError(
      167,
      'OptionNotSupportedOnView',
      `The aggregation stage ${writing.name} in location ${stages.indexOf(writing)} of the pipeline cannot be used in the view definition because it writes to disk`,
    )
  if (stages[0]?.name === '$changeStream') throw location(40602, '$changeStream cannot be used in a view definition')
}
