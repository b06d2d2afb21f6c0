import { type Doc, fieldsOf, isDoc, kindOf, setField } from '../bson/values.ts'
import { location } from '../errors.ts'
import { checkFieldName } from '../expression/fieldPath.ts'
import { makeMeter } from './memory.ts'
import { runStages } from './source.ts'
import type { ParseStage, Stage } from './stage.ts'

/** `$facet`: several pipelines over the same documents; one document with all results. */
export const facetStage: ParseStage = (spec, { scope, pipeline }) => {
  if (!isDoc(spec) || Object.keys(spec).length === 0)
    throw location(40169, 'the $facet specification must be a non-empty object')
  const facets = fieldsOf(spec).map(([name, value]): [string, readonly Stage[]] => {
    checkFieldName(name)
    if (!Array.isArray(value))
      throw location(40170, `arguments to $facet must be arrays, ${name} is type ${kindOf(value)}`)
    return [name, pipeline(value, scope, '$facet')]
  })
  return {
    run: function* (rows, context) {
      const note = makeMeter(context, '$facet')
      const docs = Array.from(rows, (doc) => {
        note(doc)
        return doc
      })
      const result: Doc = {}
      for (const [name, stages] of facets) setField(result, name, [...runStages(docs, stages, context)])
      yield result
    },
  }
}
