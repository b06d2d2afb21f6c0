import { parsePipeline } from '../../aggregate/pipeline.ts'
import { checkViewGraph, checkViewPipeline } from '../../aggregate/views.ts'
import { isEqual } from '../../bson/order.ts'
import { show, showDoc } from '../../bson/show.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import type { IndexChange } from '../../index/definition.ts'
import type { LiveIndex } from '../../index/liveIndex.ts'
import type { Collection } from '../../storage/collection.ts'
import { parseCollectionOptions, type View } from '../../storage/collectionOptions.ts'
import { docOf } from '../../storage/records.ts'
import { type Command, collectionName, type Reply, type Request } from '../command.ts'
import { checkCommand, checkStruct, type Struct, types } from '../struct.ts'
import { trim } from '../writing/write.ts'
import { checkImages, checkValidation } from './create.ts'
import { existingCollection } from './namespaces.ts'

const struct: Struct = {
  index: types.object,
  validator: types.object,
  validationLevel: types.string,
  validationAction: types.string,
  viewOn: types.string,
  pipeline: types.array,
  expireAfterSeconds: types.any,
  timeseries: types.object,
  changeStreamPreAndPostImages: types.object,
  cappedSize: types.number,
  cappedMax: types.number,
}

const indexStruct: Struct = {
  name: types.string,
  keyPattern: types.object,
  expireAfterSeconds: types.number,
  hidden: types.flag,
  unique: types.flag,
  prepareUnique: types.flag,
}

const indexOf = ({ indexes, namespace }: Collection, { name, keyPattern }: Doc): LiveIndex => {
  if (name !== undefined && keyPattern !== undefined)
    throw failure('InvalidOptions', 'Cannot specify both key pattern and name.')
  if (name === undefined && keyPattern === undefined)
    throw failure('InvalidOptions', 'Must specify either index name or key pattern.')
  const found = indexes.filter(({ definition }) =>
    name === undefined ? isEqual(definition.spec.key ?? null, keyPattern ?? null) : definition.name === name,
  )
  const [index, ...others] = found
  const shown = isDoc(keyPattern) ? showDoc(keyPattern) : String(name)
  if (index === undefined) throw failure('IndexNotFound', `cannot find index ${shown} for ns ${namespace}`)
  if (others.length > 0)
    throw failure(
      'AmbiguousIndexKeyPattern',
      `index keyPattern ${shown} matches ${found.length} indexes, must use index name.`,
    )
  return index
}

/** The documents that share a key, by their `_id`, a list for each key that several have. */
const violationsOf = ({ records }: Collection, { entries }: LiveIndex): Doc[] => {
  const idsByRecord = new Map<number, Value>()
  for (const record of records.values()) idsByRecord.set(record.id, docOf(record)._id ?? null)
  const groups = new Map<string, Value[]>()
  for (const [key, id] of entries.entries()) {
    const group = groups.get(key) ?? []
    group.push(idsByRecord.get(id) ?? null)
    groups.set(key, group)
  }
  return [...groups.values()].filter((ids) => ids.length > 1).map((ids) => ({ ids }))
}

const checkUnique = (collection: Collection, index: LiveIndex, asked: Doc): void => {
  if (asked.unique === undefined) return
  if (asked.unique !== true) throw failure('BadValue', 'Cannot make index non-unique')
  if (asked.prepareUnique === false)
    throw failure('InvalidOptions', 'Cannot make index unique with prepareUnique=false')
  if (!index.definition.unique && !index.definition.prepareUnique)
    throw failure(
      'InvalidOptions',
      "Cannot make index unique with 'prepareUnique=false'. Run collMod to set it to 'prepareUnique=true' first.",
    )
  const violations = violationsOf(collection, index)
  if (violations.length > 0) {
    throw failure(
      'CannotConvertIndexToUnique',
      'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
      { violations },
    )
  }
}

const flags = ['hidden', 'unique', 'prepareUnique'] as const

const changeIn = (index: LiveIndex, { expireAfterSeconds, ...asked }: Doc): IndexChange => {
  const change: { -readonly [Name in keyof IndexChange]: IndexChange[Name] } = {}
  if (expireAfterSeconds !== undefined) change.expireAfterSeconds = expireAfterSeconds
  for (const flag of flags) {
    if (asked[flag] !== undefined && asked[flag] !== index.definition[flag]) change[flag] = asked[flag] === true
  }
  return change
}

