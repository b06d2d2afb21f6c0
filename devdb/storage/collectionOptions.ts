import { integerOf, toNumber } from '../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Filter } from '../query/tree.ts'

export type ValidationLevel = 'off' | 'strict' | 'moderate'
export type ValidationAction = 'error' | 'warn'

/** The validator of a collection: which documents it tests, and what a failed test leads to. */
export type Validation = {
  readonly filter: Filter
  readonly level: ValidationLevel
  readonly action: ValidationAction
}

/** Bytes and documents a capped collection holds at most. */
export type Cap = { readonly size: number; readonly max: number | undefined }

/** Measurements are kept as they came, one document each; only the rules of the time field are MongoDB's. */
export type TimeSeries = { readonly timeField: string; readonly metaField: string | undefined }

/** The index by which measurements expire; MongoDB keeps none for that, so it is never shown. */
export const expiryOfSeries = '_expiry_'

/** What `create` and `collMod` fix for a collection; `spec` is what the catalogue keeps and listCollections answers. */
export type CollectionOptions = {
  readonly spec: Doc
  readonly validation: Validation | undefined
  readonly cap: Cap | undefined
  readonly timeSeries: TimeSeries | undefined
  /** The index entry that listIndexes shows instead of `_id_`. */
  readonly clustered: Doc | undefined
  /** Change streams may ask for the document before and after a change. */
  readonly images: boolean
}

export const noOptions: CollectionOptions = {
  spec: {},
  validation: undefined,
  cap: undefined,
  timeSeries: undefined,
  clustered: undefined,
  images: false,
}

/** A view has no documents: reads run its pipeline over another collection. */
export type View = {
  readonly id: number
  readonly namespace: string
  readonly on: string
  readonly pipeline: readonly Value[]
  readonly options: CollectionOptions
}

const validationOf = (spec: Doc): Validation | undefined => {
  const { validator, validationLevel: level = 'strict', validationAction: action = 'error' } = spec
  if (!isDoc(validator) || Object.keys(validator).length === 0 || level === 'off') return undefined
  return {
    filter: parseFilter(validator),
    level: level as ValidationLevel,
    action: action as ValidationAction,
  }
}

const capOf = ({ capped, size, max }: Doc): Cap | undefined => {
  if (capped !== true) {
    if (size !== undefined || max !== undefined) {
      throw failure(
        'InvalidOptions',
        "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
      )
    }
    return undefined
  }
  if (size === undefined) throw failure('InvalidOptions', "the 'size' field is required when 'capped' is true")
  const bytes = isNumeric(size) ? toNumber(size) : 0
  const limit = max !== undefined && isNumeric(max) ? toNumber(max) : 0
  if (bytes < 1 || bytes > 2 ** 50) {
    throw failure(
      'BadValue',
      `BSON field 'create.size' value must be between 1 and ${2 ** 50}, actual value '${bytes}'`,
    )
  }
  // Zero or less means no limit of documents, as in MongoDB.
  return { size: bytes, max: limit > 0 ? limit : undefined }
}

const timeSeriesFields = [
  'timeField',
  'metaField',
  'granularity',
  'bucketMaxSpanSeconds',
  'bucketRoundingSeconds',
] as const

const timeSeriesOf = ({ timeseries }: Doc): TimeSeries | undefined => {
  if (!isDoc(timeseries)) return undefined
  const unknown = Object.keys(timeseries).find((name) => !(timeSeriesFields as readonly string[]).includes(name))
  if (unknown !== undefined) throw location(40415, `BSON field 'create.timeseries.${unknown}' is an unknown field.`)
  const { timeField, metaField, granularity } = timeseries
  if (typeof timeField !== 'string')
    throw location(40414, "BSON field 'create.timeseries.timeField' is missing but a required field")
  if (timeField.includes('.')) throw failure('InvalidOptions', "'timeField' must be a top-level field")
  if (metaField === '_id') throw failure('InvalidOptions', '\'metaField\' cannot be "_id"')
  if (metaField === timeField) throw failure('InvalidOptions', "'metaField' and 'timeField' cannot be the same")
  if (granularity !== undefined && !['seconds', 'minutes', 'hours'].includes(String(granularity))) {
    throw failure(
      'BadValue',
      `Enumeration value '${String(granularity)}' for field 'create.timeseries.granularity' is not a valid value.`,
    )
  }
  return { timeField, metaField: typeof metaField === 'string' ? metaField : undefined }
}

const clusteredOf = ({ clusteredIndex: asked }: Doc): Doc | undefined => {
  if (!isDoc(asked)) return undefined
  const { key, unique, name = '_id_', v = 2 } = asked
  if (!isDoc(key) || Object.keys(key).join() !== '_id' || integerOf(key._id) !== 1)
    throw failure('InvalidIndexSpecificationOption', 'The clusteredIndex option only supports the key pattern {_id: 1}')
  if (unique !== true) throw location(5979700, 'The clusteredIndex option requires unique: true to be specified')
  return { v, key, name, unique, clustered: true }
}

const imagesOf = ({ changeStreamPreAndPostImages: images }: Doc): boolean => isDoc(images) && images.enabled === true

const checkCombination = (spec: Doc): void => {
  const { timeseries, clusteredIndex, capped, expireAfterSeconds, encryptedFields } = spec
  if (encryptedFields !== undefined) throw unsupported("the collection option 'encryptedFields'")
  if (expireAfterSeconds !== undefined && timeseries === undefined && clusteredIndex === undefined) {
    throw failure(
      'InvalidOptions',
      "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    )
  }
  if (expireAfterSeconds !== undefined && clusteredIndex !== undefined)
    throw unsupported("the option 'expireAfterSeconds' of a clustered collection")
  if (timeseries !== undefined && (capped === true || clusteredIndex !== undefined || spec.validator !== undefined))
    throw failure('InvalidOptions', 'time-series collections cannot be capped, clustered or have a validator')
  if (capped === true && clusteredIndex !== undefined)
    throw failure('InvalidOptions', "The 'clusteredIndex' option is not supported with capped collections")
}

/** Reads the options of a collection, complete as `create` checked them or as the catalogue kept them. */
export const parseCollectionOptions = (spec: Doc): CollectionOptions => {
  if (Object.keys(spec).length === 0) return noOptions
  checkCombination(spec)
  const clustered = clusteredOf(spec)
  return {
    spec: clustered === undefined ? spec : { ...spec, clusteredIndex: withoutMark(clustered) },
    validation: validationOf(spec),
    cap: capOf(spec),
    timeSeries: timeSeriesOf(spec),
    clustered,
    images: imagesOf(spec),
  }
}

const withoutMark = ({ clustered: _mark, ...spec }: Doc): Doc => spec
