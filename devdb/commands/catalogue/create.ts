import { parsePipeline } from '../../aggregate/pipeline.ts'
import { checkViewGraph, checkViewPipeline } from '../../aggregate/views.ts'
import { parseCollation } from '../../bson/collation.ts'
import { isEqual } from '../../bson/order.ts'
import { showDoc } from '../../bson/show.ts'
import { type Doc, fieldsOf, isDoc, type Value } from '../../bson/values.ts'
import { failure, location, unsupported } from '../../errors.ts'
import { parseIndex } from '../../index/definition.ts'
import { checkIndexEntry } from '../../index/indexOptions.ts'
import type { Collection } from '../../storage/collection.ts'
import { expiryOfSeries, parseCollectionOptions, type TimeSeries } from '../../storage/collectionOptions.ts'
import { type Command, collectionName, type Request } from '../command.ts'
import { checkCommand, checkStruct, required, type Struct, types } from '../struct.ts'

const struct: Struct = {
  capped: types.flag,
  autoIndexId: types.flag,
  idIndex: types.object,
  size: types.number,
  max: types.number,
  storageEngine: types.object,
  validator: types.object,
  validationLevel: types.string,
  validationAction: types.string,
  indexOptionDefaults: types.object,
  viewOn: types.string,
  pipeline: types.array,
  collation: types.object,
  changeStreamPreAndPostImages: types.object,
  timeseries: types.object,
  clusteredIndex: types.any,
  expireAfterSeconds: types.any,
  encryptedFields: types.object,
}

const levels = ['off', 'strict', 'moderate']
const actions = ['error', 'warn']

/** Throws BadValue for a word that a command's enumeration does not have. */
export const checkWord = (field: string, value: Value | undefined, words: readonly string[]): void => {
  if (value === undefined || value === null || words.includes(String(value))) return
  throw failure('BadValue', `Enumeration value '${String(value)}' for field '${field}' is not a valid value.`)
}

export const checkValidation = (command: string, { validationLevel, validationAction }: Doc): void => {
  checkWord(`${command}.validationLevel`, validationLevel, levels)
  checkWord(`${command}.validationAction`, validationAction, actions)
}

export const checkImages = (command: string, images: Value | undefined): void => {
  if (isDoc(images)) checkStruct(images, `${command}.changeStreamPreAndPostImages`, { enabled: required(types.flag) })
}

const checkIdIndex = ({ idIndex, autoIndexId, viewOn, collation }: Doc): void => {
  if (autoIndexId === false) throw unsupported('a collection without an index on _id')
  if (!isDoc(idIndex)) return
  if (viewOn !== undefined) throw failure('InvalidOptions', "'idIndex' is not allowed with 'viewOn'")
  checkIndexEntry(idIndex)
  if (!isDoc(idIndex.key) || !isEqual(idIndex.key, { _id: 1 })) {
    throw failure(
      'BadValue',
      `The field 'key' for an _id index must be {_id: 1}, but got ${showDoc(isDoc(idIndex.key) ? idIndex.key : {})}`,
    )
  }
  if (idIndex.collation !== undefined && parseCollation(idIndex.collation) !== parseCollation(collation))
    throw failure('BadValue', `'idIndex' must have the same collation as the collection: ${showDoc(idIndex)}`)
}

const checkEngine = (body: Doc): void => {
  for (const name of ['storageEngine', 'indexOptionDefaults']) {
    const value = body[name]
    if (isDoc(value) && Object.keys(value).length > 0) throw unsupported(`the collection option '${name}'`)
  }
}

const checkPlace = (database: string, { validator, viewOn }: Doc): void => {
  if (validator === undefined) return
  if (viewOn !== undefined) throw failure('InvalidOptions', 'option not supported on a view: validator')
  if (['admin', 'local', 'config'].includes(database)) {
    throw failure('InvalidOptions', `Document validators are not allowed on collections in the ${database} database`)
  }
}