const changesReply = (index: LiveIndex, change: IndexChange): Reply => {
  const reply: Reply = {}
  const { definition } = index
  if (change.expireAfterSeconds !== undefined) {
    if (definition.spec.expireAfterSeconds !== undefined)
      reply.expireAfterSeconds_old = definition.spec.expireAfterSeconds
    reply.expireAfterSeconds_new = change.expireAfterSeconds
  }
  for (const flag of flags) {
    if (change[flag] === undefined) continue
    if (flag !== 'unique') reply[`${flag}_old`] = definition[flag]
    reply[`${flag}_new`] = change[flag]
  }
  return reply
}

const modifyIndex = (collection: Collection, asked: Doc): Reply => {
  checkStruct(asked, 'collMod.index', indexStruct)
  const index = indexOf(collection, asked)
  if (!['expireAfterSeconds', ...flags].some((name) => asked[name] !== undefined))
    throw failure('InvalidOptions', 'no expireAfterSeconds, hidden, unique, or prepareUnique field')
  if (index.definition.name === '_id_') throw failure('BadValue', `cannot change the _id index: ${showDoc(asked)}`)
  checkUnique(collection, index, asked)
  const change = changeIn(index, asked)
  const reply = changesReply(index, change)
  if (Object.keys(change).length > 0) collection.changeIndex(index.definition.name, change)
  return reply
}

const sizes = { cappedSize: 'size', cappedMax: 'max' } as const

const resized = (spec: Doc, body: Doc): Doc => {
  const changed: Doc = {}
  for (const name of ['cappedSize', 'cappedMax'] as const) {
    const value = body[name]
    if (value === undefined) continue
    if (spec.capped !== true) throw failure('InvalidOptions', 'Collection must be capped.')
    if (!isNumeric(value)) throw failure('BadValue', `${name} must be a number, but is ${show(value)}`)
    changed[sizes[name]] = value
  }
  return changed
}

const kept = ['validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages'] as const

const modifyCollection = (collection: Collection, body: Doc): void => {
  const { spec } = collection.options()
  const changed: Doc = { ...spec, ...resized(spec, body) }
  for (const name of kept) if (body[name] !== undefined) changed[name] = body[name]
  if (isDoc(changed.validator) && Object.keys(changed.validator).length === 0) delete changed.validator
  if (isEqual(changed, spec)) {
    // Change streams are told of a collMod that changes nothing, too.
    if (body.index === undefined) collection.configure(collection.options())
    return
  }
  collection.configure(parseCollectionOptions(changed))
  trim(collection)
}

const modifyView = ({ server, database }: Request, name: string, { view, body }: { view: View; body: Doc }): void => {
  const other = Object.keys(struct).find(
    (field) => body[field] !== undefined && field !== 'viewOn' && field !== 'pipeline',
  )
  if (other !== undefined) throw failure('InvalidOptions', `option not supported on a view: ${other}`)
  const { viewOn, pipeline } = body
  if (viewOn === undefined && pipeline === undefined) return
  if (viewOn === undefined || pipeline === undefined)
    throw failure('InvalidOptions', "Must specify both 'viewOn' and 'pipeline' when modifying a view")
  checkViewPipeline(parsePipeline(pipeline))
  const spec = { ...view.options.spec, viewOn, pipeline }
  checkViewGraph(server.catalog, { database, collection: name }, spec)
  server.catalog.createView(database, name, parseCollectionOptions(spec))
}

/** Changes the options of a collection or view, or one of its indexes; answers the old and the new values. */
export const collMod: Command = {
  options: Object.keys(struct),
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    checkCommand(body, 'collMod', struct)
    checkValidation('collMod', body)
    checkImages('collMod', body.changeStreamPreAndPostImages)
    for (const field of ['timeseries', 'expireAfterSeconds'])
      if (body[field] !== undefined) throw unsupported(`collMod of '${field}'`)
    const view = server.catalog.view(database, name)
    if (view !== undefined) {
      modifyView(request, name, { view, body })
      return {}
    }
    if (body.viewOn !== undefined || body.pipeline !== undefined)
      throw failure('InvalidOptions', "option not supported on a collection: 'viewOn' or 'pipeline'")
    const collection = existingCollection(request)
    return server.catalog.history.attempt(() => {
      const reply = isDoc(body.index) ? modifyIndex(collection, body.index) : {}
      modifyCollection(collection, body)
      return reply
    })
  },
}
