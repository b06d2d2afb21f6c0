import { encode } from '../bson/encode.ts'
import { type Doc, getField, isDoc, kindOf, setField, type Value } from '../bson/values.ts'
import { changeRecord, insertBytes, matching } from '../commands/writing/write.ts'
import { failure, location, MongoError } from '../errors.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Scope } from '../query/scope.ts'
import type { Collection } from '../storage/collection.ts'
import type { Update } from '../update/parse.ts'
import { parseUpdatePipeline } from '../update/pipeline.ts'
import { valueAt } from './fieldPath.ts'
import { parseLet } from './lookup.ts'
import type { Namespace } from './source.ts'
import { checkArguments, missingField, wrongType } from './specification.ts'
import type { Context, ParseStage, Rows } from './stage.ts'
import { checkTarget, parseTarget } from './target.ts'

/** What is done to the document that is there already; undefined for nothing. */
type WhenMatched = (incoming: Doc) => Update | undefined

type Merge = {
  readonly into: (database: string) => Namespace
  readonly on: readonly string[]
  /** Undefined: an existing document is an error of the insert. */
  readonly whenMatched: WhenMatched | undefined
  readonly whenNotMatched: string
  readonly scope: Scope
}

const overlaid = (below: Doc, above: Doc): Doc => {
  const result = { ...below }
  for (const [name, value] of Object.entries(above)) setField(result, name, value)
  return result
}

const named: Readonly<Record<string, WhenMatched | undefined>> = {
  replace: (doc) => ({ kind: 'replacement', doc }),
  merge: (incoming) => ({ kind: 'pipeline', transform: (doc) => overlaid(doc, incoming) }),
  keepExisting: () => undefined,
  fail: undefined,
}

const pairs: Readonly<Record<string, readonly string[]>> = {
  replace: ['insert', 'discard', 'fail'],
  merge: ['insert', 'discard', 'fail'],
  pipeline: ['insert', 'discard', 'fail'],
  keepExisting: ['insert'],
  fail: ['insert'],
}

const notAValue = (field: string, value: string): Error =>
  failure('BadValue', `Enumeration value '${value}' for field '$merge.${field}' is not a valid value.`)

const pipelineUpdate = (pipeline: readonly Value[], lets: Value | undefined, scope: Scope): WhenMatched => {
  if (isDoc(lets) && lets.new !== undefined && lets.new !== '$$ROOT')
    throw location(51273, "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'")
  const { scope: inner, bind } = parseLet({ ...(isDoc(lets) ? lets : {}), new: '$$ROOT' }, scope)
  const transform = parseUpdatePipeline(pipeline, inner)
  return (incoming) => {
    bind(incoming)
    return { kind: 'pipeline', transform }
  }
}

const whenMatchedOf = (spec: Doc, scope: Scope): { mode: string; act: WhenMatched | undefined } => {
  const { whenMatched = 'merge', let: lets } = spec
  if (lets !== undefined && !isDoc(lets)) throw wrongType('$merge.let', lets, 'object')
  if (Array.isArray(whenMatched)) return { mode: 'pipeline', act: pipelineUpdate(whenMatched, lets, scope) }
  if (typeof whenMatched !== 'string')
    throw location(
      51191,
      `$merge 'whenMatched' field must be either a string or an array, but found ${kindOf(whenMatched)}`,
    )
  if (!Object.hasOwn(named, whenMatched)) throw notAValue('whenMatched', whenMatched)
  if (lets !== undefined) throw location(51199, `Cannot use 'let' variables with 'whenMatched: ${whenMatched}' mode`)
  return { mode: whenMatched, act: named[whenMatched] }
}

const onOf = (value: Value | undefined): string[] => {
  if (value === undefined) return ['_id']
  if (typeof value !== 'string' && !Array.isArray(value))
    throw location(
      51186,
      `$merge 'on' field must be either a string or an array of strings, but found ${kindOf(value)}`,
    )
  const paths = Array.isArray(value) ? value : [value]
  if (paths.length === 0) throw location(51187, "If explicitly specifying $merge 'on', must include at least one field")
  return paths.map((path, index) => {
    if (typeof path !== 'string')
      throw location(51134, `$merge 'on' array elements must be strings, but found ${kindOf(path)}`)
    if (paths.indexOf(path) < index) throw location(31465, `Found a duplicate field '${path}'`)
    parsePath(path)
    return path
  })
}

