import { type Doc, isDoc, isNumeric, kindOf, setField, type Value } from '../bson/values.ts'
import { location, unsupported } from '../errors.ts'
import { parseProjection } from '../query/projection.ts'
import { fieldReference, type Read } from './references.ts'

/** `$project` with plain inclusion or exclusion and `"$field"` renames; any other expression is refused. */
export const projectStage = (spec: Value) => {
  if (!isDoc(spec) || Object.keys(spec).length === 0) {
    throw location(51272, 'Invalid $project :: caused by :: projection specification must have at least one field')
  }
  const plain: Doc = {}
  const computed: [string, Read][] = []
  for (const [path, value] of Object.entries(spec)) {
    if (typeof value === 'string') {
      if (path.includes('.')) throw unsupported(`a computed nested field of $project ('${path}')`)
      computed.push([path, fieldReference(value, '$project')])
    } else if (isNumeric(value) || typeof value === 'boolean') {
      plain[path] = value
    } else {
      throw unsupported(`an expression of type ${kindOf(value)} in $project (field '${path}')`)
    }
  }
  const excludes = Object.entries(plain).some(
    ([path, value]) => (path !== '_id' && Number(String(value)) === 0) || (path !== '_id' && value === false),
  )
  if (computed.length > 0 && excludes) throw location(31252, 'Cannot use an expression in an exclusion projection')
  // Renames alone make an inclusion of nothing but them and the _id.
  const idOnly = computed.length > 0 && Object.keys(plain).every((path) => path === '_id')
  const base = idOnly ? undefined : parseProjection(plain)
  const keepsId = plain._id === undefined || !(plain._id === false || Number(String(plain._id)) === 0)
  return function* (docs: Iterable<Doc>): Generator<Doc> {
    for (const doc of docs) {
      const result: Doc =
        base !== undefined ? base.project(doc) : keepsId && doc._id !== undefined ? { _id: doc._id } : {}
      for (const [path, read] of computed) {
        const value = read(doc)
        if (value !== undefined) setField(result, path, value)
      }
      yield result
    }
  }
}
