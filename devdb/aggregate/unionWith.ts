import { type Doc, isDoc, kindOf } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { openDocuments, openForeign } from './foreign.ts'
import { checkArguments, wrongType } from './specification.ts'
import type { ParseStage } from './stage.ts'

/** `$unionWith`: behind the documents of the pipeline those of another collection, through a pipeline of their own. */
export const unionWithStage: ParseStage = (spec, { scope, pipeline }) => {
  if (!isDoc(spec) && typeof spec !== 'string')
    throw failure(
      'FailedToParse',
      `the $unionWith stage specification must be an object or string, but found ${kindOf(spec)}`,
    )
  const options: Doc = isDoc(spec) ? spec : { coll: spec }
  checkArguments(options, '$unionWith', ['coll', 'pipeline'])
  const { coll, pipeline: inner = [] } = options
  if (coll !== undefined && typeof coll !== 'string') throw wrongType('$unionWith.coll', coll, 'string')
  if (!Array.isArray(inner)) throw wrongType('$unionWith.pipeline', inner, 'array')
  const stages = pipeline(inner, scope, '$unionWith')
  if (coll === undefined && stages[0]?.name !== '$documents')
    throw failure(
      'FailedToParse',
      '$unionWith stage without explicit collection must have a pipeline with $documents as first stage',
    )
  return {
    run: function* (rows, context) {
      yield* rows
      if (coll === undefined) yield* openDocuments(stages, scope, context)()
      else yield* openForeign({ namespace: { database: context.database, collection: coll }, stages, scope }, context)()
    },
  }
}