const read = (spec: Value, scope: Scope): Merge => {
  if (!isDoc(spec) && typeof spec !== 'string')
    throw failure('TypeMismatch', `$merge requires a string or object argument, but found ${kindOf(spec)}`)
  const options: Doc = isDoc(spec) ? spec : { into: spec }
  checkArguments(options, '$merge', ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'])
  if (options.into === undefined) throw missingField('$merge.into')
  const { mode, act } = whenMatchedOf(options, scope)
  const { whenNotMatched = 'insert' } = options
  if (typeof whenNotMatched !== 'string') throw wrongType('$merge.whenNotMatched', whenNotMatched, 'string')
  if (!['insert', 'discard', 'fail'].includes(whenNotMatched)) throw notAValue('whenNotMatched', whenNotMatched)
  if (pairs[mode]?.includes(whenNotMatched) !== true)
    throw location(
      51181,
      `Combination of $merge modes 'whenMatched: ${mode}' and 'whenNotMatched: ${whenNotMatched}' is not supported`,
    )
  return { into: parseTarget(options.into, '$merge'), on: onOf(options.on), whenMatched: act, whenNotMatched, scope }
}

/** The unique index that makes a document found by these fields the only one. */
const isUniqueOn = ({ definition }: Collection['indexes'][number], on: readonly string[], scope: Scope): boolean => {
  const paths = definition.fields.map(({ path }) => path)
  const isId = paths.length === 1 && paths[0] === '_id'
  return (
    (definition.unique || isId) &&
    definition.partial === undefined &&
    definition.collation === scope.collation &&
    paths.length === on.length &&
    paths.every((path) => on.includes(path))
  )
}

/** Whether the fields may be null, which a sparse index would not tell apart. Throws 51183 when no index is unique on them. */
const mayBeNull = (collection: Collection | undefined, { on, scope }: Merge): boolean => {
  const [only] = on
  if (on.length === 1 && only === '_id') return true
  const index = collection?.indexes.find((candidate) => isUniqueOn(candidate, on, scope))
  if (index === undefined) throw location(51183, 'Cannot find index to verify that join fields will be unique')
  return !index.definition.sparse
}

const conditionOf = (doc: Doc, on: readonly string[], nullable: boolean): Doc =>
  Object.fromEntries(
    on.map((path) => {
      const value = valueAt(doc, path.split('.'))
      if (Array.isArray(value)) throw location(51185, `$merge write error: 'on' field '${path}' cannot be an array`)
      if ((value === undefined || value === null) && !nullable)
        throw location(
          51132,
          `$merge write error: 'on' field '${path}' cannot be missing, null or undefined if supporting index is sparse`,
        )
      return [path, { $eq: value ?? null }]
    }),
  )

const noMatch = (): Error =>
  new MongoError(
    13113,
    'MergeStageNoMatchingDocument',
    '$merge could not find a matching document in the target collection for at least one document in the source collection',
  )

const writeAll = (docs: readonly Doc[], merge: Merge, { request, database }: Context): void => {
  const { catalog } = request.server
  const target = merge.into(database)
  checkTarget(catalog, target, '$merge')
  const nullable = mayBeNull(catalog.find(target.database, target.collection), merge)
  if (docs.length === 0) return
  const collection = catalog.obtain(target.database, target.collection)
  const writing = { collection, bypass: request.body.bypassDocumentValidation === true }
  for (const doc of docs) {
    // Without an `_id` nothing can be there: the insert gives it one.
    const fresh = merge.on.includes('_id') && getField(doc, '_id') === undefined
    const filter = parseFilter(fresh ? {} : conditionOf(doc, merge.on, nullable), merge.scope)
    const [record] =
      fresh || merge.whenMatched === undefined
        ? []
        : matching(request.server, collection, { filter, sort: [], limit: 1 }, false)
    if (record !== undefined && merge.whenMatched !== undefined) {
      const update = merge.whenMatched(doc)
      if (update !== undefined)
        changeRecord(writing, record, { update, filters: new Map(), filter, now: merge.scope.now })
    } else if (merge.whenNotMatched === 'insert') {
      insertBytes(writing, encode(doc))
    } else if (merge.whenNotMatched === 'fail') {
      throw noMatch()
    }
  }
}

/** `$merge`: brings the documents into a collection, as one unit: all or none. */
export const mergeStage: ParseStage = (spec, { scope }) => {
  const merge = read(spec, scope)
  return {
    run: (rows: Rows, context: Context): Rows => {
      writeAll([...rows], merge, context)
      return []
    },
  }
}