const checkView = ({ viewOn, pipeline, ...rest }: Doc): void => {
  if (viewOn === undefined) {
    if (pipeline !== undefined) throw failure('InvalidOptions', "'pipeline' requires 'viewOn' to also be specified")
    return
  }
  if (viewOn === '') throw failure('BadValue', "'viewOn' cannot be empty")
  const other = Object.keys(rest).find((name) => name !== 'collation')
  if (other !== undefined)
    throw failure('InvalidOptions', `the '${other}' option is not supported when 'viewOn' is specified`)
}

// Options that say nothing when they hold these values are not kept.
const isMute = (name: string, value: Value): boolean =>
  value === null ||
  name === 'autoIndexId' ||
  name === 'idIndex' ||
  name === 'storageEngine' ||
  name === 'indexOptionDefaults' ||
  (name === 'capped' && value === false)

/** The options as the catalogue keeps them and listCollections tells them, in the order of the command. */
const specOf = (body: Doc): Doc => {
  const spec: Doc = {}
  for (const [name, value] of fieldsOf(body)) {
    if (!Object.hasOwn(struct, name) || isMute(name, value)) continue
    spec[name] = value
  }
  if (spec.capped !== undefined) spec.capped = true
  if (isDoc(spec.collation ?? null) && Object.keys(spec.collation as Doc).length === 0)
    throw location(40414, "BSON field 'collation.locale' is missing but a required field")
  const collation = parseCollation(spec.collation)
  if (collation === undefined) delete spec.collation
  else spec.collation = collation.spec
  if (spec.viewOn !== undefined) spec.pipeline ??= []
  if (spec.clusteredIndex === true) spec.clusteredIndex = { key: { _id: 1 }, unique: true }
  return spec
}

const sameOrThrow = (namespace: string, existing: Doc, asked: Doc): void => {
  if (isEqual({ ...existing }, { ...asked })) return
  throw failure(
    'NamespaceExists',
    `namespace ${namespace} already exists, but with different options: ${showDoc(existing)}`,
  )
}

/** The indexes a time series has from the start: by series and time, as in MongoDB, and the one its expiry needs. */
const indexSeries = (collection: Collection, series: TimeSeries, expireAfterSeconds: Value | undefined): void => {
  const { timeField, metaField } = series
  if (metaField !== undefined)
    collection.createIndex(
      parseIndex({ key: { [metaField]: 1, [timeField]: 1 }, name: `${metaField}_1_${timeField}_1` }),
    )
  if (expireAfterSeconds === undefined) return
  // Sparse, so that it never stands in the way of an index somebody asks for; every measurement has its time.
  const key = { [timeField]: 1 }
  collection.createIndex(parseIndex({ key, name: expiryOfSeries, sparse: true, expireAfterSeconds }))
}

const define = (request: Request, name: string, spec: Doc): void => {
  const { server, database } = request
  const { catalog } = server
  const namespace = `${database}.${name}`
  const options = parseCollectionOptions(spec)
  const known = catalog.find(database, name)?.options() ?? catalog.view(database, name)?.options
  if (known !== undefined) {
    sameOrThrow(namespace, known.spec, options.spec)
    return
  }
  if (spec.viewOn !== undefined) {
    checkViewPipeline(parsePipeline(spec.pipeline))
    checkViewGraph(catalog, { database, collection: name }, spec)
    catalog.createView(database, name, options)
    return
  }
  const collection = catalog.create(database, name, options)
  if (options.timeSeries !== undefined) indexSeries(collection, options.timeSeries, spec.expireAfterSeconds)
}

/** Makes a collection or a view. To ask for one that is there with the same options does nothing; else code 48. */
export const create: Command = {
  options: Object.keys(struct),
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const name = collectionName(request)
    checkCommand(body, 'create', struct)
    checkValidation('create', body)
    checkImages('create', body.changeStreamPreAndPostImages)
    checkIdIndex(body)
    checkEngine(body)
    const spec = specOf(body)
    checkPlace(database, spec)
    checkView(spec)
    define(request, name, spec)
    return {}
  },
}
